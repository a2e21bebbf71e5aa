/**
 * Membership inference: does a generator betray which photographs it was trained on?
 *
 * @module
 */
import { owned, tf } from "../engine/mod.ts";
import { checkFinite, type Embedder, type Json } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import {
  type MembershipScores,
  membershipScores,
  type MembershipScoresOptions,
} from "../privacy/mod.ts";
import {
  denoisingLosses,
  type DenoisingLossesOptions,
} from "./denoising_losses.ts";
import type { Generator } from "./generator.ts";
import { nearestDirections } from "./nearest_directions.ts";
import { embedImages } from "./recognizer_embedder.ts";

/** What an attack is given. */
export interface InferMembershipInput {
  /** The generator that is attacked. Borrowed. */
  generator: Generator;
  /** Photographs it was trained on; their identities are classes of it, by name. */
  members: ImageSet;
  /** Other photographs of the same people, not trained on. @default none: not compared with */
  heldOut?: ImageSet;
  /** Photographs of other people. @default none: not compared with */
  others?: ImageSet;
  /**
   * A generator that has seen neither, such as the prior: its loss under the null class is taken off, which makes up for
   * images that are easy for anybody. Borrowed.
   *
   * @default none: no calibrated attack
   */
  reference?: Generator;
  /** What it has made, and what compares: an embedder that is not the reward's. @default none: no such attack */
  nearest?: { synthetic: ImageSet; embedder: Embedder };
}

/** Options of {@linkcode inferMembership}. */
export interface InferMembershipOptions
  extends Omit<DenoisingLossesOptions, "onStep">, MembershipScoresOptions {
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void | Promise<void>;
}

/** One attack on one comparison. */
export interface MembershipAttack {
  /** What the score is: minus the loss, minus the loss beyond the reference's, or the cosine to the nearest sample. */
  attack: "loss" | "calibrated loss" | "nearest synthetic";
  /** What the images are denoised under: their own class, or the null class. Absent where nothing is denoised. */
  condition?: "class" | "null class";
  /** Whom members are told from. */
  against: "held-out images of the same people" | "images of other people";
  /** How well. */
  scores: MembershipScores;
  /** Area under the curve from the loss at each time alone; absent where nothing is denoised. */
  byTime?: { time: number; areaUnderCurve: number }[];
}

/** What is known of each image of a set, higher where it looks more like a member. */
interface Score {
  values: Float64Array;
  /** The same for each time, `[T][count]`. */
  byTime?: { time: number; values: Float64Array }[];
}

/**
 * Attacks a generator by the losses of images and by their nearest synthetic neighbours.
 *
 * The score by loss is minus the mean denoising loss over fixed times and noises (Carlini et al., "Extracting training
 * data from diffusion models", 2023, section 5); calibrated, the reference's loss is taken off first (Watson et al., "On
 * the importance of difficulty calibration in membership inference attacks", 2022). Against held-out images of the same
 * people, images are denoised under their class; against other people, who have none, members too under the null class,
 * so that the two differ in nothing else. The score by neighbours is the largest cosine to a synthetic image.
 *
 * An area of 0.5 against held-out images, the interval around it, is what a generator that keeps no photograph shows.
 * Against other people more is expected: a generator of these people knows these people.
 *
 * @param input Generator, members, others.
 * @param options Times, noises, seed, rates.
 * @returns The attacks, the same comparison's in a row.
 * @throws {TypeError} If images have another size than the generator or the embedder take.
 * @throws {RangeError} If there is nobody to compare with, a member's identity is no class of the generator, or a loss or
 *   feature is not finite.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { inferMembership, loadGenerator, priorUrl } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const generator = await loadGenerator(priorUrl());
 * const people = { identities: 1, imagesPerIdentity: 2, size: 64 };
 * const others = proceduralFaces({ ...people, firstIdentity: 5_000_000 });
 * const [{ scores }] = await inferMembership({
 *   generator,
 *   members: { ...proceduralFaces(people), identities: generator.config.identities.slice(0, 1) },
 *   others,
 * }, { times: 2, noises: 1, chunk: 2 });
 * console.log(scores.areaUnderCurve); // from 0 to 1
 * ```
 */
