/**
 * The sets whose privacy and utility are compared: what would be released under each setting.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import { type ImageSet, subsetImages } from "../data/mod.ts";
import { tf } from "../engine/mod.ts";
import { auditPrivacy } from "./audit_privacy.ts";
import { coldStart } from "./cold_start.ts";
import { conditionLatents } from "./condition_latents.ts";
import { generate } from "./generate.ts";
import type { Generator } from "./generator.ts";
import { identityGenerator } from "./identity_generator.ts";
import { embedImages } from "./recognizer_embedder.ts";
import { reinforce } from "./reinforce.ts";
import { sampleIdentities } from "./sample_identities.ts";
import type { PrivacyStudySettings } from "./study_privacy_settings.ts";
import type { RewardJudges } from "./train_judges.ts";
import type { StepMetrics } from "./training_loop.ts";

/** What the sets of one seed are made from. */
export interface PrivacySetsInput {
  /** The pretrained generator. Borrowed. */
  prior: Generator;
  /** The target's training images. */
  train: ImageSet;
  /** Photographs of people not trained on. */
  control: ImageSet;
  /** Embedder of rewards and forces, with its bank. Borrowed. */
  judges: RewardJudges;
  /** Two recognisers of other people that hold the gate. Borrowed. */
  gate: { [name: string]: Embedder };
  /** Sizes and settings. */
  settings: PrivacyStudySettings;
  /** The seed. */
  seed: number;
  /** Path of a checkpoint, by name. */
  file: (name: string) => string;
  /** Ends the work after the present step. */
  signal?: AbortSignal;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: StepMetrics,
  ) => void;
}

/** A set under one setting. */
export interface PrivacySet {
  /** What moves along its curve. */
  curve: string;
  /** Where on the curve. */
  setting: string;
  /** Makes the images, and says how many were made before any was dropped. */
  make: () => Promise<{ images: ImageSet; made: number }>;
}

/**
 * Lists the sets of one seed in the order of the curves; each is made when it is asked for, and all but the private ones
 * share one cold start.
 *
 * @param input Images, judges, settings.
 * @returns The sets; to be disposed by the caller.
 *
 * @example
 * ```ts
 * import { privacySets, type PrivacySetsInput } from "./privacy_sets.ts";
 *
 * function names(input: PrivacySetsInput) {
 *   using all = privacySets(input);
 *   return all.sets.map(({ curve, setting }) => `${curve}: ${setting}`);
 * }
 * console.log(names.length); // 1
 * ```
 */
