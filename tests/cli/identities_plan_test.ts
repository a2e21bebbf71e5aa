import { assert, assertEquals } from "@std/assert";
import { identitiesPlan } from "../../src/cli/identities_plan.ts";
import { smallAutoencoder, smallDit } from "../../src/models/mod.ts";

const work = {
  ...{ count: 20, steps: 40, variations: 8, samplingSteps: 8, checks: false },
  prior: {
    config: {
      autoencoder: smallAutoencoder(),
      dit: smallDit({ height: 8, width: 8, channels: 12, classes: 6 }),
    },
  },
};

Deno.test("identitiesPlan() counts people and pictures", () => {
  // Each identity has its own picture and eight variations.
  assertEquals(
    identitiesPlan(work).does,
    "Samples 20 identities with 8 variations each, 180 images",
  );
  assertEquals(
    identitiesPlan({ ...work, variations: 0 }).does,
    "Samples 20 identities, 20 images",
  );
});

Deno.test("identitiesPlan() grows with everything that is asked for", () => {
  const seconds = identitiesPlan(work).referenceSeconds!;
  for (
    const more of [
      { count: 40 },
      { steps: 80 },
      { variations: 16 },
      { samplingSteps: 16 },
      { refine: 10 },
      { checks: true },
    ]
  ) {
    const longer = identitiesPlan({ ...work, ...more }).referenceSeconds!;
    assert(longer > seconds, JSON.stringify(more));
  }
});
