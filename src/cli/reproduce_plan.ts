/**
 * What a reproduction will do, and about how long its parts take.
 *
 * @module
 */
import type { ImageSet } from "../data/mod.ts";
import type { Generator, ReproduceSettings } from "../stages/mod.ts";
import {
  autoencodeSeconds,
  denoiseSeconds,
  recogniseSeconds,
} from "./costs.ts";
import type { Plan } from "./plan.ts";

/** What decides how much there is to do. */
export interface ReproduceWork {
  /** Sizes of the parts. */
  settings: Omit<ReproduceSettings, "seed">;
  /** The target's images: their size, and how many people. */
  images: Pick<ImageSet, "height" | "width" | "count" | "identities">;
  /** The generator it starts from. */
  prior: { config: Pick<Generator["config"], "dit"> };
}

/** Memory of TensorFlow, the program and small networks, MB; what an image of a training batch adds, for each pixel. */
const MEMORY = 900;
const MEMORY_PER_PIXEL = 1.2e-3;
/** Checkpoints and report, MB: weights of the prior's size four times over, figures and pictures. */
const DISK = 140;

/** Share of the autoencoder's training that the decoder's is. */
const DECODER = 2 / 3;
/** Training passes: one forward, two backward. */
const TRAINS = 3;
/** Synthetic images looked at and kept cost a second pass each before the step. */
const LOOKAHEAD = 3.6;

/**
 * Plans a reproduction.
 *
 * @param work Settings, images, prior.
 * @returns The plan, with the seconds of every part on the machine of reference.
 *
 * @example
 * ```ts
 * import { smallDit } from "../models/mod.ts";
 * import { tiny } from "./presets.ts";
 * import { reproducePlan } from "./reproduce_plan.ts";
 *
 * const { parts } = reproducePlan({
 *   settings: tiny,
 *   images: { height: 64, width: 64, count: 60, identities: ["a", "b", "c", "d", "e", "f"] },
 *   prior: {
 *     config: {
 *       dit: smallDit({ classes: 6 }),
 *     },
 *   },
 * });
 * console.log(Object.keys(parts)); // ["embedder", "cold start", "reinforce", "generate", "recognisers"]
 * ```
 */
export function reproducePlan(
  { settings, images, prior }: ReproduceWork,
): Plan & { referenceSeconds: number; parts: { [part: string]: number } } {
  const { embedder, coldStart, sampling, reinforce, measure, generate } =
    settings;
  const { recognizer } = settings;
  const people = images.identities.length;
  const trained = Math.round(people * (1 - settings.data.testFraction));
  const once = denoiseSeconds(prior.config.dit);
  const draw = sampling.samplingSteps * once;
  const trajectories = reinforce.steps * reinforce.identities *
    reinforce.samples;
  const transitions = reinforce.objective === "direct"
    ? reinforce.direct.lastSteps
    : sampling.samplingSteps * (reinforce.policy.timeFraction ?? 1);
  const measured = 3 + Math.ceil(reinforce.steps / measure.every);
  const arm = recogniseSeconds(images, recognizer.steps * recognizer.batchSize);
  const parts = {
    embedder: recogniseSeconds(images, embedder.steps * recognizer.batchSize),
    "cold start": coldStart.steps * coldStart.batchSize * TRAINS * once +
      DECODER * autoencodeSeconds(images, coldStart.decoderSteps * 32),
    reinforce: trajectories * (draw + transitions * TRAINS * once) +
      measured * trained * measure.samples * draw,
    generate: 2 * trained * generate.imagesPerIdentity *
      generate.samplingSteps * once * 1.3,
    // Real images alone; real and synthetic ones, twice; a choice among them.
    recognisers: arm * (1 + 2 + 2 + LOOKAHEAD),
  };
  const batch = Math.max(
    coldStart.batchSize,
    reinforce.identities * reinforce.samples,
    2 * recognizer.batchSize,
  );
  return {
    does:
      `Trains an embedder (${embedder.steps} steps), adapts the prior (${coldStart.steps}) to ${trained} of ${people} people in ${images.count} images, reinforces it (${reinforce.steps} x ${
        reinforce.identities * reinforce.samples
      } samples), draws ${
        2 * trained * generate.imagesPerIdentity
      } images and judges four recognisers (${recognizer.steps} steps each)`,
    parts,
    referenceSeconds: Object.values(parts).reduce((sum, one) => sum + one, 10),
    memory: MEMORY + MEMORY_PER_PIXEL * batch * images.height * images.width,
    disk: DISK,
  };
}
