import { assert, assertEquals, assertThrows } from "@std/assert";
import { TABLE_PRESETS, tableSettings } from "../../src/cli/table_presets.ts";
import { trainableNetwork } from "../../src/models/mod.ts";
import { TABLE_NUMBERS } from "../../src/stages/mod.ts";

const seeds = [0];

Deno.test("every table has every size, as plain data that can be written and printed", () => {
  for (const number of TABLE_NUMBERS) {
    for (const preset of TABLE_PRESETS) {
      const { settings, people } = tableSettings(number, preset, { seeds });
      assertEquals(JSON.parse(JSON.stringify(settings)), settings);
      assertEquals(settings.methods.length, 4);
      const { sampler } = settings.recognizer;
      if (typeof sampler === "object") {
        assert(sampler.identities <= people.identities);
      }
      assertEquals(people.groups !== undefined, number === 3);
    }
  }
});

// 5.1: 256 x 128, P 16 x K 4, Adam; faces with CosFace, batch 128, SGD.
Deno.test("the size 'paper' has the numbers that section 5.1 prints", () => {
  const persons = tableSettings(1, "paper", { seeds }).settings.recognizer;
  const { height, width } = trainableNetwork(persons.network).preprocessing;
  assertEquals([height, width, persons.network.kind], [256, 128, "resnet"]);
  const faces = tableSettings(2, "paper", { seeds }).settings.recognizer;
  // All else is the recipe's.
  for (
    const [{ network: _, ...own }, recipe] of [
      [persons, { recipe: "persons", steps: 24_000, candidates: 64 }],
      [faces, { recipe: "faces", steps: 40_000, candidates: 128 }],
    ] as const
  ) assertEquals(own, recipe);
});

Deno.test("network, height and resizing can be chosen", () => {
  const { settings } = tableSettings(1, "tiny", {
    seeds: [0, 1],
    network: "vit-small",
    height: 32,
    resize: true,
  });
  const { height, width } = trainableNetwork(settings.recognizer.network)
    .preprocessing;
  assertEquals([height, width, settings.resize], [32, 16, true]);
  assertEquals(settings.seeds, [0, 1]);
  assertThrows(
    () => tableSettings(1, "tiny", { seeds, network: "iresnet-small" }),
    RangeError,
    "'width' must be the height",
  );
});
