import { assert, assertEquals } from "@std/assert";
import { tf, useBackend } from "../../src/engine/mod.ts";
import { loadEmbedder } from "../../src/stages/mod.ts";
import {
  type EndedCommand,
  runCommand,
  startCommand,
} from "../support/command_line.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { writePeople } from "./target_folder.ts";

/** The sentences that say what is wrong; there is no trace of a stack. */
function refusals({ errors }: EndedCommand): string[] {
  assert(!errors.some((line) => line.startsWith("    at ")), errors.join("\n"));
  return errors.filter((line) => line.startsWith("Cannot "));
}

const size = ["--height", "32", "--network", "small"];
const common = ["--backend", "wasm", "--batch", "8", ...size];

Deno.test("a training that is interrupted goes on to the same recogniser, which loads by its path", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await useBackend("wasm");
  await writePeople(`${path}/people`, 4, 3);
  await writePeople(`${path}/drawn`, 4, 2);
  const args = ["train", "--data", "people", "--synthetic", "drawn"]
    .concat(common, ["--selection", "lookahead", "--steps", "8"]);
  const whole = await runCommand([...args, "--out", "whole"], path);
  assertEquals(whole.code, 0, whole.errors.join("\n"));
  assertEquals(whole.output, ["whole/recognizer.safetensors"]);
  assert(
    whole.errors.some((line) =>
      line.startsWith(
        "Trains on 12 real images of 4 identities and 8 synthetic ones",
      )
    ),
  );

  const cut = startCommand([...args, "--out", "cut"], path);
  const log = `${path}/cut/metrics.jsonl`;
  while (!(await Deno.readTextFile(log).catch(() => "")).includes('"step":2')) {
    await new Promise((next) => setTimeout(next, 10));
  }
  cut.kill("SIGINT");
  const { code, errors } = await cut.end;
  assert(code === 130 || code === 0, errors.join("\n")); // it may have been quicker
  const again = await runCommand([...args, "--out", "cut"], path);
  assertEquals([again.code, again.output], [0, ["cut/recognizer.safetensors"]]);
  assertEquals(
    await Deno.readFile(`${path}/cut/recognizer.safetensors`),
    await Deno.readFile(`${path}/whole/recognizer.safetensors`),
  );
  const steps = (await Deno.readTextFile(log)).trim().split("\n")
    .map((line) => JSON.parse(line).step);
  assertEquals(steps, [1, 2, 3, 4, 5, 6, 7, 8]);

  const other = await runCommand(
    [...args, "--out", "cut", "--erase", "0.5"],
    path,
  );
  assertEquals(other.code, 2);
  assert(
    refusals(other)[0].includes(
      "'configuration.erase' must be null as in the run to resume",
    ),
  );

  using embedder = await loadEmbedder(`${path}/cut/recognizer.safetensors`);
  const features = embedder.embed(tf.zeros([1, 32, 32, 3]));
  assertEquals(features.shape, [1, 128]);
  features.dispose();
});

Deno.test("what cannot be trained is refused in one sentence, and nothing is written", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await writePeople(`${path}/people`, 3, 2);
  const before = filesBelow(path);
  for (
    const [args, sentence] of [
      [[], "'--data' or '--synthetic' must be a folder of images"],
      [["--data", "nowhere"], "nowhere"],
      [["--data", "people", "--hold-out", "2"], "'real.identities.length'"],
      [["--data", "people", "--identities", "9"], "'identities'"],
      [["--data", "people", "--start", "people/face-0000/000.png"], "weights"],
      [
        ["--synthetic", "people", "--selection", "lookahead"],
        "'--selection' must come with both --data and --synthetic",
      ],
    ] as [string[], string][]
  ) {
    const batch = args.includes("--identities") ? [] : ["--batch", "4"];
    const end = await runCommand(
      ["train", "--backend", "wasm", "--steps", "1", ...size]
        .concat(batch, args),
      path,
    );
    const said = refusals(end);
    assertEquals([end.code, said.length], [2, 1], end.errors.join("\n"));
    assert(
      said[0].includes(sentence),
      said[0],
    );
    assertEquals(filesBelow(path), before);
  }
});
