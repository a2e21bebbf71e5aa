import { owned, tf } from "../../src/engine/mod.ts";
import { MemoryBank } from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };

/** The golden references of three identities. */
export function goldenBank(): MemoryBank {
  using references = owned(tf.tensor2d(golden.references));
  return MemoryBank.fromFeatures(references.value, golden.referenceLabels, {
    identities: ["ada", "bo", "cy"],
    fingerprint: "golden",
  });
}
