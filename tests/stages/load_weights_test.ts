import { assertEquals, assertRejects } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { type NameScheme, pytorchNames } from "../../src/models/mod.ts";
import { loadWeights } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { weightsInMemory } from "./weights_in_memory.ts";

const shapes = {
  "conv.weight": [1, 1, 2, 3],
  "fc.weight": [3, 2],
  "fc.bias": [2],
};
const scheme = pytorchNames({
  name: "a model",
  shapes,
  rename: (name) => name.replace("fc", "head"),
  ignored: (name) => name.startsWith("loss."),
});
const whole = {
  "conv.weight": { shape: [3, 2, 1, 1] },
  "head.weight": { shape: [2, 3] },
  "head.bias": { shape: [2] },
};

testOnBackends(
  "loadWeights() renames and turns every tensor, one by one",
  async () => {
    const file = weightsInMemory({ ...whole, "loss.x": { shape: [1] } });
    const seen: string[] = [];
    using params = owned(
      await loadWeights(file, { shapes }, scheme, {
        onProgress: (done, total) => seen.push(`${done}/${total}`),
      }),
    );
    assertEquals(Object.keys(params.value), Object.keys(shapes));
    assertEquals(params.value["fc.weight"].arraySync(), [[0, 3], [1, 4], [
      2,
      5,
    ]]);
    // [out, in, 1, 1] = [[0, 1], [2, 3], [4, 5]]
    assertEquals(params.value["conv.weight"].arraySync(), [[[[0, 2, 4], [
      1,
      3,
      5,
    ]]]]);
    assertEquals(params.value["fc.bias"].arraySync(), [0, 1]);
    assertEquals(file.reads, ["conv.weight", "head.weight", "head.bias"]);
    assertEquals(seen, ["1/3", "2/3", "3/3"]);
  },
);

testOnBackends(
  "loadWeights() names everything that is wrong in one sentence and reads nothing",
  async () => {
    const file = weightsInMemory({
      "head.weight": { shape: [3, 2] },
      "head.bias": { shape: [2] },
      "extra.a": { shape: [1] },
      "extra.b": { shape: [1] },
    });
    await assertRejects(
      () => loadWeights(file, { shapes }, scheme, { source: "m.pth" }),
      TypeError,
      "Cannot load weights as 'm.pth' must hold those of a model: 1 missing (conv.weight); 2 unexpected (extra.a, extra.b); 1 mis-shaped (head.weight of [3, 2] instead of [2, 3])",
    );
    assertEquals(file.reads, []);
  },
);

testOnBackends("loadWeights() shortens long lists", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`x${i}`, { shape: [1] }]),
  );
  await assertRejects(
    () =>
      loadWeights(weightsInMemory({ ...whole, ...many }), { shapes }, scheme),
    TypeError,
    "'file' must hold those of a model: 20 unexpected (x0, x1, x2, x3, x4, x5, x6, x7 and 12 more)",
  );
});

const joined: NameScheme = {
  ...pytorchNames({ name: "parts", shapes: {} }),
  toOurs: (name) => name.startsWith("time") ? "time" : "qkv",
  toTheirs: (name) => name === "qkv" ? ["q", "k", "v"] : ["time.0", "time.1"],
  layout: (name) => name === "qkv" ? "dense" : "same",
  several: (name) => name === "qkv" ? "parts" : "copies",
};
const joinedModel = { shapes: { qkv: [2, 3], time: [2] } };

testOnBackends("loadWeights() joins parts and checks copies", async () => {
  const tensors = {
    q: { shape: [1, 2], data: [1, 2] },
    k: { shape: [1, 2], data: [3, 4] },
    v: { shape: [1, 2], data: [5, 6] },
    "time.0": { shape: [2] },
    "time.1": { shape: [2] },
  };
  using params = owned(
    await loadWeights(weightsInMemory(tensors), joinedModel, joined),
  );
  assertEquals(params.value.qkv.arraySync(), [[1, 3, 5], [2, 4, 6]]);
  assertEquals(params.value.time.arraySync(), [0, 1]);
  const other = { ...tensors, "time.1": { shape: [2], data: [0, 2] } };
  await assertRejects(
    () => loadWeights(weightsInMemory(other), joinedModel, joined),
    RangeError,
    "Cannot load weights as 'time.1' of file must be equal to time.0: its values differ",
  );
});

testOnBackends(
  "loadWeights() takes another number of rows only where it may differ",
  async () => {
    const table = { shapes: { "embedding_table": [4, 2] } };
    const names = pytorchNames({ name: "a table", ...table });
    const file = weightsInMemory({ embedding_table: { shape: [7, 2] } });
    using params = owned(
      await loadWeights(file, table, names, { anyRows: /^embedding/ }),
    );
    assertEquals(params.value.embedding_table.shape, [7, 2]);
    await assertRejects(
      () => loadWeights(file, table, names),
      TypeError,
      "1 mis-shaped (embedding_table of [7, 2] instead of [4, 2])",
    );
    const wider = weightsInMemory({ embedding_table: { shape: [7, 3] } });
    await assertRejects(
      () => loadWeights(wider, table, names, { anyRows: /^embedding/ }),
      TypeError,
      "mis-shaped",
    );
  },
);

testOnBackends(
  "loadWeights() compares fixed tensors, but not counters",
  async () => {
    const fixed: NameScheme = {
      ...scheme,
      constants: () => ({
        positions: { shape: [2], data: new Float32Array([0, 1]) },
        batches: { shape: [], data: new BigInt64Array([0n]) },
      }),
    };
    const load = (positions: number[]) =>
      loadWeights(
        weightsInMemory({
          ...whole,
          positions: { shape: [2], data: positions },
          batches: { shape: [], data: [7] },
        }),
        { shapes },
        fixed,
      );
    tf.dispose(await load([0, 1 + 1e-6]));
    await assertRejects(
      () => load([0, 2]),
      RangeError,
      "Cannot load weights as 'positions[1]' of file must be 1 in a model: current value is 2",
    );
  },
);

testOnBackends(
  "loadWeights() stops at a signal and keeps nothing",
  async () => {
    const stop = new AbortController();
    await assertRejects(
      () =>
        loadWeights(weightsInMemory(whole), { shapes }, scheme, {
          signal: stop.signal,
          onProgress: () => stop.abort(new Error("enough")),
        }),
      Error,
      "enough",
    );
  },
);
