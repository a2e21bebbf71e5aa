import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { recognizer, smallRecognizer } from "../../src/models/mod.ts";
import {
  digestGenerator,
  loadAuditor,
  loadGenerator,
} from "../../src/stages/mod.ts";
import { writePriors } from "../../src/cli/write_priors.ts";
import { testOnBackends } from "../support/backends.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { TINY_SIZE, tinyGenerator } from "../support/tiny_prior.ts";

testOnBackends(
  "writePriors() writes what the readers read, with a card beside it",
  async () => {
    await using folder = await tempFolder();
    const model = recognizer(smallRecognizer({
      height: TINY_SIZE,
      width: TINY_SIZE,
      widths: [8, 8, 8, 32],
      features: 8,
    }));
    const params = model.init(randomStream(5));
    const generator = tinyGenerator();
    await writePriors(
      folder.path,
      [{ world: "faces", generator, auditor: { model, params } }],
      { command: "a test", machine: "a machine", images: "", trainings: [] },
    );
    assertEquals(filesBelow(folder.path), [
      "README.md",
      "auditor.safetensors",
      "autoencoder.safetensors",
      "generator.json",
      "samples.webp",
      "weights-0.safetensors",
    ]);
    const read = await loadGenerator(folder.path);
    assertEquals(read.config, generator.config);
    assert(await digestGenerator(read) !== await digestGenerator(generator)); // half precision
    const auditor = await loadAuditor(folder.path);
    assertEquals(auditor?.model.config, model.config);
    const card = await Deno.readTextFile(`${folder.path}/README.md`);
    assertStringIncludes(card, "Made by `a test`, seed 0, on a machine.");
    read.dispose();
    generator.dispose();
    tf.dispose([params, auditor!.params]);
  },
  { backends: ["wasm"] },
);
