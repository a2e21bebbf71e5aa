import { assertEquals, assertNotEquals } from "@std/assert";
import { conditionLatents } from "../../src/stages/mod.ts";
import {
  drawIdentityArm,
  type IdentityArm,
} from "../../src/stages/identity_arm.ts";
import { identityStudies } from "../../src/cli/identity_study_presets.ts";
import { testOnBackends } from "../support/backends.ts";
import {
  TINY_SIZE,
  tinyEmbedder,
  tinyGenerator,
} from "../support/tiny_prior.ts";

testOnBackends(
  "drawIdentityArm() makes a set of images of each way, references first and the same with and without variations",
  async () => {
    const prior = tinyGenerator();
    const embedder = await tinyEmbedder();
    {
      using model = conditionLatents(prior, {
        samplingSteps: 1,
        noise: "latent",
      });
      const draw = (arm: Omit<IdentityArm, "name">) =>
        drawIdentityArm({
          arm: { name: "x", ...arm },
          settings: {
            ...identityStudies.tiny,
            identities: 2,
            samplingSteps: 1,
          },
          prior,
          model,
          embedder,
          covariates: [],
          seed: 1,
        });
      const size = TINY_SIZE * TINY_SIZE * 3;
      const none = await draw({ references: "random", variations: "none" });
      assertEquals([none.count, none.height], [2, TINY_SIZE]);
      assertEquals(none.identities, ["identity-00000", "identity-00001"]);
      const many = await draw({
        references: "random",
        variations: "none",
        asManyImages: true,
      });
      assertEquals([many.count, many.identities.length], [6, 6]);
      assertEquals(many.images.slice(0, size), none.images.slice(0, size));
      for (const variations of ["noise", "dispersion"] as const) {
        const set = await draw({ references: "random", variations });
        assertEquals(Array.from(set.labels), [0, 0, 0, 1, 1, 1]);
        const image = (i: number) => set.images.slice(i * size, (i + 1) * size);
        assertEquals(image(3), none.images.slice(size), variations);
        assertNotEquals(image(4), image(3), variations);
        assertNotEquals(image(4), image(5), variations);
      }
      const people = await draw({ references: "people", variations: "noise" });
      assertEquals([people.count, people.identities.length], [6, 2]);
    }
    embedder[Symbol.dispose]();
    prior.dispose();
  },
);
