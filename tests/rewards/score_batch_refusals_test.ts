import { assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { testOnBackends } from "../support/backends.ts";
import { goldenBank } from "./golden_bank.ts";
import { score, waves } from "./score.ts";

testOnBackends(
  "scoreBatch() refuses a batch that eq. 9 says nothing about",
  () => {
    using bank = goldenBank();
    const rows = golden.generated.slice(0, 3);
    assertThrows(
      () => score(bank, rows, [0, 0, 0]),
      RangeError,
      "number of identities must be at least 2",
    );
    score(bank, rows, [0, 0, 0], { expressive: { credit: "leaveOneOut" } });
    assertThrows(
      () => score(bank, rows, [0, 0, 1]),
      RangeError,
      "number of samples of 'bo' must be at least 2: current value is 1",
    );
    assertThrows(
      () =>
        score(bank, golden.generated, golden.labels, { baseline: "identity" }),
      RangeError,
      `must be "leaveOneOut" with the baseline "identity"`,
    );
  },
);

testOnBackends(
  "scoreBatch() refuses other widths, embedders, labels and layouts",
  () => {
    using bank = goldenBank();
    const { generated, labels } = golden;
    assertThrows(
      () => score(bank, [[1, 2], [3, 4]], [0, 1]),
      TypeError,
      "Cannot score a batch as 'features' must be of shape [any, 6]: current value is [2, 2]",
    );
    assertThrows(
      () =>
        score(bank, generated, labels, {
          embedder: { width: 6, fingerprint: "other" },
        }),
      RangeError,
      "fingerprint",
    );
    assertThrows(() => score(bank, generated, [0, 1]), TypeError, "labels");
    assertThrows(
      () => score(bank, generated.slice(0, 2), [0, 3]),
      RangeError,
      "labels[1]",
    );
    assertThrows(
      () =>
        score(bank, waves(6, 6), [0, 0, 1, 2, 2, 2], { samplesPerIdentity: 2 }),
      RangeError,
      "labels[3]",
    );
    assertThrows(
      () =>
        score(bank, waves(6, 6), [0, 0, 1, 1, 0, 0], { samplesPerIdentity: 2 }),
      RangeError,
      "'labels[4]' must be an identity without an earlier run of 2: current value is 0, as at 0",
    );
    assertThrows(
      () => score(bank, generated, labels, { samplesPerIdentity: 0 }),
      RangeError,
      "samplesPerIdentity",
    );
    assertThrows(
      () => score(bank, generated, labels, { coverage: { sigma: -1 } }),
      RangeError,
      "sigma",
    );
  },
);

testOnBackends(
  "scoreBatch() refuses a tensor of samples that do not fill their runs",
  () => {
    using bank = goldenBank();
    using labels = owned(tf.tensor1d([0, 0, 1, 1, 1], "int32"));
    assertThrows(
      () => score(bank, waves(5, 6), labels.value, { samplesPerIdentity: 2 }),
      TypeError,
      "must be of shape [4, any]: current value is [5, 6]",
    );
  },
);

testOnBackends(
  "scoreBatch() refuses features without a direction, never NaN",
  () => {
    using bank = goldenBank();
    const { generated, labels } = golden;
    const broken = (row: number[]) =>
      generated.map((values, i) => i === 4 ? row : values);
    for (
      const [row, found] of [
        [[0, 0, 0, 0, 0, 0], "a zero vector"],
        [[1, 0, NaN, 0, 0, 0], "a vector with NaN or Infinity"],
        [[1, 0, Infinity, 0, 0, 0], "a vector with NaN or Infinity"],
      ] as const
    ) {
      assertThrows(
        () => score(bank, broken([...row]), labels),
        RangeError,
        `Cannot score a batch as 'features[4]' must be finite and not zero: current value is ${found}`,
      );
    }
  },
);

testOnBackends(
  "scoreBatch() looks at labels in a tensor where it can, unless told not to",
  () => {
    using bank = goldenBank();
    const rows = golden.generated.slice(0, 4);
    using alone = owned(tf.tensor1d([0, 0, 0, 0], "int32"));
    using unknown = owned(tf.tensor1d([0, 0, 1, 3], "int32"));
    assertThrows(
      () => score(bank, rows, alone.value),
      RangeError,
      "number of identities must be at least 2",
    );
    assertThrows(
      () => score(bank, rows, unknown.value),
      RangeError,
      "'labels[3]' must be one of the bank's 0 to 2: current value is 3",
    );
    score(bank, rows, alone.value, { smallGroups: "zeroSpread" });
  },
);
