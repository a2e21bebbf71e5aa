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
        score(bank, waves(6, 6), [0, 0, 0, 1, 1, 1], { samplesPerIdentity: 2 }),
      RangeError,
      "labels[3]",
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
