import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Embedder, plainPreprocessing } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  type FeatureBankOptions,
  type LabelledImages,
  MemoryBank,
} from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

function bankOf(
  rows: number[][],
  labels: number[],
  options: Partial<FeatureBankOptions> = {},
): MemoryBank {
  using features = owned(tf.tensor2d(rows));
  return MemoryBank.fromFeatures(features.value, labels, {
    fingerprint: "f",
    ...options,
  });
}

/** Features are the mean of each colour channel. */
const colours: Embedder = {
  embed: (images) => tf.mean(images, [1, 2]) as tf.Tensor2D,
  width: 3,
  preprocessing: plainPreprocessing(2, 2),
  fingerprint: "colours",
};

function pictures(rows: number[][]): tf.Tensor4D {
  const pixels = rows.map((colour) => new Array(4).fill(colour).flat());
  return tf.tensor4d(pixels.flat(), [rows.length, 2, 2, 3]);
}

// Rows of two identities, mixed: east and north for 1, west twice (once long) and north for 0.
const rows = [[1, 0], [-1, 0], [0, 2], [0, 1], [-3, 0]];
const labels = [1, 0, 1, 0, 0];

testOnBackends(
  "MemoryBank sorts references by identity and normalises them",
  () => {
    using bank = bankOf(rows, labels, { identities: ["bo", "ada"] });
    assertEquals(bank.counts, [3, 2]);
    assertEquals(bank.width, 2);
    using bo = owned(bank.view("bo"));
    using ada = owned(bank.view("ada"));
    assertClose(bo.value.references, [[-1, 0], [0, 1], [-1, 0]], 1e-6);
    assertClose(ada.value.references, [[1, 0], [0, 1]], 1e-6);
    // Means (-4/3, 1/3) and (1/2, 1); spreads 4/9 (three times) and 1.
    const [long, short] = [Math.hypot(4, 1), Math.hypot(0.5, 1)];
    assertClose(bo.value.prototype, [-4 / long, 1 / long], 1e-6);
    assertClose(ada.value.prototype, [0.5 / short, 1 / short], 1e-6);
    assertClose(bo.value.spread, 2 / 3, 1e-6);
    assertClose(ada.value.spread, 1, 1e-6);
  },
);

testOnBackends(
  "MemoryBank gives NumPy's prototypes, spreads and bandwidth",
  () => {
    const { references, referenceLabels } = golden;
    using plain = bankOf(references, referenceLabels);
    assertClose(plain.tensors.prototypes, golden.prototypes, 1e-6);
    assertClose(plain.tensors.spreads, golden.referenceSpreads, 1e-6);
    assertClose(plain.bandwidth, golden.bandwidth, 1e-12);
    using first = bankOf(references, referenceLabels, { normalizeFirst: true });
    assertClose(
      first.tensors.prototypes,
      golden.prototypesNormalizeFirst,
      1e-6,
    );
  },
);

testOnBackends("MemoryBank comes back from plain arrays as it was", () => {
  using bank = bankOf(rows, labels, {
    identities: ["bo", "ada"],
    normalizeFirst: true,
  });
  const arrays = bank.toArrays();
  using copy = MemoryBank.fromArrays(structuredClone(arrays));
  assertEquals(copy.toArrays(), arrays);
  assertEquals(copy.identities, ["bo", "ada"]);
  assertEquals(copy.bandwidth, bank.bandwidth);
  for (const name of ["references", "prototypes", "spreads"] as const) {
    assertClose(copy.tensors[name], bank.tensors[name], 0);
  }
  assertThrows(
    () => MemoryBank.fromArrays({ ...arrays, schema: 2 as 1 }),
    RangeError,
    "'schema' must be 1: current value is 2",
  );
  assertThrows(
    () => MemoryBank.fromArrays({ ...arrays, features: new Float32Array(3) }),
    TypeError,
    "features",
  );
});

testOnBackends("MemoryBank keeps its arrays to itself", () => {
  using bank = bankOf(rows, labels);
  bank.toArrays().features.fill(9);
  assertClose(bank.toArrays().features.slice(0, 2), [-1, 0]);
});

