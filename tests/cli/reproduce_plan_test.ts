import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { presets } from "../../src/cli/presets.ts";
import { reproducePlan } from "../../src/cli/reproduce_plan.ts";

/** The prior that the recorded run below started from. */
const dit = {
  ...{ height: 8, width: 8, channels: 8, patch: 2, classes: 1000 },
  ...{ hidden: 192, depth: 6, heads: 6, learnSigma: false },
};
const prior = { config: { dit } };
const images = {
  height: 64,
  width: 64,
  count: 360,
  identities: Array.from({ length: 36 }, (_, i) => `${i}`),
};

/** Of the preset as it was when the run was recorded. */
const recorded = {
  ...presets.small,
  embedder: { steps: 300 },
  coldStart: {
    ...presets.small.coldStart,
    ...{ steps: 400, batchSize: 64, decoderSteps: 0 },
  },
  sampling: { samplingSteps: 10, guidance: 1 },
  reinforce: {
    ...presets.small.reinforce,
    ...{
      steps: 24,
      identities: 8,
      samples: 16,
      objective: "policy" as "policy" | "direct",
      policy: { ...presets.small.reinforce.policy, timeFraction: 0.5 },
    },
  },
  measure: { samples: 8, every: 8 },
  generate: { imagesPerIdentity: 12, samplingSteps: 25 },
  recognizer: {
    ...presets.small.recognizer,
    ...{ steps: 200, batchSize: 32, candidates: 32, keepFraction: 0.5 },
  },
};

// Seconds in the manifest of a run of the preset small on the machine of reference, idle.
Deno.test("reproducePlan() comes within a third of what a run took, part by part", () => {
  const took = {
    embedder: 18.3,
    "cold start": 41.5,
    reinforce: 65.3,
    generate: 6.3 + 6.0,
    recognisers: 10.8 + 19.7 + 21.7 + 40.0,
  };
  const { parts, referenceSeconds } = reproducePlan({
    settings: recorded,
    images,
    prior,
  });
  for (const [part, seconds] of Object.entries(took)) {
    assertAlmostEquals(parts[part] / seconds, 1, 1 / 3, part);
  }
  assertAlmostEquals(referenceSeconds / 240, 1, 0.15);
});

Deno.test("reproducePlan() grows with what there is to do", () => {
  const secondsOf = (settings: typeof recorded) =>
    reproducePlan({ settings, images, prior }).parts;
  const usual = secondsOf(recorded);
  const longer = secondsOf({
    ...recorded,
    reinforce: { ...recorded.reinforce, steps: 64 },
  });
  assert(longer.reinforce > 1.9 * usual.reinforce);
  // Drawing the samples stays.
  const [all, half] = [1, 0.5].map((timeFraction) =>
    secondsOf({
      ...recorded,
      reinforce: {
        ...recorded.reinforce,
        policy: { ...recorded.reinforce.policy, timeFraction },
      },
    }).reinforce
  );
  assert(half < 0.7 * all && half > 0.5 * all);
  assertEquals(longer["cold start"], usual["cold start"]);
  const direct = secondsOf({
    ...recorded,
    reinforce: { ...recorded.reinforce, objective: "direct" },
  });
  assert(direct.reinforce < usual.reinforce);
});

Deno.test("reproducePlan() says steps, people and images in one sentence", () => {
  const { does } = reproducePlan({ settings: recorded, images, prior });
  // A third of 36 people is kept for tests; 24 x 12 images before and after.
  assertEquals(
    does,
    "Trains an embedder (300 steps), adapts the prior (400) to 24 of 36 people in 360 images, reinforces it (24 x 128 samples), draws 576 images and judges four recognisers (200 steps each)",
  );
});

Deno.test("reproducePlan() knows all presets", () => {
  const seconds = Object.values(presets).map((settings) =>
    reproducePlan({ settings, images, prior }).referenceSeconds
  );
  assertEquals(seconds, seconds.toSorted((a, b) => a - b)); // tiny, small, paper
});
