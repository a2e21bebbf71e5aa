import { assert, assertEquals, assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  adaFace,
  arcFace,
  batchHardTriplet,
  cosFace,
  crossEntropy,
} from "../../src/losses/mod.ts";
import { recognizerLoss } from "../../src/stages/recognizer_loss.ts";
import type { RecognitionLoss } from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const rows = [[1, 2], [0.5, -1], [3, 0], [-1, 1]];
const ids = [0, 1, 0, 1];

testOnBackends(
  "recognizerLoss() is the loss that its options name",
  () =>
    tf.tidy(() => {
      const features = tf.tensor2d(rows);
      const labels = tf.tensor1d(ids, "int32");
      const head = tf.tensor2d([[1, -0.5], [0.3, 2]]);
      const value = (options: RecognitionLoss, memory = {}) =>
        recognizerLoss(options).classify(head, features, labels, memory);
      assertClose(
        value({}),
        cosFace(features, head, labels, { margin: 0.25, scale: 24 }),
      );
      assertClose(
        value({ classification: "crossEntropy", smoothing: 0.1 }),
        crossEntropy(tf.matMul(features, head), labels, {
          labelSmoothing: 0.1,
        }),
      );
      assertClose(
        value({ classification: "arcFace", margin: 0.2, scale: 5 }),
        arcFace(features, head, labels, { margin: 0.2, scale: 5 }),
      );
      const norms = { mean: tf.scalar(2), deviation: tf.scalar(0.5) };
      assertClose(
        value({ classification: "adaFace", scale: 5 }, norms),
        adaFace(features, head, labels, { margin: 0.4, scale: 5, norms }),
      );
      const { triplet } = recognizerLoss({ triplet: { margin: 2, weight: 3 } });
      const expected = batchHardTriplet(features, labels, { margin: 2 });
      assertClose(
        triplet!(features, labels),
        tf.mul(tf.mean(expected), 3),
      );
      assertEquals(recognizerLoss({}).triplet, undefined);
    }),
);

testOnBackends(
  "only AdaFace remembers, and follows the norms by its momentum",
  () => {
    using features = owned(tf.tensor2d([[3, 4], [0, 7]]));
    assertEquals(recognizerLoss({}).init(), {});
    assertEquals(recognizerLoss({}).renew({}, features.value), {});
    const loss = recognizerLoss({
      classification: "adaFace",
      normMomentum: 0.5,
    });
    using memory = owned(loss.init());
    using renewed = owned(loss.renew(memory.value, features.value));
    // Norms 5 and 7: mean 6, deviation √2.
    assertClose(renewed.value.mean, (20 + 6) / 2);
    assertClose(renewed.value.deviation, (100 + Math.SQRT2) / 2);
  },
);

Deno.test("recognizerLoss() refuses what it has not, and what is out of range", () => {
  const refused = (options: RecognitionLoss, message: string) =>
    assertThrows(() => recognizerLoss(options), RangeError, message);
  refused(
    { classification: "softmax" as "cosFace" },
    "'loss.classification' must be",
  );
  refused(
    { classification: "crossEntropy", margin: 0.3 },
    "'loss.margin' must be left out with crossEntropy: current value is 0.3",
  );
  refused({ smoothing: 0.1 }, "'loss.smoothing' must be left out with cosFace");
  refused({ normMomentum: 0.1 }, "'loss.normMomentum'");
  refused({ margin: 1 }, "'loss.margin'");
  refused({ scale: 0 }, "'loss.scale'");
  refused({ triplet: { margin: -1 } }, "'loss.triplet.margin'");
  refused({ triplet: { weight: 0 } }, "'loss.triplet.weight'");
  refused(
    { classification: "crossEntropy", smoothing: 1 },
    "'loss.smoothing'",
  );
  assert(recognizerLoss({ triplet: { margin: "soft" } }).triplet);
});
