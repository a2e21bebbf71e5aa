import { assert, assertEquals, assertThrows } from "@std/assert";
import { attention, conv2d, jit, linear, tf } from "../../src/engine/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const draw = (key: string, shape: number[]) =>
  tf.tensor(
    randomStream(1).fork(key).normals(shape.reduce((a, b) => a * b)),
    shape,
  );

// 1 + 2^-8 lies between two numbers of 8 bits, 1 and 1 + 2^-7, and goes to the even one.
const ODD = 1 + 2 ** -8;

testOnBackends(
  "jit() with bfloat16 rounds what goes into products, and nothing else",
  () => {
    const product = jit(
      (x: tf.Tensor2D, w: tf.Tensor2D) => ({
        product: tf.matMul(x, w),
        sum: tf.add(x, w),
      }),
      { precision: "bfloat16" },
    );
    tf.tidy(() => {
      const { product: y, sum } = product(
        tf.tensor2d([[ODD]]),
        tf.tensor2d([[3]]),
      ) as { product: tf.Tensor; sum: tf.Tensor };
      assertEquals(y.dataSync()[0], 3);
      assertEquals(sum.dataSync()[0], ODD + 3);
      assertEquals(y.dtype, "float32");
    });
    product.dispose();
  },
  { backends: ["tensorflow"] },
);

testOnBackends(
  "jit() with bfloat16 is close to float32 in layers, attention and convolutions, and their gradients",
  (backend) => {
    const layers = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor, k: tf.Tensor) => {
      const h = linear(x, w as tf.Tensor2D, b as tf.Tensor1D); // [2, 16, 32]
      const heads = tf.reshape(h, [2, 1, 16, 32]) as tf.Tensor4D;
      const y = attention(heads, heads, heads);
      const image = tf.reshape(y, [2, 4, 4, 32]) as tf.Tensor4D;
      return conv2d(image, k as tf.Tensor4D, {
        padding: 1,
        bias: b as tf.Tensor1D,
      });
    };
    const withGradients = (...inputs: tf.Tensor[]) => ({
      y: layers(...inputs as Parameters<typeof layers>),
      slopes: tf.grads((...all: tf.Tensor[]) =>
        tf.sum(layers(...all as Parameters<typeof layers>))
      )(inputs),
    });
    const exact = jit(withGradients);
    const rounded = jit(withGradients, { precision: "bfloat16" });
    tf.tidy(() => {
      const inputs = [
        draw("x", [2, 16, 8]),
        tf.mul(draw("w", [8, 32]), 0.3),
        draw("b", [32]),
        tf.mul(draw("k", [3, 3, 32, 32]), 0.06),
      ];
      const [a, b] = [exact(...inputs), rounded(...inputs)];
      // Relative to the largest value: a rounding is up to 2^-9 of a factor.
      const far = (x: tf.Tensor, y: tf.Tensor) =>
        tf.div(tf.max(tf.abs(tf.sub(x, y))), tf.max(tf.abs(x))).dataSync()[0];
      const pairs = [a, b].map(({ y, slopes }) => [y, ...slopes]);
      pairs[0].forEach((x, i) => {
        const error = far(x, pairs[1][i]);
        assert(error < 0.03, `result ${i}: ${error}`);
        if (backend === "wasm") assertEquals(error, 0);
      });
      if (backend === "tensorflow") {
        assert(far(pairs[0][0], pairs[1][0]) > 1e-4, "nothing was rounded");
      }
    });
    exact.dispose();
    rounded.dispose();
  },
);

testOnBackends(
  "jit() with bfloat16 leaves whole numbers and XLA working",
  () => {
    const scaled = jit(
      (x: tf.Tensor2D, n: tf.Tensor1D) => ({
        y: tf.matMul(x, x),
        n: tf.add(n, tf.scalar(1, "int32")),
      }),
      { precision: "bfloat16", compiler: "xla" },
    );
    tf.tidy(() => {
      const result = scaled(
        tf.tensor2d([[1, 2], [3, 4]]),
        tf.tensor1d([7], "int32"),
      ) as { y: tf.Tensor; n: tf.Tensor };
      assertClose(result.y, [[7, 10], [15, 22]]);
      assertEquals([...result.n.dataSync()], [8]);
    });
    scaled.dispose();
  },
);

Deno.test("jit() refuses precisions it does not know", () => {
  assertThrows(
    () => jit((x: tf.Tensor) => x, { precision: "float16" as "bfloat16" }),
    RangeError,
    "Cannot jit a function as 'precision' must be float32 or bfloat16: current value is float16",
  );
});
