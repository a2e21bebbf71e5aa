import { assert, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { gaussianNoise, noisyMean } from "../../src/privacy/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

// (3 + 1.5 · 2 · 0.5) / 4 = 1.125 and (-1 + 1.5 · 2 · -1) / 4 = -1
testOnBackends(
  "noisyMean() adds sigma C epsilon and divides by the expected units",
  () => {
    const sum = { w: tf.tensor1d([3, -1]) };
    const noise = { w: tf.tensor1d([0.5, -1]) };
    const mean = noisyMean(sum, {
      clip: 2,
      noiseMultiplier: 1.5,
      expectedUnits: 4,
      noise,
    });
    assertClose(mean.w, [1.125, -1], 1e-6);
    tf.dispose([sum, noise, mean]);
  },
);

// 90,000 numbers: the mean is within 5 / 300 and the deviation within 5 / √180,000 of theirs but once in a million times.
testOnBackends(
  "the noise on a gradient has mean 0 and deviation sigma C over the expected units",
  () => {
    const zeros = { a: tf.zeros([300, 200]), b: tf.zeros([30_000]) };
    const noise = gaussianNoise(zeros, randomStream(3, "noise"));
    const mean = noisyMean(zeros, {
      clip: 0.5,
      noiseMultiplier: 1.2,
      expectedUnits: 3,
      noise,
    });
    const deviation = 1.2 * 0.5 / 3;
    const values = [...mean.a.dataSync(), ...mean.b.dataSync()]
      .map((x) => x / deviation);
    const average = values.reduce((sum, x) => sum + x, 0) / values.length;
    const square = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    assert(Math.abs(average) < 5 / 300, `${average}`);
    assert(
      Math.abs(Math.sqrt(square) - 1) < 5 / Math.sqrt(180_000),
      `${square}`,
    );
    const beyond = values.filter((x) => Math.abs(x) > 1.96).length;
    assert(Math.abs(beyond / values.length - 0.05) < 0.004);
    // No two tensors, and no two streams, share their noise.
    const shared = mean.b.dataSync().filter((x, i) =>
      x === mean.a.dataSync()[i]
    );
    assert(shared.length < 5);
    tf.dispose([zeros, noise, mean]);
  },
);

testOnBackends("noisyMean() refuses numbers out of range", () => {
  const w = { w: tf.zeros([1]) };
  const right = { clip: 1, noiseMultiplier: 1, expectedUnits: 1, noise: w };
  for (
    const [name, value] of [["clip", 0], ["noiseMultiplier", -1], [
      "expectedUnits",
      0,
    ]] as const
  ) {
    assertThrows(
      () => noisyMean(w, { ...right, [name]: value }),
      RangeError,
      `'${name}'`,
    );
  }
  tf.dispose(w);
});
