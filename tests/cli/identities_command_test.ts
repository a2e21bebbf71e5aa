import { assert, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { tf, useBackend } from "../../src/engine/mod.ts";
import { recognizer, smallRecognizer } from "../../src/models/mod.ts";
import {
  exportImages,
  saveAuditor,
  saveGenerator,
} from "../../src/stages/mod.ts";
import { complaints, runCommand } from "../support/command_line.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { TINY_SIZE, tinyFaces, tinyGenerator } from "../support/tiny_prior.ts";

/** A generator of random weights with an untrained auditor beside it. */
async function savePrior(folder: string): Promise<void> {
  await useBackend("wasm");
  const generator = tinyGenerator();
  await saveGenerator(folder, generator);
  generator.dispose();
  const model = recognizer(smallRecognizer({
    height: TINY_SIZE,
    width: TINY_SIZE,
    widths: [8, 8, 8, 32],
    features: 8,
  }));
  const params = model.init(randomStream(5));
  await saveAuditor(folder, { model, params });
  tf.dispose(params);
}

Deno.test("outis identities samples, keeps away from photographs, and has nothing left to do when called again", async () => {
  await using folder = await tempFolder();
  await savePrior(`${folder.path}/prior`);
  const faces = tinyFaces(2, 1);
  faces.paths = faces.paths.map((path) => `${path}.png`);
  await exportImages(faces, `${folder.path}/real`, {
    description: "A procedural face",
    manifest: {},
  });
  await Deno.remove(`${folder.path}/real/manifest.json`);
  const args = [
    ["--prior", "prior", "--backend", "wasm", "--out", "run"],
    ["--count", "2", "--variations", "2", "--steps", "2"],
    ["--sampling-steps", "1", "--avoid", "real", "--radius", "0.001"],
  ].flat();
  const first = await runCommand(["identities", ...args], folder.path);
  assertEquals([first.code, first.output], [0, ["run/report.html"]]);
  const pictures = filesBelow(`${folder.path}/run/synthetic`);
  assertEquals(pictures.length, 7);
  const report = await Deno.readTextFile(`${folder.path}/run/report.html`);
  assert(report.includes("2 images of 2 real people"));
  const again = await runCommand(["identities", ...args], folder.path);
  assertEquals([again.code, again.output], [0, ["run/report.html"]]);
  const other = await runCommand(
    ["identities", ...args, "--seed", "1"],
    folder.path,
  );
  assertEquals(other.code, 2);
  assert(other.errors.at(-1)?.includes("Cannot"));
});

Deno.test("outis identities refuses what makes no sense", async () => {
  await using folder = await tempFolder();
  const refused: [string[], string][] = [
    [["--algorithm", "magic"], "'--algorithm' must be one of"],
    [
      ["--algorithm", "langevin", "--variations", "3"],
      "'--variations' must be left out",
    ],
    [["--radius", "0.5"], "'--radius' must be left out without --avoid"],
    [["--avoid", "x", "--radius", "5"], "'--radius' must be an angle"],
    [["--distance", "far"], "'--distance' must be an angle"],
  ];
  const ended = await Promise.all(
    refused.map(([args]) => runCommand(["identities", ...args], folder.path)),
  );
  for (const [i, result] of ended.entries()) {
    assertEquals(result.code, 2);
    assert(complaints(result).at(-1)?.includes(refused[i][1]), refused[i][1]);
  }
});
