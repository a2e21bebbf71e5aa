/**
 * Whether synthetic images that bear a real person's name show that person.
 *
 * @module
 */
import type { RandomStream } from "../core/mod.ts";
import { groupByLabel } from "../data/mod.ts";
import { unitFeatures } from "../metrics/mod.ts";
import { type ExcessTest, excessTest } from "../privacy/mod.ts";
import type { AuditedSet } from "./audit_matches.ts";

/** What {@linkcode namesakeTest} needs. */
export interface NamesakeTestInput {
  /** Images that are to be released. */
  synthetic: AuditedSet;
  /** The people who must not be in them. */
  real: AuditedSet;
  /** Cosine from which on two images match. */
  threshold: number;
  /** Share of strangers' images that each synthetic image matches, as far as it is known. */
  strangerRates: Float64Array;
  /** Draws signs and resamples. */
  random: RandomStream;
}

/**
 * Names that a synthetic and a real set share, as label pairs.
 *
 * @param synthetic Names of synthetic identities.
 * @param real Names of real people.
 * @returns Labels of each name in both sets.
 *
 * @example
 * ```ts
 * import { namesakes } from "./namesake_test.ts";
 *
 * console.log(namesakes(["ada", "nobody"], ["bob", "ada"])); // [[0, 1]]
 * ```
 */
export function namesakes(
  synthetic: readonly string[],
  real: readonly string[],
): [synthetic: number, real: number][] {
  const labels = new Map(real.map((name, label) => [name, label]));
  return synthetic.flatMap((name, label) => {
    const other = labels.get(name);
    return other === undefined ? [] : [[label, other] as [number, number]];
  });
}

/**
 * Tests, one-sided and with people as the units, whether a person's synthetic namesake matches the person more than it
 * matches strangers. A generator whose classes are real people is asked for nobody else: over all pairs that would hardly
 * show, as most of them are of different names.
 *
 * @param input Features, threshold, rates with strangers.
 * @param pairs Labels of namesakes.
 * @returns The test.
 * @throws {RangeError} If there are fewer than two namesakes.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { namesakeTest } from "./namesake_test.ts";
 *
 * const set = (data: number[], labels: number[]) => ({
 *   features: { data: Float32Array.from(data), width: 2 },
 *   labels: Int32Array.from(labels),
 *   identities: 2,
 * });
 * const real = set([1, 0, 0, 1], [0, 1]);
 * const synthetic = set([1, 0.1, 1, 0, 0, 1, 0.1, 1], [0, 0, 1, 1]); // like their namesakes
 * const { pValue } = namesakeTest({
 *   synthetic,
 *   real,
 *   threshold: 0.9,
 *   strangerRates: new Float64Array(4),
 *   random: randomStream(1),
 * }, [[0, 0], [1, 1]]);
 * console.log(pValue); // of two people, none is small
 * ```
 */
export function namesakeTest(
  input: NamesakeTestInput,
  pairs: readonly (readonly [synthetic: number, real: number])[],
): ExcessTest {
  const { synthetic, real, threshold, strangerRates, random } = input;
  const images = groupByLabel(synthetic.labels);
  const photographs = groupByLabel(real.labels);
  const own: number[] = [];
  const strangers: number[] = [];
  for (const [label, person] of pairs) {
    const [a, b] = [images.get(label), photographs.get(person)];
    if (a === undefined || b === undefined) continue;
    const [x, y] = [rowsOf(synthetic, a), rowsOf(real, b)];
    const { width } = synthetic.features;
    let matches = 0;
    for (let i = 0; i < x.length; i += width) {
      for (let j = 0; j < y.length; j += width) {
        let cosine = 0;
        for (let k = 0; k < width; k++) cosine += x[i + k] * y[j + k];
        if (cosine >= threshold) matches++;
      }
    }
    own.push(matches / (a.length * b.length));
    const sum = a.reduce((total, i) => total + strangerRates[i], 0);
    strangers.push(sum / a.length);
  }
  return excessTest(own, strangers, { paired: true, random });
}

/** Unit features of some images. */
function rowsOf(
  { features: { data, width } }: AuditedSet,
  images: readonly number[],
): Float64Array {
  return unitFeatures({
    data: Float64Array.from(
      { length: images.length * width },
      (_, k) => data[images[Math.floor(k / width)] * width + k % width],
    ),
    width,
  });
}
