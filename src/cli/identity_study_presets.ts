/**
 * Sizes of the study of new identities.
 *
 * @module
 */
import type { IdentityStudySettings } from "../stages/mod.ts";

/** What a study leaves to the command. */
type Sizes = Omit<IdentityStudySettings, "seeds">;

/** Three seeds take about 20 minutes of processor time. */
const small: Sizes = {
  identities: 40,
  variations: 5,
  samplingSteps: 4,
  steps: 8,
  langevin: { distance: 1.4, pull: 0.003 },
  dispersion: {
    steps: 5,
    spread: 2,
    identity: 200,
    pull: 0.02,
    timestep: 0.14,
  },
  covariates: { count: 384, people: 200, scale: 12 },
  recognizer: { steps: 200, batchSize: 32, rate: 0.05 },
  test: { identities: 100, imagesPerIdentity: 6 },
  arms: [
    { name: "random + none", references: "random", variations: "none" },
    {
      name: "random + none, as many images",
      references: "random",
      variations: "none",
      asManyImages: true,
    },
    { name: "random + noise", references: "random", variations: "noise" },
    { name: "langevin + none", references: "langevin", variations: "none" },
    { name: "langevin + noise", references: "langevin", variations: "noise" },
    {
      name: "langevin + dispersion",
      references: "langevin",
      variations: "dispersion",
    },
    { name: "langevin + disco", references: "langevin", variations: "disco" },
    {
      name: "procedural people",
      references: "people",
      variations: "noise",
    },
  ],
};

/** Every part of it in a minute or two; the numbers mean nothing. */
const tiny: Sizes = {
  ...small,
  identities: 4,
  variations: 2,
  samplingSteps: 2,
  steps: 2,
  dispersion: { ...small.dispersion, steps: 1 },
  covariates: { ...small.covariates, count: 16, people: 4 },
  recognizer: { ...small.recognizer, steps: 4 },
  test: { identities: 12, imagesPerIdentity: 3 },
};

/** All sizes by name. */
export const identityStudies: { [name: string]: Sizes } = { tiny, small };
