import { assertEquals } from "@std/assert";
import { openWeights, writeSafetensors } from "../../src/io/mod.ts";
import { runCommand } from "../support/command_line.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { goldenBytes } from "../io/torch_files.ts";

Deno.test("outis convert turns a checkpoint into safetensors, once and whole", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await Deno.writeFile(`${path}/a.pt`, await goldenBytes("training"));
  const convert = (...args: string[]) => runCommand(["convert", ...args], path);
  const out = "b.safetensors";

  const dry = await convert("a.pt", out, "--group", "ema", "--dry-run");
  assertEquals([dry.code, dry.output], [0, [
    "weight  F32  [8, 16]",
    "bias    F32  [8]",
    `2 tensors (2 F32), 136 values, 544 bytes would be written to ${out}`,
  ]]);
  assertEquals(filesBelow(path), ["a.pt"]);

  const done = await convert("a.pt", "--group=model", "--dtype", "F16", out);
  assertEquals([done.code, done.output], [0, [out]]);
  assertEquals(done.errors.slice(0, 4), [
    "Left out: ema (2 tensors)",
    "Left out: the top (1 tensors)",
    "Left out: opt (a dict of 2)",
    "Left out: args (argparse.Namespace)",
  ]);
  {
    using file = await openWeights(`${path}/${out}`);
    assertEquals(file.entries.map(({ name, dtype }) => [name, dtype]), [
      ["bias", "F16"],
      ["weight", "F16"],
    ]);
  }
  const again = await convert("a.pt", out, "--group", "ema");
  assertEquals([again.code, again.errors], [2, [
    `Cannot convert weights as 'OUT' must be a new file, unless --force is given: current value is ${out}, which is there`,
  ]]);
  assertEquals(
    (await convert("a.pt", out, "--group", "ema", "--force")).code,
    0,
  );
  assertEquals(filesBelow(path), ["a.pt", out]);
});

Deno.test("outis convert refuses what is wrong in one sentence, and writes nothing", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await Deno.writeFile(`${path}/evil.pt`, await goldenBytes("system"));
  await Deno.writeFile(`${path}/two.pt`, await goldenBytes("training"));
  await writeSafetensors(`${path}/large.safetensors`, {
    a: { shape: [1], data: new Float32Array([1e6]) },
  });
  const before = filesBelow(path);
  const cases: [string[], string][] = [
    [["evil.pt", "b.safetensors"], "current value is posix.system"],
    [["two.pt", "b.safetensors"], "'group' must be one of model, ema"],
    [["none.pt", "b.safetensors"], "No such file"],
    [["two.pt", "b.pt"], "a name that ends in .safetensors"],
    [["two.pt", "no/b.safetensors"], "in a folder that is there"],
    [["two.pt"], "must be IN OUT and options: current value is two.pt"],
    [["a", "b", "c"], "must be IN OUT and options"],
    [["two.pt", "b.safetensors", "--dtype", "I8"], "one of F32, F16, BF16"],
    [["large.safetensors", "b.safetensors", "--dtype=F16"], "at most 65504"],
  ];
  const ends = await Promise.all(
    cases.map(([args]) => runCommand(["convert", ...args], path)),
  );
  ends.forEach(({ code, output, errors }, i) => {
    assertEquals([code, output, errors.length], [2, [], 1], errors.join("\n"));
    assertEquals(errors[0].includes(cases[i][1]), true, errors[0]);
  });
  assertEquals(filesBelow(path), before);
  const help = await runCommand(["convert", "--help"], path);
  assertEquals(help.code, 0);
  assertEquals(
    help.output[1],
    "Usage: deno task outis convert IN OUT [options]",
  );
});
