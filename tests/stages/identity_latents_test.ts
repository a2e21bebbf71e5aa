import { assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned } from "../../src/engine/mod.ts";
import {
  identityLatents,
  LATENT_CONSTANTS,
  LATENT_KINDS,
} from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { TINY_SIZE, tinyGenerator } from "../support/tiny_prior.ts";

testOnBackends(
  "identityLatents() draws pictures from each kind of latents, for which there are constants",
  async () => {
    const generator = tinyGenerator();
    // Condition 32; noise and grid 2 x 2 x 4.
    const dimensions = { noise: 48, condition: 32, autoencoder: 16 };
    for (const kind of LATENT_KINDS) {
      const { truncation } = LATENT_CONSTANTS[kind];
      assertEquals(truncation > 0 && truncation <= 1, true);
      using model = await identityLatents(generator, {
        kind,
        samplingSteps: 1,
        people: 3,
      });
      assertEquals(model.dimensions, dimensions[kind]);
      using w = owned(model.sample([randomStream(1)]));
      using images = owned(model.decode(w.value));
      assertEquals(images.value.shape, [1, TINY_SIZE, TINY_SIZE, 3]);
    }
    generator.dispose();
  },
);
