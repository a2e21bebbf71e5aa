import { assertEquals } from "@std/assert";
import { type Embedder, plainPreprocessing } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { MemoryBank } from "../../src/rewards/mod.ts";
import { batchNumbers } from "../../src/stages/batch_numbers.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "the numbers of a batch are the rewards' means, the spread and the second opinion",
  () => {
    // Prototypes (1, 0) and (0, 1).
    const references = tf.tensor2d([
      [1, 0.5],
      [1, -0.5],
      [0.5, 1],
      [-0.5, 1],
    ]);
    using bank = MemoryBank.fromFeatures(references, [0, 0, 1, 1], {
      fingerprint: "one",
    });
    using other = MemoryBank.fromFeatures(references, [0, 0, 1, 1], {
      fingerprint: "two",
    });
    // Sees the first two colours of the first pixel.
    const embedder: Embedder = {
      embed: (images) =>
        tf.slice(tf.mean(images, [1, 2]), [0, 0], [-1, 2]) as tf.Tensor2D,
      width: 2,
      preprocessing: plainPreprocessing(1, 1),
      fingerprint: "two",
    };
    tf.tidy(() => {
      // Identity 0: both on the prototype; identity 1: at it and at right angles to it.
      const features = tf.tensor2d([[2, 0], [3, 0], [0, 1], [5, 0]]);
      const labels = tf.tensor1d([0, 0, 1, 1], "int32");
      const images = tf.tensor4d([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0], [
        4,
        1,
        1,
        3,
      ]);
      const numbers = batchNumbers(images, features, labels, {
        bank,
        samples: 2,
        auditor: { embedder, bank: other },
      });
      assertEquals(Object.keys(numbers), [
        "semantic",
        "coverage",
        "expressive",
        "spread",
        "auditor",
      ]);
      // (1 + 1 + 1 + 1/2) / 4
      assertClose(numbers.semantic, 0.875, 1e-6);
      // S_g: 0, and for (0, 1) and (1, 0) around their mean twice 1/2 over n - 1 = 1.
      assertClose(numbers.spread, 0.5, 1e-6);
      // The second embedder sees red everywhere: right for identity 0, at right angles for 1.
      assertClose(numbers.auditor, 0.75, 1e-6);
    });
    references.dispose();
  },
);
