/**
 * The worst pairs of an audit.
 *
 * @module
 */
import type { PixelDuplicate } from "../privacy/mod.ts";
import type { AuditEvidence } from "./audit_evidence.ts";
import type { AuditImages } from "./audit_images.ts";
import type { MatchAudit } from "./audit_matches.ts";
import type { SuspectPair } from "./audit_privacy_options.ts";

/** What {@linkcode suspectPairs} needs. */
export interface SuspectPairsInput {
  /** Images that are to be released. */
  synthetic: AuditImages;
  /** Images of the people who must not be in them. */
  real: AuditImages;
  /** Features of both. */
  evidence: { [set: string]: AuditEvidence };
  /** Near duplicates. */
  duplicates: readonly PixelDuplicate[];
  /** What each embedder says. */
  audits: { [name: string]: MatchAudit };
  /** Pairs wanted. */
  listed: number;
}

/**
 * Lists the pair of each synthetic image that looks worst, the worst first: duplicates by their correlation, then by how
 * far a cosine lies above its threshold, on the way from the threshold to 1.
 *
 * @param input Sets, features and what was found.
 * @returns Pairs, of each synthetic image one at most.
 *
 * @example
 * ```ts
 * import { suspectPairs, type SuspectPairsInput } from "./suspect_pairs.ts";
 *
 * const worst = (input: SuspectPairsInput) => suspectPairs({ ...input, listed: 1 })[0];
 * console.log(worst.length); // 1
 * ```
 */
export function suspectPairs(input: SuspectPairsInput): SuspectPair[] {
  const { synthetic, real, evidence, duplicates, audits, listed } = input;
  const names = Object.keys(audits);
  const thresholdOf = (name: string) =>
    audits[name].findings.threshold.threshold;
  const worst = Array.from({ length: synthetic.count }, (_, i) => {
    const ranked = names.map((name) => {
      const least = thresholdOf(name);
      return {
        real: audits[name].nearest[i],
        height: (audits[name].similarities[i] - least) / (1 - least),
      };
    }).sort((a, b) => b.height - a.height);
    return { synthetic: i, ...ranked[0] };
  });
  const copies = new Map(duplicates.map((pair) => [pair.second, pair]));
  const heightOf = (pair: { synthetic: number; height: number }) => {
    const copy = copies.get(pair.synthetic);
    // Above everything else; a height is at most 1.
    return copy === undefined ? pair.height : 2 + copy.correlation;
  };
  return worst.sort((a, b) =>
    heightOf(b) - heightOf(a) || a.synthetic - b.synthetic
  ).slice(0, listed).map(({ synthetic: i, real: nearest, height }) => {
    const copy = copies.get(i);
    const j = copy?.first ?? nearest;
    const similarities = Object.fromEntries(
      names.map((name) => [
        name,
        cosine(evidence.synthetic, i, evidence.real, j, name),
      ]),
    );
    return {
      synthetic: i,
      syntheticPath: synthetic.paths[i],
      real: j,
      realPath: real.paths[j],
      person: real.identities[real.labels[j]],
      evidence: copy !== undefined
        ? "duplicate"
        : height >= 0
        ? "match"
        : "nearest",
      similarities,
      matchedBy: names.filter((name) =>
        similarities[name] >= thresholdOf(name)
      ),
      ...(copy && {
        correlation: copy.correlation,
        share: copy.crop.share,
        flipped: copy.flipped,
      }),
    };
  });
}

function cosine(
  a: AuditEvidence,
  i: number,
  b: AuditEvidence,
  j: number,
  name: string,
): number {
  const { width } = a.features[name];
  const [x, y] = [a.features[name].data, b.features[name].data];
  let [product, first, second] = [0, 0, 0];
  for (let k = 0; k < width; k++) {
    const [u, v] = [x[i * width + k], y[j * width + k]];
    product += u * v;
    first += u * u;
    second += v * v;
  }
  return product / (Math.sqrt(first * second) || 1);
}