export async function inferMembership(
  input: InferMembershipInput,
  options: InferMembershipOptions = {},
): Promise<MembershipAttack[]> {
  const { generator, members, heldOut, others, reference, nearest } = input;
  if (heldOut === undefined && others === undefined) {
    throw new RangeError(
      "Cannot infer membership as 'heldOut' or 'others' must be given: current value is neither",
    );
  }
  const parameters = {
    times: options.times ?? 10,
    noises: options.noises ?? 2,
    seed: options.seed ?? 0,
  };
  const near = nearest === undefined
    ? undefined
    : await nearestScores(nearest, options);
  const losses = lossScores(options);
  const attacks: MembershipAttack[] = [];
  for (
    const { against, set, condition } of [
      {
        against: "held-out images of the same people",
        set: heldOut,
        condition: "class",
      },
      {
        against: "images of other people",
        set: others,
        condition: "null class",
      },
    ] as const
  ) {
    if (set === undefined) continue;
    const compare = (
      attack: MembershipAttack["attack"],
      own: Score,
      theirs: Score,
      settings: { [name: string]: Json },
    ): MembershipAttack => {
      const score = (a: Float64Array, b: Float64Array) =>
        membershipScores(
          { scores: a, people: peopleOf(members) },
          { scores: b, people: peopleOf(set) },
          { ...options, parameters: { attack, against, ...settings } },
        );
      return {
        attack,
        against,
        scores: score(own.values, theirs.values),
        ...(own.byTime && {
          condition,
          byTime: own.byTime.map(({ time, values }, t) => ({
            time,
            areaUnderCurve: score(values, theirs.byTime![t].values)
              .areaUnderCurve,
          })),
        }),
      };
    };
    const own = await losses(generator, members, condition, "members");
    const theirs = await losses(generator, set, condition, against);
    const settings = { condition, ...parameters };
    attacks.push(compare("loss", own, theirs, settings));
    if (reference !== undefined) {
      const beyond = async (set: ImageSet, score: Score, who: string) =>
        difference(score, await losses(reference, set, "null class", who));
      attacks.push(compare(
        "calibrated loss",
        await beyond(members, own, "members"),
        await beyond(set, theirs, against),
        settings,
      ));
    }
    if (near !== undefined) {
      attacks.push(
        compare("nearest synthetic", near(members), near(set), {
          embedder: nearest!.embedder.fingerprint.slice(0, 16),
          synthetic: nearest!.synthetic.count,
        }),
      );
    }
  }
  return attacks;
}

type LossScores = (
  generator: Generator,
  set: ImageSet,
  condition: "class" | "null class",
  who: string,
) => Promise<Score>;

/** Scores by loss; what was asked for before is not computed again. */
function lossScores({ onStep, ...rest }: InferMembershipOptions): LossScores {
  const known = new Map<Generator, Map<ImageSet, { [name: string]: Score }>>();
  return async (generator, set, condition, who) => {
    const sets = known.get(generator) ?? new Map();
    known.set(generator, sets);
    const scores = sets.get(set) ?? {};
    sets.set(set, scores);
    if (scores[condition] !== undefined) return scores[condition];
    const part = `losses of ${who}, ${condition}`;
    const { times, values } = await denoisingLosses(
      generator,
      set,
      condition === "class"
        ? classesOf(generator, set)
        : Array.from(set.labels, () => generator.config.dit.classes),
      { ...rest, onStep: (done, total) => onStep?.(part, done, total, {}) },
    );
    checkFinite("infer membership", "losses", values);
    const byTime = times.map((time, t) => ({
      time,
      values: Float64Array.from(
        { length: set.count },
        (_, i) => -values[i * times.length + t],
      ),
    }));
    const mean = Float64Array.from(
      { length: set.count },
      (_, i) =>
        byTime.reduce((sum, { values }) => sum + values[i], 0) / times.length,
    );
    return scores[condition] = { values: mean, byTime };
  };
}

function classesOf(generator: Generator, set: ImageSet): number[] {
  return Array.from(set.labels, (label) => {
    const name = set.identities[label];
    const found = generator.config.identities.indexOf(name);
    if (found >= 0) return found;
    throw new RangeError(
      `Cannot infer membership as the people must be classes of the generator: current value is ${name}`,
    );
  });
}

/** What is left of a score when another's is taken off. */
function difference(score: Score, other: Score): Score {
  const minus = (a: Float64Array, b: Float64Array) =>
    a.map((value, i) => value - b[i]);
  return {
    values: minus(score.values, other.values),
    byTime: score.byTime!.map(({ time, values }, t) => ({
      time,
      values: minus(values, other.byTime![t].values),
    })),
  };
}

/** Cosine of each image to its nearest synthetic one. */
async function nearestScores(
  { synthetic, embedder }: NonNullable<InferMembershipInput["nearest"]>,
  { signal, onStep }: InferMembershipOptions,
): Promise<(set: ImageSet) => Score> {
  signal?.throwIfAborted();
  const features = (set: ImageSet) => {
    const { data, width } = embedImages(embedder, set);
    checkFinite("infer membership", "features", data);
    return { data, width };
  };
  const made = features(synthetic);
  await onStep?.("features", synthetic.count, synthetic.count, {});
  return (set) => {
    const { data, width } = features(set);
    using to = owned(tf.tensor2d(made.data, [synthetic.count, width]));
    using from = owned(tf.tensor2d(data, [set.count, width]));
    const { angles } = nearestDirections(from.value, to.value);
    return { values: angles.map(Math.cos) };
  };
}

function peopleOf({ labels, identities }: ImageSet): string[] {
  return Array.from(labels, (label) => identities[label]);
}
