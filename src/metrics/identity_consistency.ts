/**
 * Whether images that bear one name show one identity.
 *
 * @module
 */
import { checkLength, checkRange } from "../core/mod.ts";
import { countRows } from "./feature_sets.ts";
import { type Features, unitFeatures } from "./features.ts";
import { type ProtocolRecord, protocolRecord } from "./protocol_record.ts";

/** Options of {@linkcode identityConsistency}. */
export interface IdentityConsistencyOptions {
  /**
   * Cosine from which on an image counts as its identity: a verification threshold of the embedder.
   *
   * @default none: `within` is absent
   */
  threshold?: number;
}

/** Result of {@linkcode identityConsistency}. Every identity counts the same, however many images it has. */
export interface IdentityConsistency {
  /** Mean cosine of an image with the centre of the others of its identity, in [-1, 1]. */
  cosine: number;
  /** Fraction of images that lie nearer to the centre of the others of their identity than to any other's, in [0, 1]. */
  own?: number;
  /** Fraction of images whose cosine with that centre reaches the threshold, in [0, 1]. */
  within?: number;
  /** What was done. */
  protocol: ProtocolRecord;
  /** Why a figure is absent. */
  absent: { [figure: string]: string };
}

/**
 * Identity consistency, by the angle to the centre of the identity: the unit-length mean of its unit-length features,
 * without the image itself, which would otherwise agree with itself. (DCFace measures the fraction within a threshold
 * alike, with the image in the mean.) Identities of one image are left out. In float64.
 *
 * @param features Features of any norm.
 * @param labels Identity of each.
 * @param options Threshold.
 * @returns Means over the identities.
 * @throws {TypeError} If labels and features differ in number.
 * @throws {RangeError} If a feature is not finite, no identity has two images, or the threshold is not in [-1, 1].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { identityConsistency } from "@outis/outis/metrics";
 *
 * const features = { data: new Float32Array([1, 0, 2, 0, 0, 1, 0, 3]), width: 2 };
 * const { cosine, own } = identityConsistency(features, [0, 0, 1, 1]);
 * assertEquals([cosine, own], [1, 1]);
 * ```
 */
export function identityConsistency(
  features: Features,
  labels: ArrayLike<number>,
  options: IdentityConsistencyOptions = {},
): IdentityConsistency {
  const { threshold } = options;
  const act = "measure identity consistency";
  const count = countRows(act, "features", features, 1);
  checkLength(act, "labels", labels, count);
  if (threshold !== undefined) {
    checkRange(act, "threshold", threshold, { min: -1, max: 1 });
  }
  const { width } = features;
  const unit = unitFeatures(features);
  const groups = [
    ...Map.groupBy(
      Array.from({ length: count }, (_, i) => i),
      (i) => labels[i],
    ).values(),
  ];
  const sums = groups.map((group) => {
    const sum = new Float64Array(width);
    for (const row of group) {
      for (let i = 0; i < width; i++) sum[i] += unit[row * width + i];
    }
    return sum;
  });
  const centres = unitFeatures({
    data: Float64Array.from(sums.flatMap((sum) => [...sum])),
    width,
  });
  const results = groups.flatMap((group, g) => {
    if (group.length < 2) return [];
    let [cosine, own, within] = [0, 0, 0];
    for (const row of group) {
      const image = unit.subarray(row * width, (row + 1) * width);
      const others = sums[g].map((sum, i) => sum - image[i]);
      const near = dot(image, unitFeatures({ data: others, width }), 0);
      const nearest = groups.every((_, k) =>
        k === g || dot(image, centres, k * width) < near
      );
      cosine += near / group.length;
      if (nearest) own += 1 / group.length;
      if (threshold !== undefined && near >= threshold) {
        within += 1 / group.length;
      }
    }
    return [{ cosine, own, within }];
  });
  if (results.length === 0) {
    throw new RangeError(
      `Cannot measure identity consistency as 'labels' must be an identity with two images: current value is ${groups.length} with one each`,
    );
  }
  const mean = (of: (result: typeof results[number]) => number) =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length;
  const alone = groups.length === 1;
  return {
    cosine: mean(({ cosine }) => cosine),
    ...(!alone && { own: mean(({ own }) => own) }),
    ...(threshold !== undefined && { within: mean(({ within }) => within) }),
    protocol: protocolRecord({
      name: "identity consistency",
      parameters: {
        centre: "unit mean of the identity's other images",
        average: "over identities",
        threshold: threshold ?? null,
      },
      counts: {
        images: count,
        identities: groups.length,
        identitiesOfOneImage: groups.length - results.length,
      },
    }),
    absent: {
      ...(alone && { own: "There is one identity only." }),
      ...(threshold === undefined && { within: "No threshold was given." }),
    },
  };
}

function dot(image: Float64Array, centres: Float64Array, from: number): number {
  let sum = 0;
  for (let i = 0; i < image.length; i++) sum += image[i] * centres[from + i];
  return sum;
}
