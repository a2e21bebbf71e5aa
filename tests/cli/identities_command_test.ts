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

Deno.test("outis identities refines by rewards, and all of it can be exported", async () => {
  await using folder = await tempFolder();
  await savePrior(`${folder.path}/prior`);
  const args = [
    ["--prior", "prior", "--backend", "wasm", "--out", "run"],
    ["--algorithm", "dispersion", "--count", "2", "--variations", "2"],
    ["--steps", "1", "--sampling-steps", "2", "--refine", "1"],
  ].flat();
  const { code, errors } = await runCommand(
    ["identities", ...args],
    folder.path,
  );
  assertEquals(code, 0, errors.join("\n"));
  const report = await Deno.readTextFile(`${folder.path}/run/report.html`);
  assert(report.includes("Refined by the rewards"));
  for (const [run, count] of [["run", 6], ["run/refined", 16]] as const) {
    const out = run.replace("/", "-") + "-exported";
    const exported = await runCommand(
      ["export", "--run", run, "--out", out],
      folder.path,
    );
    assertEquals(exported.code, 0, exported.errors.join("\n"));
    const pictures = filesBelow(`${folder.path}/${out}`)
      .filter((path) => path.endsWith(".png"));
    assertEquals(pictures.length, count);
    const bytes = await Deno.readFile(`${folder.path}/${out}/${pictures[0]}`);
    // Every picture says that it is synthetic, and whose it is.
    const text = new TextDecoder("latin1").decode(bytes);
    assert(text.includes("trainedAlgorithmicMedia"));
    assert(text.includes("identity-00000"));
  }
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
    [["--truncation", "2"], "'--truncation' must be in (0, 1]"],
    [["--latents", "pixels"], "'--latents' must be one of"],
    [
      ["--latents", "autoencoder", "--refine", "1"],
      "'--refine' must be left out",
    ],
  ];
  const ended = await Promise.all(
    refused.map(([args]) => runCommand(["identities", ...args], folder.path)),
  );
  for (const [i, result] of ended.entries()) {
    assertEquals(result.code, 2);
    assert(complaints(result).at(-1)?.includes(refused[i][1]), refused[i][1]);
  }
});
