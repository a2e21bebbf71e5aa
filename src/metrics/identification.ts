/**
 * Closed-set identification: who is it, of those known?
 *
 * @module
 */
import { checkLength } from "../core/mod.ts";
import { type Features, unitFeatures } from "./features.ts";

/** Features with their identities. */
export interface LabelledFeatures extends Features {
  /** Identity of each feature vector. */
  labels: ArrayLike<number>;
}

/** Result of {@linkcode identification}. */
export interface IdentificationResult {
  /** Fraction of the probes whose nearest prototype is their own, in [0, 1]. */
  accuracy: number;
  /** Accuracy of guessing: one over the number of identities in the gallery. */
  chance: number;
  /** Label of the nearest prototype of each probe; of equal ones the smallest. */
  nearest: Int32Array;
}

/**
 * Identifies probes by the nearest class prototype: the unit-length mean of an identity's unit-length features in the
 * gallery, compared by cosine, in float64.
 *
 * @param probes Features to identify, with their true labels.
 * @param gallery Features of the known identities.
 * @returns Accuracy and the identities found.
 * @throws {TypeError} If widths differ, or labels and features differ in number.
 * @throws {RangeError} If a feature is not finite, or probes or gallery are empty.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { identification } from "@outis/outis/metrics";
 *
 * const gallery = {
 *   data: new Float32Array([1, 0, 0, 1]),
 *   width: 2,
 *   labels: [0, 1],
 * };
 * const probes = { data: new Float32Array([2, 1]), width: 2, labels: [0] };
 * assert(identification(probes, gallery).accuracy === 1);
 * ```
 */
export function identification(
  probes: LabelledFeatures,
  gallery: LabelledFeatures,
): IdentificationResult {
  const { width } = gallery;
  if (probes.width !== width) {
    throw new TypeError(
      `Cannot identify as 'probes.width' must be ${width} as in the gallery: current value is ${probes.width}`,
    );
  }
  const unit = checkedUnit("probes", probes);
  const classes = [...new Set(Array.from(gallery.labels))]
    .sort((a, b) => a - b);
  const prototypes = meanByClass(gallery, classes);
  const count = probes.labels.length;
  const nearest = new Int32Array(count);
  let right = 0;
  for (let row = 0; row < count; row++) {
    let best = -Infinity;
    classes.forEach((label, k) => {
      let cosine = 0;
      for (let i = 0; i < width; i++) {
        cosine += unit[row * width + i] * prototypes[k * width + i];
      }
      if (cosine > best) {
        best = cosine;
        nearest[row] = label;
      }
    });
    if (nearest[row] === probes.labels[row]) right++;
  }
  return { accuracy: right / count, chance: 1 / classes.length, nearest };
}

function meanByClass(
  gallery: LabelledFeatures,
  classes: number[],
): Float64Array {
  const { width, labels } = gallery;
  const unit = checkedUnit("gallery", gallery);
  const indexOf = new Map(classes.map((label, k) => [label, k]));
  // A sum has the direction of the mean.
  const sums = new Float64Array(classes.length * width);
  for (let row = 0; row < labels.length; row++) {
    const at = indexOf.get(labels[row])! * width;
    for (let i = 0; i < width; i++) sums[at + i] += unit[row * width + i];
  }
  return unitFeatures({ data: sums, width });
}

function checkedUnit(name: string, features: LabelledFeatures): Float64Array {
  const unit = unitFeatures(features);
  const count = unit.length / features.width;
  checkLength("identify", `${name}.labels`, features.labels, count);
  if (count === 0) {
    throw new RangeError(
      `Cannot identify as '${name}' must be at least one feature vector: current value is none`,
    );
  }
  return unit;
}
