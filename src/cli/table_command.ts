/**
 * `outis table`: the paper's tables, ours beside the printed rows.
 *
 * @module
 */
import { writeAtomic } from "../core/mod.ts";
import { digestImages, type Layout, LAYOUTS } from "../data/mod.ts";
import {
  NETWORK_NAMES,
  type NetworkName,
  trainableNetwork,
} from "../models/mod.ts";
import {
  ablationMethods,
  digestGenerator,
  loadAuditor,
  loadGenerator,
  priorUrl,
  proceduralTable,
  readTable,
  runTable,
  TABLE_FILES,
  TABLE_NUMBERS,
  type TableFormat,
  type TableNumber,
  tablePage,
  type TableRecognizer,
  type TableTarget,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import type { Command } from "./main.ts";
import { openRun } from "./open_run.ts";
import { helpText, parseOptions, UsageError } from "./options.ts";
import { partProgress } from "./part_progress.ts";
import { takePositional } from "./positional.ts";
import { engineOptions } from "./setup_command.ts";
import { startEngine } from "./start_engine.ts";
import { checkMethods, folderMethods } from "./table_methods.ts";
import {
  TABLE_PRESETS,
  type TablePreset,
  tableSettings,
} from "./table_presets.ts";

const summary =
  "Run one of the paper's tables over seeds, and print it beside the printed rows";

const table = {
  preset: {
    value: "NAME",
    choices: TABLE_PRESETS,
    help: "sizes: tiny, small or paper (default small)",
  },
  seeds: { value: "N", least: 1, help: "how many seeds (default 3)" },
  data: {
    value: "DIR",
    help:
      "real images; for table 1 with queries and gallery (default: procedural people)",
  },
  layout: {
    value: "NAME",
    choices: Object.keys(LAYOUTS),
    help: "how they lie in DIR (default: recognised by the names there)",
  },
  test: {
    value: "DIR",
    help: "pairs to verify: .bin sets, LFW's lists, RFW (tables 2 and 3)",
  },
  identities: { value: "N", least: 2, help: "train on N of the identities" },
  images: { value: "N", least: 2, help: "train on at most N images of each" },
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
  ablation: { help: "the rows of the paper's ablation, Figure 5, instead" },
  objective: {
    value: "NAME",
    choices: ["policy", "direct"],
    help: "policy gradient (eq. 1) or direct reward gradient (default policy)",
  },
  network: {
    value: "NAME",
    choices: NETWORK_NAMES,
    help: "network of the recognisers (default: as the preset says)",
  },
  height: {
    value: "N",
    least: 16,
    help:
      "rows of the images the recognisers take (default: as the preset says)",
  },
  resize: { help: "bring generated images to this size where they differ" },
  prior: {
    value: "DIR",
    help: "pretrained generator (default: the one shipped)",
  },
  "re-rank": { help: "re-rank by k-reciprocal neighbours (table 1)" },
  "no-overlap": {
    help: "do not look for test images among those trained on",
  },
  out: {
    value: "DIR",
    help: "run directory, gone on with if there (default runs/table-N)",
  },
  format: {
    value: "NAME",
    choices: Object.keys(TABLE_FILES),
    help:
      "text, markdown, csv, json or latex on standard output (default text)",
  },
  json: { help: "the same as --format json" },
  ...engineOptions,
} as const;

type Options = ReturnType<typeof parseOptions<typeof table>>;

const usage =
  "deno task table 1|2|3 [options]\n\nExample: deno task table 2 --preset small --seeds 3 --format markdown";

/** Runs `outis table`. */
export const tableCommand: Command = {
  summary,
  async run(args, signal) {
    const { values, rest } = takePositional(args, table, ["1|2|3"]);
    const options = parseOptions(rest, table);
    if (options.help) {
      console.log(helpText(usage, summary, table));
      return 0;
    }
    const number = Number(values[0]) as TableNumber;
    if (!TABLE_NUMBERS.includes(number)) {
      throw new UsageError(
        `Cannot make a table as its number must be one of ${
          TABLE_NUMBERS.join(", ")
        }: current value is ${values[0]}`,
      );
    }
    checkTogether(number, options);
    const say = (line: string) => console.error(line);
    const { preset = "small", seeds = 3, out = `runs/table-${number}` } =
      options;
    const { settings, people } = await badInput(() =>
      tableSettings(number, preset as TablePreset, {
        seeds: Array.from({ length: seeds }, (_, seed) => seed),
        network: options.network as NetworkName | undefined,
        height: options.height,
        ...(options.resize && { resize: true }),
      })
    );
    if (options.objective === "direct") {
      settings.reinforce = {
        ...settings.reinforce,
        objective: "direct",
        rate: 1e-4,
      };
    }
    const own = folderMethods({
      synthetic: options.synthetic,
      alone: options["synthetic-only"],
    });
    settings.methods = [
      ...(options.ablation ? ablationMethods() : settings.methods),
      ...own,
    ];

    const engine = await startEngine({ ...options, signal, onLine: say });
    const display = partProgress();
    const size = trainableNetwork(settings.recognizer.network).preprocessing;
    const place = options.prior ?? priorUrl();
    const prior = await badInput(() => loadGenerator(place));
    const auditor = await badInput(() => loadAuditor(place));
    const onStep = (part: string, done: number, total: number) =>
      display.step(part, done, total, {});
    const target: TableTarget = await badInput(() =>
      options.data === undefined
        ? proceduralTable(number, {
          people,
          height: size.height,
          seed: 0,
          reRank: options["re-rank"],
          signal,
          onStep,
        })
        : readTable(number, {
          data: options.data,
          layout: options.layout as Layout | undefined,
          test: options.test,
          subset: {
            ...(options.identities && { identities: options.identities }),
            ...(options.images && { imagesPerIdentity: options.images }),
          },
          reRank: options["re-rank"],
          signal,
          onStep,
        })
    );
    const train = await badInput(() => target.train(size));
    await checkMethods(settings.methods, train);
    checkSampler(settings.recognizer, train.identities.length);
    display.end();
    signal.throwIfAborted();
    say(
      `Table ${number}: ${settings.methods.length} methods under ${seeds} seed${
        seeds === 1 ? "" : "s"
      }, trained on ${target.source} What is done is kept in ${out}.`,
    );

    using run = await openRun(out, {
      configuration: {
        table: number,
        settings: JSON.parse(JSON.stringify(settings)),
        overlap: !options["no-overlap"],
        fingerprints: {
          images: digestImages(train),
          test: target.judge.source,
          prior: await digestGenerator(prior),
        },
      },
      engine,
      versions: { ...Deno.version },
    });
    try {
      const cells = await runTable({
        target,
        settings,
        prior,
        auditor,
        run,
        overlap: !options["no-overlap"],
        signal,
        onStep: display.step,
      });
      display.end();
      const page = {
        ...cells,
        number,
        target,
        settings,
        command: `deno task table ${commandOf(args)}`,
        engine: `${engine.name} ${engine.version}`,
      };
      for (const [format, ending] of Object.entries(TABLE_FILES)) {
        const text = tablePage(page, format as TableFormat);
        await writeAtomic(run.file(`table.${ending}`), text);
      }
      await run.finish();
      const format = options.json ? "json" : options.format ?? "text";
      console.log(tablePage(page, format as TableFormat).trimEnd());
      say(`Also as ${Object.values(TABLE_FILES).join(", ")} in ${out}.`);
      return 0;
    } catch (error) {
      display.end();
      if (signal.aborted) say("Stopped. The same command goes on from here.");
      // Images are read when their turn comes: what is wrong with them is the caller's to mend.
      const isInput = error instanceof RangeError ||
        error instanceof SyntaxError;
      throw isInput ? new UsageError(error.message) : error;
    }
  },
};

/** A batch of P identities needs as many. */
function checkSampler({ sampler }: TableRecognizer, identities: number): void {
  if (typeof sampler !== "object" || identities >= sampler.identities) return;
  throw new UsageError(
    `Cannot make a table as '--data' must hold at least ${sampler.identities} identities to train on, as many as are in a batch: current value is ${identities}`,
  );
}

/** Options that say nothing without others are refused, not passed over. */
function checkTogether(number: TableNumber, options: Options): void {
  const refuse = (name: string, rule: string): never => {
    throw new UsageError(
      `Cannot make table ${number} as '--${name}' must ${rule}: current value is ${
        options[name as keyof Options]
      }`,
    );
  };
  for (const name of ["layout", "test", "identities", "images"] as const) {
    if (options[name] !== undefined && options.data === undefined) {
      refuse(name, "come with --data");
    }
  }
  if (options.test !== undefined && number === 1) {
    refuse("test", "be left out: queries and gallery lie in --data");
  }
  if (options["re-rank"] && number !== 1) refuse("re-rank", "be left out");
}

/** The arguments as they may be printed: folders of this machine by what they hold. */
function commandOf(args: readonly string[]): string {
  const folders = ["--data", "--test", "--prior", "--out"];
  const named = ["--synthetic", "--synthetic-only"];
  const shown: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [option, given] = args[i].split(/=(.*)/s);
    const value = given ?? args[i + 1];
    if (folders.includes(option)) {
      if (option !== "--out") shown.push(option, "DIR");
    } else if (named.includes(option)) {
      shown.push(option, `${value?.split("=")[0]}=DIR`);
    } else {
      shown.push(args[i]);
      continue;
    }
    if (given === undefined) i++;
  }
  return shown.join(" ");
}
