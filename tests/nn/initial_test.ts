import { assertEquals, assertNotEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, type tf } from "../../src/engine/mod.ts";
import {
  convolution,
  dense,
  embedding,
  initAll,
  normalTensor,
  uniformTensor,
} from "../../src/nn/mod.ts";
import { testOnBackends } from "../support/backends.ts";

const values = (x: tf.Tensor) => Array.from(x.dataSync());
const parts = {
  first: dense("first", { inputs: 3, outputs: 4 }),
  conv: convolution("conv", { inputs: 2, outputs: 2 }),
  table: embedding("table", { count: 3, width: 2 }),
};

testOnBackends("weights depend on seed and name, on nothing else", () => {
  using all = owned(initAll(parts, randomStream(9, "model")));
  using again = owned(initAll(parts, randomStream(9, "model")));
  using other = owned(initAll(parts, randomStream(10, "model")));
  // In another order, with a layer in between, after the stream has drawn.
  const random = randomStream(9, "model");
  random.normals(5);
  const added = dense("added", { inputs: 7, outputs: 7 });
  using moved = owned(
    initAll([parts.table, added, parts.conv, parts.first], random),
  );
  assertEquals(Object.keys(all.value).length, 5);
  for (const [name, w] of Object.entries(all.value)) {
    assertEquals(values(again.value[name]), values(w));
    assertEquals(values(moved.value[name]), values(w));
    if (name.endsWith("weight")) {
      assertNotEquals(values(other.value[name]), values(w));
    }
  }
});

testOnBackends("two layers of one shape begin differently", () => {
  using all = owned(initAll(
    ["a", "b"].map((name) => dense(name, { inputs: 3, outputs: 3 })),
    randomStream(1),
  ));
  assertNotEquals(
    values(all.value["a.weight"]),
    values(all.value["b.weight"]),
  );
});

testOnBackends(
  "uniformTensor() and normalTensor() draw to the scale asked for",
  () => {
    using draws = owned({
      one: uniformTensor(randomStream(3), "x", [2, 50], 1),
      ten: uniformTensor(randomStream(3), "x", [100], 10),
      normal: normalTensor(randomStream(3), "x", [4, 25], 1),
      half: normalTensor(randomStream(3), "x", [4, 25], 0.5),
      zero: uniformTensor(randomStream(3), "x", [3], 0),
    });
    const { one, ten, normal, half, zero } = draws.value;
    assertEquals(one.shape, [2, 50]);
    assertEquals(values(ten), values(one).map((v) => Math.fround(v * 10)));
    assertEquals(values(half), values(normal).map((v) => v / 2));
    assertEquals(values(zero).map(Math.abs), [0, 0, 0]);
    const draw = values(one);
    assertEquals(draw.some((v) => v < 0) && draw.some((v) => v > 0), true);
  },
);
