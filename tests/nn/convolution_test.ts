import { assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { convolution } from "../../src/nn/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const sizes: [
  options: { kernel?: number; stride?: number; padding?: number },
  kernel: number,
  output: number,
][] = [
  [{}, 3, 8], // keeps the size
  [{ stride: 2 }, 3, 4], // ⌊(8 + 2 - 3) / 2⌋ + 1
  [{ kernel: 1 }, 1, 8],
  [{ kernel: 5 }, 5, 8],
  [{ kernel: 2, stride: 2, padding: 0 }, 2, 4],
  [{ kernel: 4, stride: 2, padding: 1 }, 4, 4], // ⌊(8 + 2 - 4) / 2⌋ + 1
];

testOnBackends(
  "convolution() names its weights and pads as PyTorch does",
  () => {
    for (const [options, kernel, output] of sizes) {
      const layer = convolution("stem", { inputs: 3, outputs: 5, ...options });
      using params = owned(layer.init(randomStream(1)));
      assertEquals(
        Object.entries(params.value).map(([name, w]) => [name, w.shape]),
        [["stem.weight", [kernel, kernel, 3, 5]], ["stem.bias", [5]]],
      );
      using y = owned(
        tf.tidy(() => layer.apply(params.value, tf.zeros([2, 8, 8, 3]))),
      );
      assertEquals(y.value.shape, [2, output, output, 5]);
    }
  },
);

testOnBackends(
  "convolution() with a unit kernel is a dense layer per pixel",
  () => {
    const layer = convolution("mix", { inputs: 2, outputs: 1, kernel: 1 });
    tf.tidy(() => {
      const params = {
        "mix.weight": tf.tensor4d([2, -1], [1, 1, 2, 1]),
        "mix.bias": tf.tensor1d([10]),
      };
      const x = tf.tensor4d([1, 2, 3, 4], [1, 1, 2, 2]);
      assertClose(layer.apply(params, x).reshape([2]), [10, 12]);
    });
  },
);

testOnBackends(
  "convolution() begins He-normal by fan-in, times its gain",
  () => {
    const spread = (gain: number) => {
      const layer = convolution("c", {
        inputs: 64,
        outputs: 32,
        gain,
        bias: false,
      });
      using params = owned(layer.init(randomStream(5)));
      assertEquals(Object.keys(params.value), ["c.weight"]);
      const values = Array.from<number>(params.value["c.weight"].dataSync());
      return Math.sqrt(values.reduce((a, b) => a + b * b, 0) / values.length);
    };
    const he = Math.sqrt(2 / (9 * 64));
    // A spread is estimated within 1 / √(2n), n = 18,432; five of these.
    assertClose(spread(1) / he, 1, 5 / Math.sqrt(2 * 18432));
    assertClose(spread(0.1) / he, 0.1, 0.5 / Math.sqrt(2 * 18432));
  },
);
