/**
 * Sizes of the study of reinforcement.
 *
 * @module
 */
import type { StudySettings } from "../stages/mod.ts";
import {
  directGradient,
  photographs as whole,
  tiny as smallest,
} from "./presets.ts";

/** What a study leaves to the command. */
type Sizes = Omit<StudySettings, "seeds">;

const { generate: _, ...settings } = whole;

/** Three seeds take about half an hour of processor time. */
const small: Sizes = {
  ...settings,
  arms: [
    { name: "policy, fixed weights", reinforce: {} },
    { name: "policy, adaptive weights", reinforce: { weights: "adaptive" } },
    {
      name: "direct gradient",
      // As long as the other, so not with its own number of steps.
      reinforce: { objective: "direct", rate: directGradient.rate },
      asLongAs: "policy, fixed weights",
    },
    {
      // The paper's rate, group and reading of eq. 10 at the length of the others.
      name: "policy, as printed",
      reinforce: {
        rate: 1e-5,
        trainable: "all",
        policy: { baseline: "batch", timeWeights: "density" },
      },
      seeds: 1,
    },
  ],
};

const { generate: __, ...tinySettings } = smallest;

/** Every part of it in a minute or two; the numbers mean nothing. */
const tiny: Sizes = {
  ...tinySettings,
  reinforce: { ...tinySettings.reinforce, steps: 2 },
  measure: { samples: 2, every: 1 },
  arms: small.arms,
};

/** All sizes by name. */
export const studies: { [name: string]: Sizes } = { tiny, small };
