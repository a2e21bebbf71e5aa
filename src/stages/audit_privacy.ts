/**
 * The audit of a synthetic set before it is released: does it leak the people it was made from?
 *
 * @module
 */
import { checkOneOf, checkRange, randomStream } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { findDuplicates } from "../privacy/mod.ts";
import { type AuditEvidence, gatherEvidence } from "./audit_evidence.ts";
import { type AuditImages, auditImageSet } from "./audit_images.ts";
import {
  type AuditedSet,
  auditMatches,
  type MatchAudit,
} from "./audit_matches.ts";
import { auditVerdicts } from "./audit_verdicts.ts";
import {
  type AuditSets,
  checkAuditEmbedders,
  checkAuditImages,
  checkAuditSets,
} from "./check_audit.ts";
import { namesakes } from "./namesake_test.ts";
import { suspectPairs } from "./suspect_pairs.ts";
import type {
  AuditPrivacyInput,
  EmbedderAgreement,
  EmbedderFindings,
  PrivacyAudit,
} from "./audit_privacy_options.ts";

/**
 * Audits a synthetic set: near duplicates by pixels, matches by at least two embedders, and a gate.
 *
 * The gate fails if more synthetic images than allowed are near duplicates of real ones, or if by any embedder the share
 * of pairs of synthetic and real images that match is higher than that of synthetic and control images, or, where
 * synthetic identities bear the names of real people, if they match those more than strangers: one-sided tests over people
 * at the level `significance` / tests. What matches is said by a threshold at which
 * the embedder takes a share `falseMatchRate` of pairs of different real people for the same one. Embedders of the
 * reward may not judge: the generator has learned to please them.
 *
 * @param input Sets, embedders, rates.
 * @returns Verdicts, worst pairs, what to drop, and what each embedder says.
 * @throws {RangeError} If a set is empty, the sets are not of different images and people, there are fewer than two
 *   embedders of different weights, one of them is the reward's, gives numbers that are not finite or takes images of
 *   another size, or there are too few people or pairs for the rates asked for.
 * @throws {TypeError} If an embedder takes images of another size than a set in memory has.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { type Embedder, plainPreprocessing } from "@outis/outis/core";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { auditPrivacy } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * // Colours, in the place of recognisers.
 * const means = (name: string, axes: number[]): Embedder => ({
 *   embed: (images) => tf.reshape(tf.mean(images, axes), [images.shape[0], -1]),
 *   width: axes.length === 2 ? 3 : 48,
 *   preprocessing: plainPreprocessing(16, 16),
 *   fingerprint: name,
 * });
 * const faces = (firstIdentity: number) =>
 *   proceduralFaces({ identities: 14, imagesPerIdentity: 2, size: 16, firstIdentity });
 * const { passed, dropList } = await auditPrivacy({
 *   synthetic: faces(0),
 *   real: faces(100),
 *   control: faces(200),
 *   embedders: { colour: means("colour", [1, 2]), columns: means("columns", [1]) },
 *   falseMatchRate: 1e-2,
 * });
 * console.log(passed, dropList.length);
 * ```
 */
