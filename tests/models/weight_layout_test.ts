import { assertEquals } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { fromLayout, layoutShape, toLayout } from "../../src/models/mod.ts";
import { testOnBackends } from "../support/backends.ts";

const count = (shape: number[]) =>
  tf.reshape(tf.range(0, shape.reduce((a, b) => a * b, 1)), shape);

testOnBackends("fromLayout() moves axes as PyTorch has them to ours", () => {
  tf.tidy(() => {
    const dense = fromLayout("dense", count([2, 3]));
    assertEquals(dense.arraySync(), [[0, 3], [1, 4], [2, 5]]);
    // [out 2, in 1, height 1, width 3]
    const conv = fromLayout("conv", count([2, 1, 1, 3]));
    assertEquals(conv.arraySync(), [[[[0, 3]], [[1, 4]], [[2, 5]]]]);
    const pointwise = fromLayout("pointwise", count([2, 3, 1, 1]));
    assertEquals(pointwise.arraySync(), dense.arraySync());
    assertEquals(fromLayout("same", count([2, 3])).shape, [2, 3]);
  });
});

testOnBackends("toLayout() undoes fromLayout() and has layoutShape()", () => {
  tf.tidy(() => {
    const cases = [
      ["same", [4]],
      ["same", []],
      ["dense", [3, 2]],
      ["conv", [3, 1, 2, 5]],
      ["pointwise", [3, 2]],
    ] as const;
    for (const [layout, shape] of cases) {
      const ours = count([...shape]);
      const theirs = toLayout(layout, ours);
      assertEquals(theirs.shape, layoutShape(layout, shape));
      const back = fromLayout(layout, theirs);
      assertEquals(back.shape, [...shape]);
      assertEquals(back.dataSync(), ours.dataSync());
    }
  });
});
