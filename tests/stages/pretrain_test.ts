import { assert, assertEquals, assertRejects } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import {
  encodeImages,
  generate,
  type Generator,
  pretrain,
} from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { tinyFaces, tinyPrior } from "../support/tiny_prior.ts";

/** All weights' values by name. */
function valuesOf(generator: Generator): { [name: string]: number[] } {
  const { autoencoder, dit } = generator.params;
  return Object.fromEntries(
    Object.entries({ ...autoencoder, ...dit }).map((
      [name, w],
    ) => [name, [...w.dataSync()]]),
  );
}

testOnBackends(
  "pretrain() makes a generator of its people from nothing but a seed",
  async () => {
    const prior = await tinyPrior();
    const { config } = prior;
    assertEquals(config.identities, [
      "face-0000",
      "face-0001",
      "face-0002",
      "face-0003",
    ]);
    assertEquals([config.dit.height, config.dit.width], [2, 2]);
    assertEquals([config.dit.channels, config.dit.classes], [4, 4]);
    assertEquals(config.dit.hidden, 32);
    assertEquals(config.diffusion.prediction, "velocity");
    const drawn = await generate(prior, {
      imagesPerIdentity: 1,
      samplingSteps: 2,
    });
    assertEquals(drawn.count, 4);
    assert(drawn.images.every((x) => x >= -1 && x <= 1));

    const again = await tinyPrior();
    assertEquals(valuesOf(again), valuesOf(prior));
    assertEquals(again.config, config);
    again.dispose();
    prior.dispose();
  },
);

testOnBackends(
  "pretrain() scales latents to a standard deviation of 1",
  async () => {
    const prior = await tinyPrior();
    const { scale } = prior.config.autoencoder;
    assert(scale !== 1 && Number.isFinite(scale));
    // The very people it was trained on, but not as bytes; their mirror images count little.
    const faces = tinyFaces(4, 3, { seed: 0 });
    const latents = await encodeImages(prior, faces);
    const half = latents.values.subarray(0, latents.values.length / 2);
    const deviation = tf.tidy(() =>
      Math.sqrt(tf.moments(tf.tensor1d(half)).variance.dataSync()[0])
    );
    assert(Math.abs(deviation - 1) < 5e-3, `${deviation}`);
    prior.dispose();
  },
);

testOnBackends(
  "pretrain() that is stopped and resumed comes to the same weights",
  async () => {
    await using folder = await tempFolder();
    const checkpoints = folder.path;
    const whole = await tinyPrior();
    for (
      const stop of [
        "faces, images",
        "autoencoder",
        "decoder",
        "faces, denoiser",
      ]
    ) {
      const controller = new AbortController();
      await assertRejects(
        () =>
          tinyPrior({
            checkpoints,
            signal: controller.signal,
            onStep: (part) => {
              if (part === stop) controller.abort(new Error("enough"));
            },
          }),
        Error,
        "enough",
      );
    }
    assertEquals(filesBelow(checkpoints), [
      "autoencoder.safetensors",
      "critic-faces.safetensors",
      "decoder.safetensors",
      "denoiser-faces.safetensors",
    ]);
    const resumed = await tinyPrior({ checkpoints });
    assertEquals(valuesOf(resumed), valuesOf(whole));
    assertEquals(resumed.config, whole.config);
    whole.dispose();
    resumed.dispose();
  },
);

testOnBackends(
  "pretrain() makes a prior of each world around one autoencoder",
  async () => {
    const [faces, pedestrians] = await pretrain({
      identities: 3,
      imagesPerIdentity: 2,
      textures: 4,
      autoencoderSteps: 1,
      decoderSteps: 0,
      denoiserSteps: 2,
      autoencoder: { height: 16, widths: [8, 8, 8], latentChannels: 4 },
      dit: { patch: 1, hidden: 32, depth: 1, heads: 2 },
    });
    const latentsOf = ({ config: { dit } }: Generator) => [
      dit.height,
      dit.width,
    ];
    assertEquals([latentsOf(faces), latentsOf(pedestrians)], [[2, 2], [2, 1]]);
    assertEquals(pedestrians.config.identities[2], "pedestrian-0002");
    const weights = [faces, pedestrians].map(({ params }) =>
      Object.entries(params.autoencoder)
        .map(([name, w]) => [name, [...w.dataSync()]])
    );
    assertEquals(weights[0], weights[1]);
    // Each owns its own: one may go before the other.
    faces.dispose();
    const drawn = await generate(pedestrians, {
      imagesPerIdentity: 1,
      samplingSteps: 2,
    });
    assertEquals([drawn.height, drawn.width], [16, 8]);
    pedestrians.dispose();
  },
);

Deno.test("pretrain() refuses worlds that are none, and no world at all", async () => {
  await assertRejects(
    () => pretrain({ worlds: ["birds" as "faces"] }),
    RangeError,
    `'worlds' must be one of "faces", "pedestrians": current value is "birds"`,
  );
  await assertRejects(() => pretrain({ worlds: [] }), RangeError, "'worlds'");
});