export async function auditPrivacy(
  input: AuditPrivacyInput,
): Promise<PrivacyAudit> {
  const { embedders, rewardFingerprints = [], falseMatchRate = 1e-3 } = input;
  const { significance = 0.01, allowedDuplicates = 0, drop = "any" } = input;
  const { search = "exact", listed = 100, seed = 0, signal, onStep } = input;
  checkRange("audit", "significance", significance, {
    min: 0,
    max: 1,
    exclusive: true,
  });
  checkRange("audit", "allowedDuplicates", allowedDuplicates, {
    min: 0,
    integer: true,
  });
  checkRange("audit", "listed", listed, { min: 0, integer: true });
  checkOneOf("audit", "drop", drop, ["any", "all"]);
  checkOneOf("audit", "search", search, ["exact", "approximate"]);
  const names = checkAuditEmbedders(embedders, rewardFingerprints);
  const sets = {
    synthetic: asAuditImages(input.synthetic),
    real: asAuditImages(input.real),
    ...(input.control && { control: asAuditImages(input.control) }),
  };
  const shared = namesakes(sets.synthetic.identities, sets.real.identities);
  const isTested = 2 ** -shared.length <= significance / (4 * names.length);
  const level = significance / (names.length * (isTested ? 2 : 1));
  checkAuditSets(sets, { level, falseMatchRate });

  const evidence: { [set: string]: AuditEvidence } = {};
  for (const [name, images] of Object.entries(sets)) {
    evidence[name] = await gatherEvidence(images, {
      name,
      embedders,
      ...(signal && { signal }),
      onStep: (done, total) => onStep?.(`read ${name} images`, done, total, {}),
    });
  }
  checkAuditImages(evidence);
  const audits: { [name: string]: MatchAudit } = {};
  for (const name of names) {
    const of = (set: "synthetic" | "real" | "control"): AuditedSet => ({
      features: evidence[set].features[name],
      labels: sets[set]!.labels,
      identities: sets[set]!.identities.length,
    });
    audits[name] = await auditMatches({
      synthetic: of("synthetic"),
      real: of("real"),
      ...(sets.control && { control: of("control") }),
      embedder: embedders[name],
      falseMatchRate,
      namesakes: isTested ? shared : [],
      search,
      random: randomStream(seed, "audit", embedders[name].fingerprint),
      ...(signal && { signal }),
      onStep: (done, total) => onStep?.(`match by ${name}`, done, total, {}),
    });
  }
  const duplicates = await findDuplicates(
    evidence.real.prints,
    evidence.synthetic.prints,
    {
      ...(search === "approximate" && { among: neighboursOf(audits) }),
      ...(signal && { signal }),
      onProgress: (done, total) =>
        onStep?.("search near duplicates", done, total, {}),
    },
  );
  const dropped = new Set(duplicates.map(({ second }) => second));
  for (let i = 0; i < sets.synthetic.count; i++) {
    const votes = names.filter((name) => audits[name].matched[i] === 1).length;
    if (votes >= (drop === "any" ? 1 : names.length)) dropped.add(i);
  }
  const findings = Object.fromEntries(
    names.map((name): [string, EmbedderFindings] => [
      name,
      audits[name].findings,
    ]),
  );
  const verdicts = auditVerdicts(findings, {
    duplicates: duplicates.length,
    allowedDuplicates,
    level,
  });
  return {
    passed: verdicts.every(({ passed }) => passed),
    verdicts,
    pairs: suspectPairs({ ...sets, evidence, duplicates, audits, listed }),
    dropList: [...dropped].sort((a, b) => a - b),
    duplicates: duplicates.length,
    embedders: findings,
    thresholds: Object.fromEntries(
      names.map((name) => [name, findings[name].threshold.threshold]),
    ),
    agreement: agreementOf(audits),
    counts: countsOf(sets),
    rules: rulesOf({ falseMatchRate, significance, level, drop }, sets),
  };
}

function asAuditImages(set: ImageSet | AuditImages): AuditImages {
  return "read" in set ? set : auditImageSet(set);
}

/** Real images that any matcher finds near a synthetic one. */
function neighboursOf(
  audits: { [name: string]: MatchAudit },
): (synthetic: number) => number[] {
  return (synthetic) =>
    Object.values(audits).flatMap(({ neighbours: { count, indices } }) => [
      ...indices.subarray(synthetic * count, (synthetic + 1) * count)
        .filter((index) => index >= 0),
    ]);
}

function agreementOf(
  audits: { [name: string]: MatchAudit },
): EmbedderAgreement[] {
  const names = Object.keys(audits);
  return names.flatMap((a, i) =>
    names.slice(i + 1).map((b) => {
      const counts = { both: 0, onlyFirst: 0, onlySecond: 0 };
      for (const [k, first] of audits[a].matched.entries()) {
        const second = audits[b].matched[k];
        if (first && second) counts.both++;
        else if (first) counts.onlyFirst++;
        else if (second) counts.onlySecond++;
      }
      return { embedders: [a, b] as const, ...counts };
    })
  );
}

function countsOf(sets: AuditSets): PrivacyAudit["counts"] {
  const of = (set: AuditImages | undefined) => ({
    images: set?.count ?? 0,
    identities: set?.identities.length ?? 0,
  });
  return {
    synthetic: of(sets.synthetic),
    real: of(sets.real),
    control: of(sets.control),
  };
}

function rulesOf(
  { falseMatchRate, significance, level, drop }: {
    falseMatchRate: number;
    significance: number;
    level: number;
    drop: "any" | "all";
  },
  { control }: AuditSets,
): string[] {
  return [
    `Two images match by an embedder if their cosine, of features added to those of the mirror image, reaches the value that ${falseMatchRate} of the pairs of different real people reach.`,
    control === undefined
      ? "There is no control: excess is judged against false matches among the real people. What is lost: a generator whose images resemble all people more, or less, than photographs do is judged wrongly."
      : "Excess is judged against people whom the generator has never seen: under no leak the real people and they are exchangeable.",
    `A clean set fails with a probability of ${significance} at most, ${
      Number(level.toPrecision(3))
    } for each test.`,
    `Dropped are near duplicates, and images that ${
      drop === "any" ? "any embedder matches" : "all embedders match"
    } with a real image or a real person's centroid; strangers' photographs match by chance, too.`,
  ];
}
