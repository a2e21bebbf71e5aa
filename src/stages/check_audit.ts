/**
 * What an audit refuses to judge.
 *
 * @module
 */
import { checkRange, type Embedder } from "../core/mod.ts";
import { leastImpostorPairs } from "../privacy/mod.ts";
import type { AuditEvidence } from "./audit_evidence.ts";
import type { AuditImages } from "./audit_images.ts";

/** The sets of an audit. */
export type AuditSets = {
  /** Images that are to be released. */
  synthetic: AuditImages;
  /** The people who must not be in them. */
  real: AuditImages;
  /** Other people. */
  control?: AuditImages;
};

const ACT = "audit";

/**
 * Checks that at least two different embedders judge, none of them the reward's.
 *
 * @param embedders Matchers by name.
 * @param rewards Fingerprints of the reward's.
 * @returns Their names.
 * @throws {RangeError} If there are too few, or one may not judge.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkAuditEmbedders } from "./check_audit.ts";
 *
 * assertThrows(() => checkAuditEmbedders({}, []), RangeError, "at least two");
 * ```
 */
export function checkAuditEmbedders(
  embedders: { [name: string]: Embedder },
  rewards: readonly string[],
): string[] {
  const names = Object.keys(embedders);
  const different = new Set(names.map((name) => embedders[name].fingerprint));
  if (different.size < 2) {
    refuse("embedders", "at least two of different weights", different.size);
  }
  if (different.size < names.length) {
    refuse("embedders", "of different weights each", "the same weights twice");
  }
  for (const name of names) {
    if (!rewards.includes(embedders[name].fingerprint)) continue;
    refuse(
      "embedders",
      "other ones than the reward's, which the generator has learned to please",
      `${name}, of the reward's fingerprint`,
    );
  }
  return names;
}

/**
 * Checks what can be checked before anything slow: people and pairs enough, and different people.
 *
 * @param sets The sets.
 * @param options Level of each test, and false-match rate.
 * @throws {RangeError} If the rates asked for cannot be had with these sets.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { proceduralFaces } from "@outis/outis/world";
 * import { auditImageSet } from "./audit_images.ts";
 * import { checkAuditSets } from "./check_audit.ts";
 *
 * const faces = auditImageSet(proceduralFaces({ identities: 1, imagesPerIdentity: 1, size: 16 }));
 * const sets = { synthetic: faces, real: faces };
 * assertThrows(() => checkAuditSets(sets, { level: 0.01, falseMatchRate: 0.01 }), RangeError, "people");
 * ```
 */
export function checkAuditSets(
  sets: AuditSets,
  { level, falseMatchRate }: { level: number; falseMatchRate: number },
): void {
  checkRange(ACT, "falseMatchRate", falseMatchRate, { min: 1e-4, max: 1e-2 });
  checkPeople(sets, level);
  checkPairs(sets, falseMatchRate);
}

/** A test that cannot fail is no gate: with too few people even the clearest leak has a large p-value. */
function checkPeople(sets: AuditSets, level: number): void {
  for (const [name, { count }] of Object.entries(sets)) {
    if (count === 0) refuse(name, "a set with images", "none");
  }
  const people = (set: AuditImages) => new Set(set.labels).size;
  const real = people(sets.real);
  if (sets.control === undefined) {
    const least = Math.ceil(Math.log2(1 / level)) + 1;
    if (real < least) refuse("real", `of at least ${least} people`, real);
    return;
  }
  const both = new Set(sets.real.identities)
    .intersection(new Set(sets.control.identities));
  for (const name of both) {
    refuse("control", "of other people than the real ones", `${name} in both`);
  }
  const control = people(sets.control);
  let ways = 1;
  for (let k = 1; k <= control; k++) ways *= (real + k) / k;
  if (1 / ways > level / 2) {
    refuse(
      "control",
      `of more people: with ${real} real ones no test at the level ${
        Number(level.toPrecision(2))
      } could fail`,
      control,
    );
  }
}

/** Before anything slow: whether there are pairs enough to set a threshold by. */
function checkPairs(
  { real, control }: AuditSets,
  falseMatchRate: number,
): void {
  const names = [real, control].flatMap((set) =>
    set === undefined
      ? []
      : Array.from(set.labels, (label) => set.identities[label])
  );
  const sizes = Map.groupBy(names, (name) => name).values();
  let same = 0;
  for (const { length } of sizes) same += length * (length - 1) / 2;
  const pairs = names.length * (names.length - 1) / 2 - same;
  const least = leastImpostorPairs(falseMatchRate);
  if (pairs < least) {
    refuse(
      "falseMatchRate",
      `larger, or the photographs more: a rate of ${falseMatchRate} takes ${least} pairs of different real people`,
      `${pairs} pairs`,
    );
  }
}

/**
 * Checks that no two sets hold the same images: that would be a leak of everything, or a control of no use.
 *
 * @param evidence Prints of each set.
 * @throws {RangeError} If two are the same.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { pixelPrints } from "@outis/outis/privacy";
 * import { checkAuditImages } from "./check_audit.ts";
 *
 * const evidence = { prints: pixelPrints(1), features: {} };
 * assertThrows(() => checkAuditImages({ real: evidence, control: evidence }), RangeError, "the same images");
 * ```
 */
export function checkAuditImages(
  evidence: { [set: string]: AuditEvidence },
): void {
  const digests = Object.entries(evidence).map(([name, { prints }]) =>
    [name, new Set(prints.digests)] as const
  );
  for (const [i, [a, first]] of digests.entries()) {
    for (const [b, second] of digests.slice(i + 1)) {
      if (first.size === second.size && first.isSubsetOf(second)) {
        refuse(b, `a set of other images than '${a}'`, "the same images");
      }
    }
  }
}

function refuse(name: string, rule: string, value: string | number): never {
  throw new RangeError(
    `Cannot ${ACT} as '${name}' must be ${rule}: current value is ${value}`,
  );
}
