/**
 * A study of the audit: does it find what is planted, does it let clean sets pass, and what does it say of generators?
 *
 * @module
 */
import { type Embedder, randomStream } from "../core/mod.ts";
import {
  groupByLabel,
  type ImageSet,
  subsetImages,
  takeIdentities,
} from "../data/mod.ts";
import { auditPrivacy } from "./audit_privacy.ts";
import type { PrivacyAudit } from "./audit_privacy_options.ts";
import { type LeakKind, plantLeaks } from "./plant_leaks.ts";

/** People to deal sets from. */
export interface StudyWorld {
  /** What the page calls it. */
  name: string;
  /** People of a seed, all different; the same ones for every seed are dealt anew. */
  people: (seed: number) => Promise<ImageSet>;
  /** How many of them are real ones and controls; the others are what a clean synthetic set shows. */
  deal: { real: number; control: number; photographs: number };
}

/** A synthetic set whose audit is wanted. */
export interface StudySet {
  /** What made it. */
  name: string;
  /** Its images. */
  synthetic: ImageSet;
  /** The people it was trained on. */
  real: ImageSet;
  /** Other people. */
  control: ImageSet;
}

/** What {@linkcode studyAudit} needs. */
export interface StudyAuditInput {
  /** Worlds to plant leaks in. */
  worlds: readonly StudyWorld[];
  /** Sets to audit, made as they are asked for. */
  sets: AsyncIterable<StudySet>;
  /** Matchers by name. Borrowed. */
  embedders: { [name: string]: Embedder };
  /** Fingerprints of embedders that may not judge. */
  rewardFingerprints: readonly string[];
  /** Seeds of clean sets. */
  seeds: number;
  /** The first seeds, in which leaks are planted, too. */
  plantedSeeds: number;
  /** Leaks of each kind in each. */
  leaks: number;
  /** Stops it. */
  signal?: AbortSignal;
  /** Called as the study goes on: audits done. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void;
}

/** What was found of the leaks of a kind. */
export interface FoundLeaks {
  /** Leaks planted. */
  planted: number;
  /** Of these on the drop list. */
  dropped: number;
  /** Of these near duplicates of the very picture that leaked. */
  traced: number;
  /** Of these matched by each embedder. */
  matched: { [embedder: string]: number };
}

/** What was found in a world. */
export interface StudiedWorld {
  /** Its name. */
  name: string;
  /** Images and people of the sets of a seed. */
  counts: PrivacyAudit["counts"];
  /** Clean sets: of each seed, the tests that failed. */
  clean: string[][];
  /** Share of the images of the clean sets that were dropped all the same. */
  falselyDropped: number;
  /** Near duplicates found in clean sets, where there are none. */
  falseDuplicates: number;
  /** Planted sets: of each seed, the tests that failed. */
  planted: string[][];
  /** Leaks by kind. */
  leaks: { [kind in LeakKind]?: FoundLeaks };
  /** Mean true-match rate of each embedder for pairs of the same person. */
  trueMatchRates: { [embedder: string]: number };
}

/** What {@linkcode studyAudit} returns. */
export interface AuditStudy {
  /** Worlds. */
  worlds: StudiedWorld[];
  /** Audits of sets, by name, without anything of single images. */
  sets: { name: string; audit: Omit<PrivacyAudit, "pairs" | "dropList"> }[];
}

const CROPS = [0.95, 0.9, 0.85, 0.8];

/**
 * Audits clean sets and sets with planted leaks over seeds, then the sets given.
 *
 * @param input Worlds, sets, embedders, numbers.
 * @returns What was found.
 * @throws {RangeError} If a world has too few people for its deal.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { studyAudit, type StudyAuditInput } from "@outis/outis/stages";
 *
 * // Twenty clean sets, and nothing else.
 * const clean = (input: StudyAuditInput) => studyAudit({ ...input, seeds: 20, plantedSeeds: 0 });
 * console.log(clean.length); // 1
 * ```
 */
export async function studyAudit(input: StudyAuditInput): Promise<AuditStudy> {
  const worlds: StudiedWorld[] = [];
  for (const world of input.worlds) worlds.push(await studyWorld(world, input));
  const sets: AuditStudy["sets"] = [];
  for await (const { name, ...set } of input.sets) {
    const { pairs: _, dropList, ...audit } = await auditPrivacy({
      ...set,
      embedders: input.embedders,
      rewardFingerprints: input.rewardFingerprints,
      ...(input.signal && { signal: input.signal }),
      onStep: (part, ...rest) => input.onStep?.(`${name}: ${part}`, ...rest),
    });
    audit.rules.push(
      `${dropList.length} of ${set.synthetic.count} images would be dropped.`,
    );
    sets.push({ name, audit });
  }
  return { worlds, sets };
}

async function studyWorld(
  world: StudyWorld,
  input: StudyAuditInput,
): Promise<StudiedWorld> {
  const { embedders, seeds, plantedSeeds, leaks: count, signal } = input;
  const names = Object.keys(embedders);
  const result: StudiedWorld = {
    name: world.name,
    counts: undefined as unknown as PrivacyAudit["counts"],
    clean: [],
    falselyDropped: 0,
    falseDuplicates: 0,
    planted: [],
    leaks: {},
    trueMatchRates: Object.fromEntries(names.map((name) => [name, 0])),
  };
  for (let seed = 0; seed < seeds; seed++) {
    const sets = deal(await world.people(seed), seed, world.deal);
    const judge = async (synthetic: ImageSet) =>
      await auditPrivacy({
        synthetic,
        real: sets.real,
        control: sets.control,
        embedders,
        listed: synthetic.count,
        seed,
        ...(signal && { signal }),
      });
    const clean = await judge(sets.clean);
    result.counts = clean.counts;
    result.clean.push(failed(clean));
    result.falselyDropped += clean.dropList.length / sets.clean.count / seeds;
    result.falseDuplicates += clean.duplicates;
    for (const name of names) {
      const { trueMatchRate = 0 } = clean.embedders[name].threshold;
      result.trueMatchRates[name] += trueMatchRate / seeds;
    }
    if (seed < plantedSeeds) {
      const { images, leaks } = await plantLeaks(sets.clean, sets.real, {
        count,
        others: sets.others,
        crop: CROPS[seed % CROPS.length],
        cropPlace: "random",
        seed,
      });
      const audit = await judge(images);
      result.planted.push(failed(audit));
      const dropped = new Set(audit.dropList);
      const matched = names.map((name) =>
        [name, new Set(audit.embedders[name].matched)] as const
      );
      const sources = new Map(
        audit.pairs.filter(({ evidence }) => evidence === "duplicate")
          .map((pair) => [pair.synthetic, pair.real]),
      );
      for (const { index, from, kind } of leaks) {
        const found = result.leaks[kind] ??= {
          planted: 0,
          dropped: 0,
          traced: 0,
          matched: Object.fromEntries(names.map((name) => [name, 0])),
        };
        found.planted++;
        if (dropped.has(index)) found.dropped++;
        if (kind !== "samePerson" && sources.get(index) === from) {
          found.traced++;
        }
        for (const [name, set] of matched) {
          if (set.has(index)) found.matched[name]++;
        }
      }
    }
    input.onStep?.(world.name, seed + 1, seeds, {});
  }
  return result;
}

function failed({ verdicts }: PrivacyAudit): string[] {
  return verdicts.filter(({ passed }) => !passed).map(({ name }) => name);
}

/** Deals people into real ones, with some photographs kept back, controls, and those of a clean set. */
function deal(
  people: ImageSet,
  seed: number,
  { real, control, photographs }: StudyWorld["deal"],
): { real: ImageSet; others: ImageSet; control: ImageSet; clean: ImageSet } {
  const all = people.identities.length;
  if (real + control >= all) {
    throw new RangeError(
      `Cannot deal people as they must be more than ${real} real ones and ${control} controls: current value is ${all}`,
    );
  }
  const order = Array.from(
    randomStream(seed, "deal people").permutation(all),
  );
  const take = (from: number, to: number) =>
    takeIdentities(people, order.slice(from, to));
  const known = take(0, real);
  const places = [...groupByLabel(known.labels).values()];
  const pick = (from: number, to?: number) =>
    subsetImages(known, places.flatMap((group) => group.slice(from, to)));
  return {
    real: pick(0, photographs),
    others: pick(photographs),
    control: take(real, real + control),
    clean: take(real + control, all),
  };
}