export function privacySets(
  input: PrivacySetsInput,
): { sets: PrivacySet[] } & Disposable {
  const { prior, train, control, judges, gate, settings, seed, file } = input;
  const { signal } = input;
  const { embedder, bank } = judges;
  const made = new DisposableStack();
  const loop = (part: string) => ({
    signal,
    onStep: (done: number, total: number, metrics: StepMetrics = {}) =>
      input.onStep?.(part, done, total, metrics),
  });
  const draw = async (generator: Generator, part: string) => {
    const images = await generate(generator, {
      ...settings.sampling,
      ...settings.generate,
      seed: seed + 4,
      ...loop(`${part}, images`),
    });
    return { images, made: images.count };
  };
  const once = <T>(make: () => Promise<T>) => {
    let found: Promise<T> | undefined;
    return () => found ??= make();
  };
  const cold = once(async () => {
    const part = "cold start";
    const generator = await coldStart(prior, train, {
      ...settings.coldStart,
      seed: seed + 2,
      checkpoints: file(""),
      ...loop(part),
      onStep: (_, ...told) => loop(part).onStep(...told),
    });
    made.defer(generator.dispose);
    return generator;
  });
  const base = once(async () => draw(await cold(), "cold start"));

  const dropped = async (falseMatchRate: number) => {
    const { images, made } = await base();
    const { dropList } = await auditPrivacy({
      synthetic: images,
      real: train,
      control,
      embedders: gate,
      rewardFingerprints: [embedder.fingerprint],
      falseMatchRate,
      seed,
      ...(signal && { signal }),
    });
    const gone = new Set(dropList);
    const kept = [...Array(images.count).keys()].filter((i) => !gone.has(i));
    return { images: subsetImages(images, kept), made };
  };
  const rewarded = async (
    { name, ...weights }: PrivacyStudySettings["curves"]["weights"][number],
  ) => {
    const part = `rewards ${name}`;
    const tuned = await reinforce(await cold(), {
      ...settings.sampling,
      ...settings.reinforce,
      objective: "direct",
      embedder,
      bank,
      weights,
      seed: seed + 3,
      ...loop(part),
    });
    using _ = { [Symbol.dispose]: tuned.dispose };
    return await draw(tuned, part);
  };
  const newPeople = async (distance: number) => {
    const part = `d_c ${distance}`;
    const generator = await cold();
    const { steps, samplingSteps } = settings.langevin;
    const { data, width } = embedImages(embedder, train);
    using own = new DisposableStack();
    const model = own.use(conditionLatents(generator, { samplingSteps }));
    const embeddings = tf.tensor2d(data, [data.length / width, width]);
    own.defer(() => embeddings.dispose());
    const { length: count } = train.identities;
    const latents = new Float32Array(count * model.dimensions);
    const sampled = sampleIdentities(model, embedder, {
      count,
      steps,
      seed: seed + 5,
      ...(distance > 0 &&
        { avoid: { embeddings, distance, stiffness: STIFFNESS } }),
      ...loop(part),
      onStep: (which, ...told) =>
        which === "references" ? loop(part).onStep(...told) : undefined,
    });
    for await (const identity of sampled) {
      latents.set(identity.latents, identity.number * model.dimensions);
    }
    const names = Array.from({ length: count }, (_, i) => `nobody-${i}`);
    const nobody = identityGenerator(generator, { latents, names });
    own.defer(nobody.dispose);
    return await draw(nobody, part);
  };
  const inPrivate = async (targetEpsilon: number) => {
    const part = `epsilon ${targetEpsilon}`;
    const { unit, delta, clip, draws, rank, ...training } = settings.private;
    const given = { unit, delta, clip, draws, rank };
    const generator = await coldStart(prior, train, {
      ...training,
      seed: seed + 2,
      privacy: {
        ...Object.fromEntries(
          Object.entries(given).filter(([, value]) => value !== undefined),
        ),
        targetEpsilon,
        // The images of a study are not secret, its numbers are to be made again.
        seed: seed + 6,
      },
      ...loop(part),
      onStep: (_, ...told) => loop(part).onStep(...told),
    });
    using _ = { [Symbol.dispose]: generator.dispose };
    return await draw(generator, part);
  };

  const { dropRates, weights, distances, epsilons } = settings.curves;
  const on = <T>(
    curve: string,
    values: readonly T[],
    setting: (value: T) => string,
    make: (value: T) => ReturnType<PrivacySet["make"]>,
  ): PrivacySet[] =>
    values.map((value) => ({
      curve,
      setting: setting(value),
      make: () => make(value),
    }));
  return {
    sets: [
      { curve: "cold start", setting: "nothing dropped", make: base },
      ...on("drop threshold", dropRates, (rate) => `FMR ${rate}`, dropped),
      ...on("reward weights", weights, ({ name }) => name, rewarded),
      ...on(
        "Langevin radius",
        distances,
        (d) => d === 0 ? "nobody kept away from" : `d_c = ${d} rad`,
        newPeople,
      ),
      ...on("private cold start", epsilons, (e) => `epsilon = ${e}`, inPrivate),
    ],
    [Symbol.dispose]: () => made.dispose(),
  };
}

/** k_0 of real people, as in `makeIdentities`. */
const STIFFNESS = 10;
