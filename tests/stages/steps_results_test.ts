import { assert, assertEquals } from "@std/assert";
import {
  ablationFigureMethods,
  backboneFigureMethods,
  stepsResults,
  type StepsResultsInput,
} from "../../src/stages/mod.ts";
import { tableSettings } from "../../src/cli/table_presets.ts";
import { cellOf } from "./table_cells.ts";

const objectives = {
  "policy gradient": { objective: "policy" },
  "direct gradient": { objective: "direct" },
} as const;

function inputOf(
  seeds: number[],
  extra: Partial<StepsResultsInput> = {},
): StepsResultsInput {
  const { methods, groups } = ablationFigureMethods(objectives);
  return {
    number: 2,
    figure: 5,
    title: "what each part adds",
    groups,
    against: "previous",
    // Each line is 1 above the one before it; the seeds move them by 0.1 times the line.
    cells: seeds.flatMap((seed) =>
      methods.map(({ name }, i) =>
        cellOf(name, seed, { "average of 4": 70 + i + 0.1 * i * seed })
      )
    ),
    absent: {},
    target: {
      source: "people",
      judge: {
        columns: ["average of 4"],
        headlines: ["average of 4"],
        source: "strangers",
      },
    },
    settings: { ...tableSettings(2, "tiny", { seeds }).settings, methods },
    command: "deno task outis figure 5",
    engine: "wasm",
    machine: "2 cores",
    seconds: { recognition: 40, generation: 7200 },
    name: "figure_5",
    ...extra,
  };
}

// Line i has 70 + i and 70 + 1.1 i under two seeds: mean 70 + 1.05 i; from line to line 1 and 1.1: 1.05.
Deno.test("each line of an ablation stands against the one before it, with the paper's number", () => {
  const { markdown, json, figures } = stepsResults(inputOf([0, 1]));
  for (
    const text of [
      "# Figure 5 in the small: what each part adds",
      "2.0 h of processor time for the synthetic images, 40 s for training",
      "## policy gradient",
      "## direct gradient",
      "| Base DiT | 75.65 | 70.00 ± 0.00 |",
      "| + selection | 77.85 | 71.05 ± 0.64 | Base DiT | 1.05 ± 0.64 |",
      "- Trained on: people",
      "- Protocol (LFW): verification (folds 10; pairs 600)",
    ]
  ) assert(markdown.includes(text), `${text}\n${markdown}`);
  assertEquals(figures.length, 2);
  const { rows } = JSON.parse(json);
  assertEquals(rows.length, 10);
  // The first two lines have no reward: they are the same for both ways.
  const line = (group: string, label: string) =>
    rows.find((row: { group: string; label: string }) =>
      row.group === group && row.label === label
    );
  assertEquals(
    line("policy gradient", "+ selection").values,
    line("direct gradient", "+ selection").values,
  );
  assertEquals(line("direct gradient", "+ semantic").with, "+ selection");
  assertEquals(line("policy gradient", "Base DiT").difference, undefined);
});

Deno.test("backbones stand against their own base, column by column", () => {
  const { methods, groups } = backboneFigureMethods({
    CNN: {},
    ViT: { rate: 5e-4 },
  });
  assertEquals(methods.map(({ recognizer }) => recognizer?.rate), [
    ...[undefined, undefined, undefined],
    ...[5e-4, 5e-4, 5e-4],
  ]);
  const seeds = [0, 1];
  const columns = ["mAP", "Rank-1"];
  const input = inputOf(seeds, {
    figure: 6,
    groups,
    against: "first",
    cells: seeds.flatMap((seed) =>
      methods.map(({ name }, i) =>
        cellOf(name, seed, { mAP: 40 + i, "Rank-1": 50 + i * seed })
      )
    ),
    target: {
      source: "people",
      judge: { columns, headlines: columns, source: "strangers" },
    },
    settings: { ...tableSettings(1, "tiny", { seeds }).settings, methods },
  });
  const { rows } = JSON.parse(stepsResults(input).json);
  assertEquals(rows.length, 2 * 2 * 3);
  const ours = rows.filter((row: { label: string }) => row.label === "ours");
  for (const row of ours) assertEquals(row.with, "base");
  assertEquals(ours[0].difference.mean, 2);
});

Deno.test("one seed has neither intervals nor differences nor figures; what could not be run is said", () => {
  const one = stepsResults(inputOf([0]));
  assertEquals(one.figures, []);
  assert(one.markdown.includes("One seed (0)"));
  const none = stepsResults(inputOf([0, 1], {
    cells: [],
    absent: { "Base DiT": "No prior of this world is shipped." },
  }));
  assert(none.markdown.includes("Nothing of it could be run"));
  assert(
    none.markdown.includes(
      "- Base DiT could not be run: No prior of this world is shipped.",
    ),
  );
  assertEquals(none.figures, []);
});
