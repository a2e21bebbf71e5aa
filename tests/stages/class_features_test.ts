import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import {
  featureWeights,
  mergeFeatures,
} from "../../src/stages/class_features.ts";
import { type LatentSet, trainDenoiser } from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyGenerator } from "../support/tiny_prior.ts";

const TABLE = "y_embedder.embedding_table.weight";

const latents = (): LatentSet => ({
  values: Float32Array.from({ length: 6 * 16 }, (_, i) => Math.sin(i)),
  shape: [2, 2, 4],
  count: 6,
  labels: Int32Array.of(0, 1, 2, 0, 1, 2),
});

testOnBackends(
  "mergeFeatures() adds mapped features to the table, nothing to the null class",
  () => {
    const { dit, dispose } = tinyGenerator();
    tf.tidy(() => {
      const data = Float32Array.of(1, 2, -1, 0, 0, 3);
      const { known, map } = featureWeights({ data, width: 2 }, dit);
      const [name] = Object.keys(map);
      // Row k of the map is k + 1 everywhere.
      const filled = tf.mul(tf.ones([2, 32]), tf.tensor2d([1, 2], [2, 1]));
      const table = tf.fill([4, 32], 0.5);
      const merged = mergeFeatures({
        [TABLE]: table,
        ...known,
        [name]: filled,
      });
      assertEquals(Object.keys(merged), [TABLE]);
      const column = tf.slice(merged[TABLE], [0, 7], [4, 1]);
      // 0.5 + 1 + 4, 0.5 - 1, 0.5 + 6, 0.5
      assertClose(column, tf.tensor2d([5.5, -0.5, 6.5, 0.5], [4, 1]), 1e-6);
    });
    dispose();
  },
);

testOnBackends(
  "trainDenoiser() with class features moves equal classes alike, and returns a plain table",
  async () => {
    const generator = tinyGenerator();
    const trained = await trainDenoiser(generator, latents(), {
      name: "a test's denoiser",
      steps: 3,
      rate: 1e-2,
      batchSize: 6,
      labelDropout: 0,
      // The table itself stays: what it becomes is the map's doing.
      trainable: /^final_layer/,
      average: 0,
      classFeatures: { data: Float32Array.of(1, 0, 1), width: 1 },
    });
    assertEquals(
      Object.keys(trained).sort(),
      Object.keys(generator.params.dit).sort(),
    );
    const moved = tf.tidy(() =>
      tf.sub(trained[TABLE], generator.params.dit[TABLE]).arraySync()
    ) as number[][];
    assert(moved[0].some((x) => x !== 0));
    moved[0].forEach((x, i) => assert(Math.abs(x - moved[2][i]) < 1e-6));
    assert(moved[1].every((x) => x === 0)); // its feature is 0
    assert(moved[3].every((x) => x === 0)); // nobody
    tf.dispose(trained);
    generator.dispose();
  },
);

Deno.test("Class features that are not as many as the classes are refused", async () => {
  const { dit } = tinyGenerator();
  const data = new Float32Array(5);
  assertThrows(
    () => featureWeights({ data, width: 2 }, dit),
    RangeError,
    "must be 2 numbers for each of 3 classes: current value is 5 numbers",
  );
  const generator = tinyGenerator();
  await assertRejects(
    () =>
      trainDenoiser(generator, latents(), {
        name: "a test's denoiser",
        steps: 1,
        rate: 1e-3,
        classFeatures: { data, width: 2 },
      }),
    RangeError,
  );
  generator.dispose();
});
