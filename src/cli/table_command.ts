/**
 * `outis table`: the paper's tables, ours beside the printed rows.
 *
 * @module
 */
import { writeAtomic } from "../core/mod.ts";
import {
  TABLE_FILES,
  TABLE_NUMBERS,
  type TableFormat,
  type TableNumber,
  tablePage,
  tableResults,
} from "../stages/mod.ts";
import { type Command, defineCommand } from "./command.ts";
import { UsageError } from "./options.ts";
import { readNotes, writeStudy } from "./study_files.ts";
import { folderMethods } from "./table_methods.ts";
import { checkTogether, DEFAULT_SEEDS, tableOptions } from "./table_options.ts";
import {
  drawPicture,
  machineOf,
  readTried,
  resultsName,
} from "./table_results_files.ts";
import {
  inputFailures,
  MEMORY,
  openTableStudy,
  scoreMethods,
} from "./table_study.ts";

/** Runs `outis table`. */
export const tableCommand: Command = defineCommand({
  name: "table",
  task: "table",
  group: "The paper's tables, and studies",
  summary:
    "Run one of the paper's tables over seeds, and print it beside the printed rows",
  about:
    "Trains the same recogniser on real images, with Random Erasing, and with the images of the adapted and of the reinforced generator, and judges all of them by one protocol: 1 re-identifies pedestrians, 2 verifies faces, 3 verifies them within groups. Every seed is a folder of --out; what is there already is not done again, by whichever table or figure it was made.",
  examples: [
    { args: "2 --preset tiny", does: "a look at every part" },
    {
      args:
        "2 --seeds 5 --jobs 2 --out runs/study/faces --results data/results",
      does: "two seeds at a time, and the results page",
    },
    {
      args: "1 --data market1501/ --synthetic DG-Net=dgnet/",
      does: "on Market-1501, with a row of images made elsewhere",
    },
  ],
  operands: ["1|2|3"],
  options: {
    ...tableOptions,
    synthetic: {
      value: "NAME=DIR",
      many: true,
      help:
        "a row of one's own: real images and those in DIR, one folder per identity",
    },
    "synthetic-only": {
      value: "NAME=DIR",
      many: true,
      help: "a row of one's own: the images in DIR alone",
    },
    out: {
      value: "DIR",
      help:
        "folder of the work, gone on with if there; tables and figures may share it (default runs/table-N)",
    },
    results: {
      value: "DIR",
      help:
        "where table_N.{json,md,png} go, and table_N_notes.md and tried_settings.md for the page's end are (default: no such page)",
    },
    format: {
      value: "NAME",
      choices: Object.keys(TABLE_FILES),
      help:
        "text, markdown, csv, json or latex on standard output (default text)",
    },
  },
  plans: true,
  stopped: "Stopped. The same command goes on from here.",
  async run(call) {
    const { options, signal, say, display } = call;
    const number = Number(call.operands[0]) as TableNumber;
    if (!TABLE_NUMBERS.includes(number)) {
      throw new UsageError(
        `Cannot make a table as its number must be one of ${
          TABLE_NUMBERS.join(", ")
        }: current value is ${call.operands[0]}`,
      );
    }
    checkTogether(number, options);
    const { seeds = DEFAULT_SEEDS, out = `runs/table-${number}` } = options;
    const { results, "only-seed": only } = options;
    const study = await openTableStudy({
      number,
      options: { ...options, seeds, out },
      own: folderMethods({
        synthetic: options.synthetic,
        alone: options["synthetic-only"],
      }),
      engine: call.engine,
      signal,
      display,
      say,
    });
    const { settings, engine } = study;
    const counted = only !== undefined
      ? `seed ${only}`
      : `${seeds} seed${seeds === 1 ? "" : "s"}`;
    const { source } = await study.target(only ?? 0);
    await call.announce({
      does:
        `Table ${number}: ${settings.methods.length} methods under ${counted}, trained on ${source} What is done is kept in ${out}`,
      memory: MEMORY * (options.jobs ?? 1),
      out,
    });
    const scored = await inputFailures(() =>
      scoreMethods(study, ["table", `${number}`])
    );
    display.end();
    if (only !== undefined) {
      say(`Seed ${only} is done; it is kept in ${out}.`);
      return { text: "", json: { seed: only, cells: scored.cells } };
    }
    const page = {
      ...scored,
      number,
      settings,
      command: call.printed(),
      engine: `${engine.name} ${engine.version}`,
    };
    for (const [format, ending] of Object.entries(TABLE_FILES)) {
      const text = tablePage(page, format as TableFormat);
      await writeAtomic(`${out}/table_${number}.${ending}`, text);
    }
    say(`Also as ${Object.values(TABLE_FILES).join(", ")} in ${out}.`);
    if (results !== undefined) {
      const name = resultsName(`table_${number}`, options);
      const given = {
        ...page,
        name,
        machine: machineOf(options),
        ...await readTried(results, options.population),
        ...await readNotes(results, name),
      };
      const { figure } = tableResults(given);
      const place = { folder: results, name };
      const picture = await drawPicture(figure, place, study);
      const written = tableResults({ ...given, ...picture });
      say(`${(await writeStudy(results, name, written)).text}`);
    }
    const format = (options.format ?? "text") as TableFormat;
    return {
      text: tablePage(page, format).trimEnd(),
      json: JSON.parse(tablePage(page, "json")),
    };
  },
});
