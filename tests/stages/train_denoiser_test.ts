import { assert, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import {
  type LatentSet,
  trainDenoiser,
  type TrainDenoiserOptions,
} from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyGenerator } from "../support/tiny_prior.ts";

/** Latents of three people: one of zeros, one of ones, one of minus ones, and a little noise. */
function latents(): LatentSet {
  const count = 30;
  const noise = randomStream(1, "latents").normals(count * 16);
  return {
    values: noise.map((x, i) => 0.1 * x + [0, 1, -1][Math.floor(i / 16) % 3]),
    shape: [2, 2, 4],
    count,
    labels: Int32Array.from({ length: count }, (_, i) => i % 3),
  };
}

function options(more: Partial<TrainDenoiserOptions>): TrainDenoiserOptions {
  return {
    name: "a test's denoiser",
    steps: 3,
    rate: 3e-3,
    batchSize: 16,
    ...more,
  };
}

testOnBackends("trainDenoiser() learns", async () => {
  const generator = tinyGenerator();
  const losses: number[] = [];
  const trained = await trainDenoiser(
    generator,
    latents(),
    options({
      steps: 60,
      onStep: (_done, _steps, { loss }) => void losses.push(loss),
    }),
  );
  const mean = (values: number[]) =>
    values.reduce((a, b) => a + b) / values.length;
  const [first, last] = [mean(losses.slice(0, 10)), mean(losses.slice(-10))];
  assert(last < 0.7 * first, `${first} -> ${last}`);
  tf.dispose(trained);
  generator.dispose();
});

testOnBackends(
  "trainDenoiser() returns the moving average of the weights, warmed up",
  async () => {
    const generator = tinyGenerator();
    const bias = "final_layer.linear.bias";
    const at = async (steps: number, average: number) => {
      const trained = await trainDenoiser(
        generator,
        latents(),
        options({ steps, average }),
      );
      const values = [...trained[bias].dataSync()];
      tf.dispose(trained);
      return values;
    };
    const start = [...generator.params.dit[bias].dataSync()];
    const [first, second] = [await at(1, 0), await at(2, 0)];
    // Decays are 1 / 10, then 2 / 11.
    const expected = start.map((w, i) => {
      const average = w / 10 + first[i] * 9 / 10;
      return average * 2 / 11 + second[i] * 9 / 11;
    });
    assertClose(await at(2, 0.999), expected, 1e-6);
    assert(second.some((w, i) => Math.abs(w - expected[i]) > 1e-4));
    generator.dispose();
  },
);

testOnBackends("500 jitted steps hold neither tensors nor memory", async () => {
  const generator = tinyGenerator();
  const tensors = new Set<number>();
  const resident: number[] = [];
  const trained = await trainDenoiser(
    generator,
    latents(),
    options({
      steps: 500,
      onStep: (done) => {
        if (done > 1) tensors.add(tf.memory().numTensors);
        if (done === 100 || done === 500) {
          resident.push(Deno.memoryUsage().rss);
        }
      },
    }),
  );
  assertEquals(tensors.size, 1, `${[...tensors]}`);
  // Weights, two moments and their average are 0.5 MB; kept at every step they would be 200 MB.
  const size = Object.values(trained).reduce((sum, { size }) => sum + size, 0);
  assert(4 * 4 * size > 4e5);
  const growth = (resident[1] - resident[0]) / 1e6;
  assert(growth < 50, `${growth} MB more after 400 steps`);
  tf.dispose(trained);
  generator.dispose();
}, { backends: ["tensorflow"] });
