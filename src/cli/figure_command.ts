/**
 * `outis figure`: the paper's figures from the work of its tables.
 *
 * @module
 */
import {
  ablationFigureMethods,
  backboneFigureMethods,
  type FigureMethods,
  stepsResults,
  type TableNumber,
  type TableObjectives,
} from "../stages/mod.ts";
import { drawFeatures, drawPeople } from "./figure_pictures.ts";
import { type Command, defineCommand, type Outcome } from "./command.ts";
import { UsageError } from "./options.ts";
import { readNotes, writeStudy } from "./study_files.ts";
import { checkTogether, DEFAULT_SEEDS, tableOptions } from "./table_options.ts";
import { backbonesOf, type TablePreset } from "./table_presets.ts";
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
  type TableStudy,
} from "./table_study.ts";

/** Whose people and judge a figure has. */
const TABLE_OF: { [figure: number]: TableNumber } = {
  2: 1,
  3: 2,
  4: 2,
  5: 2,
  6: 1,
};

/** Runs `outis figure`. */
export const figureCommand: Command = defineCommand({
  name: "figure",
  group: "The paper's tables, and studies",
  summary:
    "Make one of the paper's figures: people before and after, features, ablation, backbones",
  about:
    "2 and 3 show pedestrians and faces before and after reinforcement, 4 the features of ten identities on spheres, 5 what each part adds, 6 two backbones. What the tables have made in the same --out is used, and what is missing is made there.",
  examples: [
    { args: "3 --preset tiny", does: "a look at faces" },
    {
      args:
        "5 --seeds 5 --jobs 2 --out runs/study/faces --results data/results",
      does: "the ablation, on the work of table 2",
    },
  ],
  operands: ["2|3|4|5|6"],
  options: {
    ...tableOptions,
    seed: {
      value: "S",
      least: 0,
      help: "which seed's generators figures 2 to 4 show (default 0)",
    },
    out: {
      value: "DIR",
      help:
        "folder of the work, gone on with if there; tables and figures may share it (default runs/figure-N)",
    },
    results: {
      value: "DIR",
      help:
        "where figure_N.{json,md,png} go, and figure_N_notes.md and tried_settings.md for the page's end are (default: in --out)",
    },
  },
  plans: true,
  stopped: "Stopped. The same command goes on from here.",
  async run(call) {
    const { options, signal, say, display } = call;
    const figure = Number(call.operands[0]);
    if (!Object.hasOwn(TABLE_OF, figure)) {
      throw new UsageError(
        `Cannot make a figure as its number must be one of ${
          Object.keys(TABLE_OF).join(", ")
        }: current value is ${call.operands[0]}`,
      );
    }
    const number = TABLE_OF[figure];
    checkTogether(number, options);
    const { out = `runs/figure-${figure}`, preset = "small" } = options;
    const { results = out } = options;
    const isSteps = figure === 5 || figure === 6;
    const plan = (objectives: TableObjectives): FigureMethods =>
      figure === 6
        ? backboneFigureMethods(
          backbonesOf(preset as TablePreset, options.height),
        )
        : ablationFigureMethods(objectives);
    const study = await openTableStudy({
      number,
      options: {
        ...options,
        out,
        seeds: isSteps ? options.seeds ?? DEFAULT_SEEDS : 1,
      },
      methods: (objectives) => plan(objectives).methods,
      engine: call.engine,
      signal,
      display,
      say,
    });
    const { source } = await study.target(options["only-seed"] ?? 0);
    await call.announce({
      does:
        `Figure ${figure}, trained on ${source} What is done is kept in ${out}`,
      memory: MEMORY * (options.jobs ?? 1),
      out,
    });
    const command = call.printed();
    return await inputFailures(() => {
      if (isSteps) {
        const { groups } = plan(study.objectives);
        return compare(study, { figure, groups, command, results });
      }
      const draw = figure === 4 ? drawFeatures : drawPeople;
      return draw(study, {
        figure: figure as 2 | 3 | 4,
        seed: options.seed ?? 0,
        results,
        command,
      });
    });
  },
});

/** Figures 5 and 6: trainings compared. */
async function compare(
  study: TableStudy,
  { figure, groups, command, results }: {
    figure: number;
    groups: FigureMethods["groups"];
    command: string;
    results: string;
  },
): Promise<Outcome> {
  const { options, settings, engine, display, say } = study;
  const only = options["only-seed"];
  const scored = await scoreMethods(study, ["figure", `${figure}`]);
  display.end();
  if (only !== undefined) {
    say(`Seed ${only} is done; it is kept in ${options.out}.`);
    return { text: "", json: { seed: only, cells: scored.cells } };
  }
  const name = resultsName(`figure_${figure}`, options);
  const given = {
    ...scored,
    number: study.number,
    figure,
    title: figure === 5 ? "what each part adds" : "backbones",
    groups,
    against: figure === 5 ? "previous" as const : "first" as const,
    settings,
    command,
    engine: `${engine.name} ${engine.version}`,
    machine: machineOf(options),
    name,
    ...await readTried(results, options.population),
    ...await readNotes(results, name),
  };
  const pictures: string[] = [];
  for (const [i, drawn] of stepsResults(given).figures.entries()) {
    const file = i === 0 ? name : `${name}_${i + 1}`;
    const { picture } = await drawPicture(
      drawn,
      { folder: results, name: file },
      study,
    );
    if (picture !== undefined) pictures.push(picture);
  }
  return await writeStudy(results, name, stepsResults({ ...given, pictures }));
}
