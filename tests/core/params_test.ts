import { assert, assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import {
  arraysFromParams,
  cloneParams,
  countParams,
  disposeParams,
  paramsFromArrays,
  selectParams,
} from "../../src/core/params.ts";

const arrays = {
  "block.kernel": { shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) },
  "block.bias": { shape: [3], data: new Float32Array([7, 8, 9]) },
  "scale": { shape: [], data: new Float32Array([10]) },
};

Deno.test("weights survive the way to tensors and back", async () => {
  const before = tf.memory().numTensors;
  const params = paramsFromArrays(arrays);
  assertEquals(await arraysFromParams(params), arrays);
  assertEquals(countParams(params), 6 + 3 + 1);
  disposeParams(params);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("cloneParams() outlives what it was cloned from", () => {
  const before = tf.memory().numTensors;
  const params = paramsFromArrays(arrays);
  const copy = cloneParams(params);
  disposeParams(params);
  assertEquals([...copy["block.bias"].dataSync()], [7, 8, 9]);
  disposeParams(copy);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("selectParams() picks by name and refuses to pick nothing", () => {
  const params = paramsFromArrays(arrays);
  const picked = selectParams(params, /^block\./g);
  assertEquals(Object.keys(picked), ["block.kernel", "block.bias"]);
  assert(picked["block.bias"] === params["block.bias"]);
  assertThrows(
    () => selectParams(params, /blocks/),
    RangeError,
    "'pattern' must be matched by at least one name",
  );
  disposeParams(params);
});