testOnBackends("MemoryBank embeds images batch by batch", async () => {
  using first = owned(pictures([[1, 0, 0], [0, 0, 0.5], [0, 1, 0]]));
  using second = owned(pictures([[0, 0.5, 0.5]]));
  async function* batches(): AsyncGenerator<LabelledImages> {
    yield { images: first.value, labels: [0, 1, 0] };
    await Promise.resolve();
    yield { images: second.value, labels: [1] };
  }
  using bank = await MemoryBank.fromEmbedder(colours, batches(), {
    identities: ["warm", "cold"],
  });
  assertEquals([bank.width, bank.fingerprint], [3, "colours"]);
  using cold = owned(bank.view("cold"));
  assertClose(
    cold.value.references,
    [[0, 0, 1], [0, Math.SQRT1_2, Math.SQRT1_2]],
    1e-6,
  );
});

testOnBackends(
  "MemoryBank refuses an embedder that does not keep its width",
  async () => {
    using images = owned(pictures([[1, 0, 0], [0, 1, 0]]));
    const batches = [{ images: images.value, labels: [0, 0] }];
    await assertRejects(
      () => MemoryBank.fromEmbedder({ ...colours, width: 4 }, batches),
      TypeError,
      "must be of shape [2, 4]: current value is [2, 3]",
    );
    await assertRejects(
      () =>
        MemoryBank.fromEmbedder(colours, [{
          images: images.value,
          labels: [0],
        }]),
      TypeError,
      "labels",
    );
    await assertRejects(
      () => MemoryBank.fromEmbedder(colours, []),
      RangeError,
      "non-empty",
    );
  },
);

testOnBackends("MemoryBank refuses features of another embedder", () => {
  using bank = bankOf(rows, labels);
  bank.checkEmbedder({ width: 2, fingerprint: "f" });
  assertThrows(
    () => bank.checkEmbedder({ width: 2, fingerprint: "g" }),
    RangeError,
    `'embedder.fingerprint' must be "f": current value is "g"`,
  );
  assertThrows(
    () => bank.checkEmbedder({ width: 3, fingerprint: "f" }),
    TypeError,
    "'embedder.width' must be 2: current value is 3",
  );
});

testOnBackends("MemoryBank finds labels by name", () => {
  using bank = bankOf(rows, labels, { identities: ["bo", "ada"] });
  assertEquals(bank.labelsOf(["ada", "bo", "ada"]), Int32Array.of(1, 0, 1));
  assertThrows(
    () => bank.view("cy"),
    RangeError,
    `must be one of the bank's 2: current value is "cy"`,
  );
});

testOnBackends("MemoryBank refuses what has no rewards", () => {
  assertThrows(
    () => bankOf([[1, 0], [0, 1], [1, 1]], [0, 0, 1]),
    RangeError,
    "number of references of '1' must be at least 2, as one has no covariance: current value is 1",
  );
  assertThrows(
    () => bankOf([[1, 0], [0, 1]], [1, 1]),
    RangeError,
    "'0' must be at least 2",
  );
  assertThrows(
    () => bankOf([[1, 0], [0, 0]], [0, 0]),
    RangeError,
    "zero vector",
  );
  assertThrows(
    () => bankOf([[1, 0], [-1, 0]], [0, 0]),
    RangeError,
    "'features of identity 0' must not cancel",
  );
  assertThrows(
    () => bankOf([[1, 0], [0, 1]], [0, 0.5]),
    RangeError,
    "labels[1]",
  );
  assertThrows(() => bankOf([[1, 0], [0, 1]], [0]), TypeError, "labels");
  assertThrows(
    () => bankOf([[1, 0], [0, 1]], [2, 2], { identities: ["bo"] }),
    RangeError,
    "a whole number from 0 to 0",
  );
  assertThrows(
    () => bankOf(rows, labels, { identities: ["bo", "bo"] }),
    RangeError,
    "different names",
  );
});
