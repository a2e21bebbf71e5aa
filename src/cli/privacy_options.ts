/**
 * Options of a private cold start, as commands have them.
 *
 * @module
 */
import { type ImageSet, splitIdentities, splitImages } from "../data/mod.ts";
import { privacyPlan, type ReproduceSettings } from "../stages/mod.ts";
import { UsageError } from "./options.ts";

/** What stands in a command's table. */
export const privacyOptions = {
  epsilon: {
    value: "E",
    help:
      "differentially private cold start that spends E; private/ alone is covered by it (default: none)",
  },
  delta: {
    value: "D",
    help: "chance with which that may fail, with --epsilon (default 1e-5)",
  },
  unit: {
    value: "NAME",
    choices: ["image", "identity"],
    help:
      "what it protects: one picture, or one person with all theirs (default image)",
  },
} as const;

/** Adapters on adaLN: few weights, so that noise is spread over few. */
const RANK = 4;

/**
 * Settings of a cold start made private: adapters and class table are trained, the decoder is not, and the rate is that of
 * few and noisy weights.
 *
 * @param settings The cold start as its preset has it.
 * @param options What was given.
 * @returns The settings; the same where no epsilon was given.
 * @throws {UsageError} If a number is none, or `--delta` or `--unit` come without `--epsilon`.
 *
 * @example
 * ```ts
 * import { withPrivacy } from "./privacy_options.ts";
 * import { small } from "./presets.ts";
 *
 * const { privacy, decoderSteps } = withPrivacy(small.coldStart, { epsilon: "8" });
 * console.log(privacy?.targetEpsilon, decoderSteps); // 8 0
 * ```
 */
export function withPrivacy(
  settings: ReproduceSettings["coldStart"],
  options: { epsilon?: string; delta?: string; unit?: string },
): ReproduceSettings["coldStart"] {
  const { epsilon, delta, unit } = options;
  if (epsilon === undefined) {
    for (const name of ["delta", "unit"] as const) {
      if (options[name] === undefined) continue;
      throw new UsageError(
        `Cannot understand the arguments as '--${name}' must come with --epsilon: current value is ${
          options[name]
        }`,
      );
    }
    return settings;
  }
  return {
    ...settings,
    rate: 3e-3,
    trainable: "labelEmbedding+adaLN",
    decoderSteps: 0,
    privacy: {
      targetEpsilon: numberOf("epsilon", epsilon),
      delta: delta === undefined ? 1e-5 : numberOf("delta", delta),
      unit: unit === "identity" ? unit : "image",
      rank: RANK,
    },
  };
}

/**
 * Refuses a promise that cannot be kept on these images, before anything is trained.
 *
 * @param images The target.
 * @param settings Its split, and the cold start.
 * @throws {RangeError} If delta is too large for so many units, or epsilon out of reach.
 *
 * @example
 * ```ts
 * import { proceduralFaces } from "@outis/outis/world";
 * import { checkPrivacy, withPrivacy } from "./privacy_options.ts";
 * import { tiny } from "./presets.ts";
 *
 * const faces = proceduralFaces({ identities: 3, imagesPerIdentity: 6, size: 16 });
 * checkPrivacy(faces, { ...tiny, coldStart: withPrivacy(tiny.coldStart, { epsilon: "8" }) });
 * ```
 */
export function checkPrivacy(
  images: ImageSet,
  settings: Pick<ReproduceSettings, "data" | "coldStart">,
): void {
  const { privacy, batchSize, steps } = settings.coldStart;
  if (privacy === undefined) return;
  const { train } = splitImages(
    splitIdentities(images, settings.data).train,
    settings.data,
  );
  privacyPlan(privacy, { labels: train.labels, batchSize, steps });
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new UsageError(
    `Cannot understand the arguments as '--${name}' must be a number above 0: current value is ${text}`,
  );
}
