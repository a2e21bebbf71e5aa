import { assertEquals, assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  checkBatch,
  type CheckBatchOptions,
  MemoryBank,
} from "../../src/rewards/mod.ts";
import { runLength } from "../../src/rewards/check_batch.ts";
import { testOnBackends } from "../support/backends.ts";

function check(labels: number[], options?: CheckBatchOptions): void {
  using references = owned(
    tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 1], [1, 1], [1, 2]]),
  );
  using bank = MemoryBank.fromFeatures(references.value, [0, 0, 1, 1, 2, 2], {
    identities: ["ada", "bo", "cy"],
    fingerprint: "f",
  });
  checkBatch(labels, bank, options);
}

testOnBackends("checkBatch() accepts batches that can be scored", () => {
  check([0, 1, 1, 0]);
  check([2, 2, 0, 0, 1, 1], { samplesPerIdentity: 2 });
  check([0, 0, 0], {
    manyIdentities: false,
    expressive: { credit: "leaveOneOut" },
  });
  check([0, 1], { smallGroups: "zeroSpread" });
});

testOnBackends("checkBatch() refuses identities with too few samples", () => {
  assertThrows(
    () => check([0, 1, 0]),
    RangeError,
    "number of samples of 'bo' must be at least 2: current value is 1",
  );
  assertThrows(
    () =>
      check([0, 1, 1, 0, 0], {
        expressive: { credit: "leaveOneOut" },
      }),
    RangeError,
    "number of samples of 'bo' must be at least 3: current value is 2",
  );
});

testOnBackends("checkBatch() refuses a batch of one identity", () => {
  assertThrows(
    () => check([1, 1]),
    RangeError,
    "number of identities must be at least 2",
  );
});

testOnBackends("checkBatch() refuses identities the bank does not know", () => {
  for (const label of [3, -1, 0.5, NaN]) {
    assertThrows(
      () => check([0, label]),
      RangeError,
      `'labels[1]' must be one of the bank's 0 to 2: current value is ${label}`,
    );
  }
});

testOnBackends("checkBatch() refuses runs of several identities", () => {
  assertThrows(
    () => check([0, 0, 1, 2], { samplesPerIdentity: 2 }),
    RangeError,
    "'labels[3]' must be that of its run of 2, 1: current value is 2",
  );
});

Deno.test("runLength() finds identities in runs, as many of each", () => {
  assertEquals(runLength([2, 2, 2, 0, 0, 0]), 3);
  assertEquals(runLength([5, 5]), 2);
  assertEquals(runLength(Int32Array.of(3, 1, 0)), 1);
  for (
    const labels of [
      [0, 1, 0, 1], // an identity twice
      [0, 0, 1, 1, 0, 0],
      [0, 0, 1], // not as many
      [0, 0, 1, 1, 1],
      [0, 1, 1, 2, 2],
    ]
  ) assertEquals(runLength(labels), undefined);
});
