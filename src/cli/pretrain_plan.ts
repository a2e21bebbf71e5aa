/**
 * What pretraining will do, and about how long that takes.
 *
 * @module
 */
import { smallDit } from "../models/mod.ts";
import type { WorldName } from "../stages/mod.ts";
import {
  autoencodeSeconds,
  denoiseSeconds,
  recogniseSeconds,
  renderSeconds,
} from "./costs.ts";
import type { Plan } from "./plan.ts";

/** What decides how much there is to do; what is left out is as `pretrain` has it. */
export interface PretrainWork {
  /** Worlds to make a prior of. */
  worlds: readonly WorldName[];
  /** Procedural persons of each world. */
  identities?: number;
  /** Pictures of each. */
  imagesPerIdentity?: number;
  /** Steps of the autoencoder. */
  autoencoderSteps?: number;
  /** Steps of the critic of each world. */
  criticSteps?: number;
  /** Steps of the decoder with its critics. */
  decoderSteps?: number;
  /** Steps of each transformer. */
  denoiserSteps?: number;
  /** Steps of the auditor of each world. */
  auditorSteps?: number;
}

/** The defaults of `pretrain` and `trainAuditor`. */
export const PRETRAIN_USUAL = {
  identities: 1000,
  imagesPerIdentity: 30,
  autoencoderSteps: 3000,
  criticSteps: 1500,
  decoderSteps: 2000,
  denoiserSteps: 6000,
  auditorSteps: 1500,
};

const FACE = { height: 64, width: 64 };
/** Images of a step, a pedestrian being half a face. */
const AUTOENCODER_BATCH = 24;
const DENOISER_BATCH = 128;
const RECOGNISER_BATCH = 32;
/** Pictures of an auditor's people. */
const AUDITOR_IMAGES = 8000;
/** Share of the autoencoder's training that the decoder's is. */
const DECODER = 2 / 3;
const TRAINS = 3;

/**
 * Plans a pretraining.
 *
 * @param work Worlds and sizes.
 * @returns The plan.
 *
 * @example
 * ```ts
 * import { pretrainPlan } from "./pretrain_plan.ts";
 *
 * const { referenceSeconds } = pretrainPlan({ worlds: ["faces"] });
 * console.log(referenceSeconds! > 1000); // true
 * ```
 */
export function pretrainPlan(work: PretrainWork): Plan {
  const given = Object.fromEntries(
    Object.entries(work).filter(([, value]) => value !== undefined),
  ) as PretrainWork;
  const { worlds, ...sizes } = { ...PRETRAIN_USUAL, ...given };
  const faces = worlds.reduce(
    (sum, world) => sum + (world === "faces" ? 1 : 0.5),
    0,
  );
  const once = denoiseSeconds(
    smallDit({ classes: sizes.identities }),
  );
  return {
    does: `Trains a prior of procedural ${
      worlds.join(" and ")
    } (${sizes.identities} persons with ${sizes.imagesPerIdentity} pictures, autoencoder ${sizes.autoencoderSteps} steps, its decoder with critics ${sizes.decoderSteps}, denoiser ${sizes.denoiserSteps}) and the auditor beside it (${sizes.auditorSteps})`,
    referenceSeconds: renderSeconds(
      faces * (sizes.identities * sizes.imagesPerIdentity + AUDITOR_IMAGES),
    ) +
      autoencodeSeconds(
        FACE,
        faces * AUTOENCODER_BATCH *
          (sizes.autoencoderSteps + DECODER * sizes.decoderSteps),
      ) +
      faces * sizes.denoiserSteps * DENOISER_BATCH * TRAINS * once +
      recogniseSeconds(
        FACE,
        faces * RECOGNISER_BATCH * (sizes.auditorSteps +
          (sizes.decoderSteps > 0 ? sizes.criticSteps : 0)),
      ),
    memory: 1000 + 0.05 * faces * sizes.identities * sizes.imagesPerIdentity,
    disk: 150,
  };
}
