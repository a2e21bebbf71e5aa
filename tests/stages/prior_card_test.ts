import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeImage, readImageSize } from "../../src/io/mod.ts";
import { priorCard, priorPicture, renderPeople } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { TINY_SIZE, tinyGenerator } from "../support/tiny_prior.ts";

testOnBackends(
  "priorPicture() has ten people in columns, rendered above four samples",
  async () => {
    // Every seventh class is shown, so that there is somebody else between.
    const names = Array.from({ length: 64 }, (_, i) => `face-${i}`);
    const prior = tinyGenerator(names);
    const file = await priorPicture(prior, "faces", { samplingSteps: 1 });
    const [height, width] = [5 * TINY_SIZE, 10 * TINY_SIZE];
    assertEquals(await readImageSize(file), { height, width });
    const { pixels } = await decodeImage(file);
    const people = await renderPeople({
      identities: 8,
      imagesPerIdentity: 1,
      size: TINY_SIZE,
      seed: 0,
    });
    // The second column's first row is person 7.
    const line = TINY_SIZE * 3;
    const top = pixels.subarray(line, 2 * line);
    const own = people.images.subarray(7 * TINY_SIZE * line);
    // Lossy, so alike on the whole.
    const difference = own.slice(0, line)
      .reduce((sum, x, i) => sum + Math.abs(x - top[i]), 0) / line;
    assert(difference < 0.1, `${difference}`);
    prior.dispose();
  },
  { backends: ["wasm"] },
);

Deno.test("priorCard() tells command, trainings and measures of each world", () => {
  const card = priorCard({
    command: "deno task pretrain",
    seed: 3,
    machine: "2 cores",
    images: "1000 people.",
    trainings: [
      { part: "autoencoder", steps: 3000, loss: 0.09487, minutes: 15.6 },
      { part: "decoder", steps: 20, loss: 0.5 },
    ],
    worlds: [{
      world: "faces",
      weights: { autoencoder: 1_426_508, dit: 3_259_040 },
      measures: {
        reconstruction: 0.0412,
        rendered: { verification: 0.951, identification: 0.9 },
        generated: { verification: 0.8765, identification: 0.5 },
      },
      picture: "samples.png",
      sampling: "25 transitions",
    }],
  });
  for (
    const part of [
      "`deno task pretrain`, seed 3, on 2 cores",
      "| autoencoder | 3,000 | 0.095 | 16 |",
      "| decoder | 20 | 0.500 |  |",
      "## Faces",
      "](samples.png)",
      "3.3 million weights of the transformer, 1.4 million of the autoencoder",
      "| 95.1 % | 87.6 % |",
      "| 90.0 % | 50.0 % |",
      "error of 0.041",
    ]
  ) assertStringIncludes(card, part);
});
