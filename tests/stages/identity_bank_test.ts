import { assertEquals, assertThrows } from "@std/assert";
import { type Embedder, plainPreprocessing } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { identityBank, type SavedIdentity } from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const embedder: Embedder = {
  embed: (images) => tf.reshape(images, [-1, 2]),
  width: 2,
  preprocessing: plainPreprocessing(1, 1),
  fingerprint: "pairs",
};

function identity(number: number, embeddings: number[]): SavedIdentity {
  return {
    number,
    latents: new Float32Array(),
    embeddings: Float32Array.from(embeddings),
    redrawn: false,
    drawnBack: 0,
  };
}

testOnBackends(
  "identityBank() has the references as prototypes, and the spread about them",
  () => {
    // About (3, 4): the mean of the others is not (3, 4), but (4, 5).
    const one = identity(0, [3, 4, 5, 5, 4, 6]);
    const two = identity(4, [0, 2, 1, 2]);
    using bank = identityBank([one, two], embedder);
    assertEquals(bank.identities, ["identity-00000", "identity-00004"]);
    assertEquals(bank.counts, [3, 2]);
    assertEquals(bank.fingerprint, "pairs");
    const first = bank.view("identity-00000");
    assertClose(first.prototype, [0.6, 0.8], 1e-6);
    const second = bank.view("identity-00004");
    assertClose(second.prototype, [0, 1], 1e-6);
    // (0, 2) and (1, 2) less their mean (0.5, 2), about (0, 2): (-0.5, 2) and (0.5, 2).
    const unit = Math.hypot(0.5, 2);
    assertClose(
      second.references,
      [[-0.5 / unit, 2 / unit], [0.5 / unit, 2 / unit]],
      1e-6,
    );
    tf.dispose([first, second]);
  },
);

testOnBackends("identityBank() needs variations", () => {
  assertThrows(
    () => identityBank([identity(0, [1, 0])], embedder),
    RangeError,
    "must be at least 2",
  );
});
