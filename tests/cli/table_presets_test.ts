import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  backbonesOf,
  TABLE_PRESETS,
  tableSettings,
} from "../../src/cli/table_presets.ts";
import { trainableNetwork } from "../../src/models/mod.ts";
import { TABLE_NUMBERS } from "../../src/stages/mod.ts";

const seeds = [0];

Deno.test("every table has every size, as plain data that can be written and printed", () => {
  for (const number of TABLE_NUMBERS) {
    for (const preset of TABLE_PRESETS) {
      const { settings, people } = tableSettings(number, preset, { seeds });
      assertEquals(JSON.parse(JSON.stringify(settings)), settings);
      // Six rows, and two more for the second way of reinforcement.
      assertEquals(settings.methods.length, 8);
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

Deno.test("each way of reinforcement has its own numbers and none of the other's", () => {
  const both = tableSettings(2, "small", { seeds });
  const direct = tableSettings(2, "small", { seeds, objective: "direct" });
  assertEquals(Object.keys(both.objectives), [
    "policy gradient",
    "direct gradient",
  ]);
  assertEquals(both.settings.reinforce.objective, "policy");
  assertEquals(direct.settings.reinforce.objective, "direct");
  assertEquals(direct.settings.methods.length, 6);
  const row = both.settings.methods.at(-1)!;
  assertEquals(row.reinforce, direct.settings.reinforce);
});

Deno.test("the backbones of Figure 6 take the images of Table 1", () => {
  for (const preset of TABLE_PRESETS) {
    const { settings } = tableSettings(1, preset, { seeds });
    const { CNN, ViT } = backbonesOf(preset);
    assertEquals(CNN, {});
    const [own, theirs] = [settings.recognizer.network, ViT.network!]
      .map((network) => trainableNetwork(network).preprocessing);
    assertEquals([theirs.height, theirs.width], [own.height, own.width]);
    assertEquals(ViT.network!.kind, "vit");
  }
});

Deno.test("a table of one's own images has their cold start, pedestrians learn other cameras' colours", () => {
  const numbers = [1, 2, 3] as const;
  const trainable = (number: 1 | 2 | 3, isOwn: boolean) =>
    tableSettings(number, "small", { seeds, isOwn }).settings.coldStart
      .trainable;
  assertEquals(numbers.map((number) => trainable(number, false)), [
    "labelEmbedding+adaLN",
    "labelEmbedding",
    "labelEmbedding",
  ]);
  assertEquals(numbers.map((number) => trainable(number, true)), [
    "all",
    "all",
    "all",
  ]);
});

Deno.test("a table of one's own images has their reinforcement, too, in its rows and as its own", () => {
  for (const [isOwn, policy] of [[false, 1e-3], [true, 3e-4]] as const) {
    const { settings, objectives } = tableSettings(2, "small", {
      seeds,
      isOwn,
    });
    assertEquals(settings.reinforce.rate, policy);
    assertEquals(
      Object.values(objectives).map(({ rate }) => rate),
      [policy, 3e-4],
    );
  }
});

Deno.test("the smallest size takes no more steps of either reinforcement than it says", () => {
  const { settings, objectives } = tableSettings(2, "tiny", { seeds });
  for (const { steps } of Object.values(objectives)) {
    assertEquals(steps, settings.reinforce.steps);
  }
});
