import { assert, assertEquals } from "@std/assert";
import {
  pictureResults,
  tableResults,
  type TableResultsInput,
} from "../../src/stages/mod.ts";
import { tableSettings } from "../../src/cli/table_presets.ts";
import { cellOf } from "./table_cells.ts";

const inputOf = (seeds: number[]): TableResultsInput => ({
  number: 2,
  cells: seeds.flatMap((seed) => [
    cellOf("Real only", seed, { "average of 4": 70 + seed }),
    cellOf("Ours", seed, { "average of 4": 72 + 2 * seed }),
  ]),
  absent: { "Base DiT": "No prior." },
  target: {
    source: "people",
    judge: {
      columns: ["average of 4"],
      headlines: ["average of 4"],
      source: "strangers",
    },
  },
  settings: {
    ...tableSettings(2, "tiny", { seeds }).settings,
    methods: [{ name: "Real only" }, { name: "Base DiT" }, { name: "Ours" }],
  },
  command: "deno task table 2",
  engine: "wasm",
  machine: "2 cores (linux x86_64), 1 process of 2 threads",
  seconds: { recognition: 600, generation: 0 },
  name: "table_2",
});

Deno.test("a results page has table, machine, time, settings tried and notes, and draws the rows there are", () => {
  const { markdown, json, figure } = tableResults({
    ...inputOf([0, 1]),
    tried: "Two rates, on the tuning split.\n",
    notes: "## Reading\n\nIt holds.\n",
    picture: "table_2.png",
  });
  for (
    const text of [
      "# Table 2 in the small\n\nMade by `deno task table 2`; wasm, 2 cores",
      "10 min for training and judging the recognisers",
      "| Ours | here |",
      "| NegFaceDiff | paper | 91.70 |",
      "![Table 2 in the small](table_2.png)",
      "## Settings tried\n\nTwo rates, on the tuning split.\n\n## Reading\n\nIt holds.\n",
    ]
  ) assert(markdown.includes(text), `${text}\n${markdown}`);
  const read = JSON.parse(json);
  assertEquals(read.cells.length, 4);
  assertEquals(read.seconds.recognition, 600);
  // Scores, means and differences of the two rows there are.
  assertEquals(figure!.layout.yaxis!.ticktext, ["Real only", "Ours"]);
});

Deno.test("one seed draws nothing", () => {
  assertEquals("figure" in tableResults(inputOf([0])), false);
});

Deno.test("a page of pictures says what is seen, or why it is not there", () => {
  const { settings } = tableSettings(2, "tiny", { seeds: [0] });
  const input = {
    figure: 3,
    title: "faces",
    sentences: ["Rows from the top: real."],
    source: "People.",
    command: "deno task outis figure 3",
    engine: "wasm",
    machine: "2 cores",
    seed: 0,
    settings,
    name: "figure_3",
  };
  const shown = pictureResults({ ...input, picture: "figure_3.png" });
  assert(shown.markdown.includes('<img src="figure_3.png" alt="faces"'));
  assert(shown.markdown.includes("- Rows from the top: real."));
  assertEquals(JSON.parse(shown.json).settings.reinforce, settings.reinforce);
  const hidden = pictureResults({ ...input, picture: { absent: "Hidden." } });
  assert(hidden.markdown.includes("\n\nHidden.\n\n"));
  assert(!hidden.markdown.includes("<img"));
});
