import { assertEquals } from "@std/assert";
import { writeSafetensors } from "../../src/io/mod.ts";
import { runCommand } from "../support/command_line.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { goldenBytes } from "../io/torch_files.ts";

Deno.test("outis inspect tells format, groups, tensors and what is passed over", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await Deno.writeFile(`${path}/a.pt`, await goldenBytes("training"));
  const all = await runCommand(["inspect", "a.pt"], path);
  assertEquals([all.code, all.errors], [0, []]);
  assertEquals(all.output, [
    "format    PyTorch zip",
    "content   5 tensors (5 F32), 273 values, 1.1 kB",
    "groups    model, ema",
    "group     *",
    "metadata  epoch: 7",
    "skipped   opt (a dict of 2)",
    "skipped   args (argparse.Namespace)",
    "model/module.weight  F32  [8, 16]",
    "model/module.bias    F32  [8]",
    "ema/weight           F32  [8, 16]",
    "ema/bias             F32  [8]",
    "best                 F32  []",
  ]);
  const one = await runCommand(["inspect", "a.pt", "--group", "model"], path);
  assertEquals(one.output.slice(3, 5), [
    "group     model",
    "prefix    module. (taken off all names)",
  ]);
});

Deno.test("outis inspect --json is for programs, --check finds what is not finite", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await writeSafetensors(`${path}/a.safetensors`, {
    a: { shape: [2, 1], data: new Float32Array([NaN, Infinity]) },
    b: { shape: [1], data: new Float32Array([1]) },
  }, { metadata: { origin: "here" } });
  const args = ["inspect", "a.safetensors", "--json", "--check"];
  const { code, output } = await runCommand(args, path);
  assertEquals(code, 0);
  assertEquals(JSON.parse(output.join("\n")), {
    format: "safetensors",
    group: "",
    groups: [""],
    prefix: "",
    metadata: { origin: "here" },
    skipped: [],
    count: 2,
    values: 3,
    notFinite: { a: 2 },
    tensors: [
      { name: "a", dtype: "F32", shape: [2, 1] },
      { name: "b", dtype: "F32", shape: [1] },
    ],
  });
});

Deno.test("outis inspect refuses what is no file of weights, and runs nothing", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await Deno.writeFile(`${path}/evil.pt`, await goldenBytes("eval"));
  await Deno.writeTextFile(`${path}/a.safetensors`, "<html>Not found</html>");
  const cases: [string[], string][] = [
    [["evil.pt"], "must be free of calls to unknown code"],
    [["a.safetensors"], "is a web page"],
    [[], "must be FILE and options: current value is nothing"],
    [["a", "b"], "must be FILE and options"],
  ];
  for (const [args, sentence] of cases) {
    const end = await runCommand(["inspect", ...args], path);
    assertEquals([end.code, end.output, end.errors.length], [2, [], 1]);
    assertEquals(end.errors[0].includes(sentence), true, end.errors[0]);
  }
});
