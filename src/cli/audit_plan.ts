/**
 * What an audit will do, and about how long that takes.
 *
 * @module
 */
import type { AuditImages } from "../stages/mod.ts";
import { proceduralEmbedderSeconds } from "./costs.ts";
import type { Plan } from "./plan.ts";

/** How the sets are looked at. */
export interface AuditWork {
  /** Names of the embedders. */
  embedders: readonly string[];
  /** Pixels of the images they look at. */
  pixels: number;
  /** Whether all pairs are compared. */
  exact: boolean;
}

/** Reading and decoding an image and its features in one embedder's eyes, seconds. */
const EMBED = 2e-3;
/** One pair of features compared by matrix products, seconds; one pair of pictures looked at for copies. */
const COMPARE = 1.5e-8;
const COPIES = 1e-6;
/** Memory of the program with TensorFlow, and what an image adds: features and prints of its pixels, MB. */
const MEMORY = 650;
const MEMORY_PER_IMAGE = 7e-3;

/**
 * Plans an audit.
 *
 * @param sets The images.
 * @param work How they are looked at.
 * @returns The plan.
 *
 * @example
 * ```ts
 * import { auditPlan } from "./audit_plan.ts";
 *
 * const sets = { synthetic: { count: 288 }, real: { count: 144 }, control: { count: 120 } };
 * const work = { embedders: ["auditor", "procedural"], pixels: 4096, exact: true };
 * console.log(auditPlan(sets, work).does);
 * // Compares 288 synthetic images with 144 real ones and 120 of the control in the eyes of auditor and procedural
 * ```
 */
export function auditPlan(
  { synthetic, real, control }: {
    synthetic: Pick<AuditImages, "count">;
    real: Pick<AuditImages, "count">;
    control?: Pick<AuditImages, "count">;
  },
  { embedders, pixels, exact }: AuditWork,
): Plan {
  const people = real.count + (control?.count ?? 0);
  const images = synthetic.count + people;
  const pairs = synthetic.count * people;
  return {
    does:
      `Compares ${synthetic.count} synthetic images with ${real.count} real ones${
        control ? ` and ${control.count} of the control` : ""
      } in the eyes of ${embedders.join(" and ")}`,
    referenceSeconds: 5 + embedders.length * EMBED * images +
      (exact ? pairs * (embedders.length * COMPARE + COPIES) : 0) +
      (embedders.includes("procedural")
        ? proceduralEmbedderSeconds(pixels)
        : 0),
    memory: MEMORY + MEMORY_PER_IMAGE * images,
    disk: 10,
  };
}
