import { assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { parametricRelu } from "../../src/nn/mod.ts";
import { valueAndGradients } from "../../src/optim/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const layer = parametricRelu("prelu", { channels: 2 });

testOnBackends("parametricRelu() begins with a slope of a quarter", () => {
  using params = owned(layer.init(randomStream(1)));
  assertEquals(layer.shapes, { "prelu.weight": [2] });
  using x = owned(tf.tensor2d([[-4, 4], [0, -8]]));
  using y = owned(layer.apply(params.value, x.value));
  assertClose(y.value, [[-1, 4], [0, -2]]);
});

// Below zero, and at it as in PyTorch, dx is the slope; da is the sum of what lies below.
testOnBackends("parametricRelu() has PyTorch's gradients", () => {
  tf.tidy(() => {
    const inputs = {
      x: tf.tensor2d([[-4, 4], [0, -8]]),
      "prelu.weight": tf.tensor1d([0.5, 0.1]),
    };
    const { gradients } = valueAndGradients(
      ({ x, ...params }) => tf.sum(layer.apply(params, x)),
      inputs,
    );
    assertClose(gradients.x, [[0.5, 1], [0.5, 0.1]]);
    assertClose(gradients["prelu.weight"], [-4, -8]);
  });
});
