import { assert, assertEquals } from "@std/assert";
import {
  directGradient,
  photographs,
  presetFor,
  presets,
  proceduralTarget,
} from "../../src/cli/presets.ts";
import { checkTarget } from "../../src/stages/mod.ts";

for (const [name, preset] of Object.entries({ ...presets, photographs })) {
  Deno.test(`the preset ${name} goes together with itself and the default target`, () => {
    const { identities, imagesPerIdentity } = proceduralTarget;
    const count = identities * imagesPerIdentity;
    checkTarget({
      images: new Float32Array(3 * count),
      height: 1,
      width: 1,
      count,
      labels: Int32Array.from(
        { length: count },
        (_, i) => Math.floor(i / imagesPerIdentity),
      ),
      identities: Array.from({ length: identities }, (_, i) => `${100 + i}`),
      paths: Array.from({ length: count }, (_, i) => `${1000 + i}`),
      problems: [],
    }, { ...preset, seed: 0 });
    const { reinforce, sampling, measure } = preset;
    // Of an identity's samples one is left out, and two have to stay.
    assert(reinforce.samples >= 3 && reinforce.identities >= 2);
    assert(reinforce.direct.lastSteps <= sampling.samplingSteps);
    assert(measure.samples >= 2);
    // The curve ends where the training ends.
    assertEquals(reinforce.steps % measure.every, 0);
    // What a manifest gives back is what was put in.
    assertEquals(JSON.parse(JSON.stringify(preset)), preset);
  });
}

Deno.test("one's own images are learned by all weights, procedural people by the class table alone", () => {
  for (const name of Object.keys(presets)) {
    const [rendered, own] = [false, true].map((isOwn) =>
      presetFor(name, { isOwn })
    );
    assertEquals(rendered, presets[name]);
    if (name === "small") {
      assertEquals(
        [rendered.coldStart.trainable, own.coldStart.trainable],
        ["labelEmbedding", "all"],
      );
      // The rate of reinforcement is smaller, and nothing else differs.
      assertEquals(own.reinforce, { ...rendered.reinforce, rate: 3e-4 });
      const { coldStart, reinforce } = rendered;
      assertEquals({ ...own, coldStart, reinforce }, rendered);
    } else assertEquals(own, rendered);
  }
});

Deno.test("the direct gradient is measured at its end, too", () => {
  assertEquals(directGradient.steps % presets.small.measure.every, 0);
});
