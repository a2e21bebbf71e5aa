import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import {
  assertClose,
  assertNothingLeft,
  onBackend,
  randomTensor,
} from "./reference.ts";

await startWasm();

for (
  const activation of [
    "linear",
    "relu",
    "relu6",
    "elu",
    "sigmoid",
    "leakyrelu",
    "prelu",
  ] as const
) {
  Deno.test(`fused.matMul() with bias and ${activation} is that of the cpu backend`, async () => {
    const compute = () =>
      tf.tidy(() =>
        tf.fused.matMul({
          a: randomTensor<tf.Rank.R2>([3, 4], 1),
          b: randomTensor<tf.Rank.R2>([5, 4], 2),
          transposeB: true,
          bias: randomTensor([5], 3),
          activation,
          leakyreluAlpha: 0.1,
          preluActivationWeights: activation === "prelu"
            ? randomTensor([5], 4)
            : undefined,
        }).dataSync()
      );
    const actual = assertNothingLeft(compute);
    assertClose(actual, await onBackend("cpu", compute));
  });
}
