import { assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { linear } from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { testGolden } from "./golden.ts";

testGolden("linear", ({ x, weight, bias }) => linear(x, weight, bias));

testOnBackends("linear() maps the last axis", () => {
  tf.tidy(() => {
    const x = tf.tensor([[[1, 2]], [[3, 4]]]);
    const weight = tf.tensor2d([[1, 0, 2], [0, 1, 3]]);
    // 1·2 + 2·3 = 8, 3·2 + 4·3 = 18
    const bias = tf.tensor1d([10, 20, 30]);
    assertClose(linear(x, weight, bias), [[[11, 22, 38]], [[13, 24, 48]]]);
  });
});

testOnBackends("linear() refuses widths that differ", () => {
  tf.tidy(() => {
    const weight = tf.zeros<tf.Rank.R2>([3, 4]);
    assertThrows(
      () => linear(tf.zeros([2, 4]), weight),
      TypeError,
      "Cannot apply a linear map as 'x' must be of shape [..., 3]: current value is shape [2, 4]",
    );
    assertThrows(
      () => linear(tf.zeros([2, 3]), weight, tf.zeros([3])),
      TypeError,
      "Cannot apply a linear map as 'bias' must be of shape [4]: current value is shape [3]",
    );
  });
});
