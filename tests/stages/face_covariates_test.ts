import { assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import {
  conditionLatents,
  FACE_COVARIATES,
  faceCovariates,
} from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { TINY_SIZE, tinyGenerator } from "../support/tiny_prior.ts";

testOnBackends(
  "faceCovariates() gives a direction for each circumstance, the same for the same seed",
  async () => {
    const generator = tinyGenerator();
    {
      using model = conditionLatents(generator, {
        samplingSteps: 1,
        noise: "latent",
      });
      const find = () =>
        faceCovariates(model, {
          random: randomStream(1),
          count: 16,
          scale: 3,
          size: TINY_SIZE,
          people: 6,
        });
      const found = await find();
      assertEquals(found.length, FACE_COVARIATES.length);
      for (const { direction, scale } of found) {
        assertEquals([direction.length, scale], [48, 3]);
      }
      assertEquals(await find(), found);
    }
    generator.dispose();
  },
);
