import { assert, assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { MemoryBank } from "../../src/rewards/mod.ts";
import { CLASS_TABLE } from "../../src/stages/condition_latents.ts";
import {
  conditionLatents,
  generate,
  identityGenerator,
  reinforce,
  sampleIdentities,
} from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyEmbedder, tinyGenerator } from "../support/tiny_prior.ts";

/** Latents of the generator's own classes. */
function ownLatents(table: tf.Tensor, classes: number): Float32Array {
  return tf.tidy(() => {
    const rows = tf.slice(table, [0, 0], [classes, table.shape[1]!]);
    const centred = tf.sub(rows, tf.mean(rows, 0));
    const variance = tf.div(
      tf.sum(tf.square(centred)),
      (classes - 1) * table.shape[1]!,
    );
    return tf.div(centred, tf.sqrt(variance)).dataSync() as Float32Array;
  });
}

testOnBackends(
  "identityGenerator() of a generator's own classes draws the same",
  async () => {
    const generator = tinyGenerator();
    const latents = ownLatents(generator.params.dit[CLASS_TABLE], 3);
    const names = ["x", "y", "z"];
    const again = identityGenerator(generator, { latents, names });
    assertClose(
      again.params.dit[CLASS_TABLE],
      generator.params.dit[CLASS_TABLE],
      1e-5,
    );
    const options = { imagesPerIdentity: 1, samplingSteps: 2, chunk: 3 };
    const [a, b] = [
      await generate(generator, options),
      await generate(again, options),
    ];
    assertEquals(b.identities, names);
    assertClose(b.images, a.images, 1e-3);
    // With noise behind each condition: 2 x 2 x 4 numbers that no class has.
    const width = latents.length / 3;
    const long = names.flatMap((_, i) => [
      ...latents.subarray(i * width, (i + 1) * width),
      ...new Array(16).fill(i),
    ]);
    const same = identityGenerator(generator, { latents: long, names });
    assertClose(
      same.params.dit[CLASS_TABLE],
      again.params.dit[CLASS_TABLE],
      1e-6,
    );
    same.dispose();
    assertThrows(
      () => identityGenerator(generator, { latents, names: ["x"] }),
      TypeError,
      "'latents'",
    );
    again.dispose();
    generator.dispose();
  },
);

testOnBackends(
  "identities of Langevin are refined by the rewards, their reference as prototype",
  async () => {
    const generator = tinyGenerator();
    const embedder = await tinyEmbedder();
    {
      using model = conditionLatents(generator, { samplingSteps: 2 });
      const latents: number[] = [];
      const features: number[] = [];
      const labels: number[] = [];
      const names: string[] = [];
      const sampled = sampleIdentities(model, embedder, {
        count: 2,
        steps: 2,
        variations: { count: 3, steps: 1 },
      });
      for await (const { number, ...identity } of sampled) {
        latents.push(...identity.latents.subarray(0, model.dimensions));
        features.push(...identity.embeddings);
        labels.push(...Array.from({ length: 4 }, () => number));
        names.push(`nobody ${number}`);
      }
      const rows = tf.tensor2d(features, [8, embedder.width]);
      using bank = MemoryBank.fromFeatures(rows, labels, {
        identities: names,
        fingerprint: embedder.fingerprint,
      });
      rows.dispose();
      const nobody = identityGenerator(generator, { latents, names });
      const rewards: number[] = [];
      const tuned = await reinforce(nobody, {
        bank,
        embedder,
        steps: 1,
        identities: 2,
        samples: 3,
        samplingSteps: 2,
        onStep: (_done, _steps, { semantic }) => void rewards.push(semantic),
      });
      assertEquals(tuned.config.identities, names);
      assert(rewards[0] > 0 && rewards[0] <= 1);
      tuned.dispose();
      nobody.dispose();
    }
    embedder[Symbol.dispose]();
    generator.dispose();
  },
);
