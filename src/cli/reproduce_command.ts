/**
 * `outis reproduce`: the whole method in one run.
 *
 * @module
 */
import { openRunDirectory } from "../core/mod.ts";
import { digestImages, type Layout, LAYOUTS } from "../data/mod.ts";
import {
  checkTarget,
  digestGenerator,
  loadAuditor,
  loadGenerator,
  priorUrl,
  reproduce,
  type ReproduceSettings,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import type { Command } from "./main.ts";
import { helpText, parseOptions, UsageError } from "./options.ts";
import { partProgress } from "./part_progress.ts";
import { presets } from "./presets.ts";
import {
  checkPrivacy,
  privacyOptions,
  withPrivacy,
} from "./privacy_options.ts";
import { readTarget } from "./read_target.ts";
import { engineOptions } from "./setup_command.ts";
import { startEngine } from "./start_engine.ts";

const summary =
  "Run the whole method: adapt, reinforce, generate, train, evaluate, report";

const table = {
  data: {
    value: "DIR",
    help: "own images (default: procedural faces)",
  },
  layout: {
    value: "NAME",
    choices: Object.keys(LAYOUTS),
    help: "how they lie in DIR (default folder: one folder per identity)",
  },
  preset: {
    value: "NAME",
    choices: Object.keys(presets),
    help: "sizes: tiny, small or paper (default small)",
  },
  objective: {
    value: "NAME",
    choices: ["policy", "direct"],
    help: "policy gradient (eq. 1) or direct reward gradient (default policy)",
  },
  weights: {
    value: "NAME",
    choices: ["fixed", "adaptive"],
    help:
      "the paper's weights of the rewards, or balanced ones (default fixed)",
  },
  "on-alarm": {
    value: "NAME",
    choices: ["log", "rollback", "stop"],
    help: "what an alarm of the reinforcement does (default log)",
  },
  ...privacyOptions,
  prior: {
    value: "DIR",
    help: "pretrained generator (default: the one shipped)",
  },
  out: { value: "DIR", help: "run directory (default: a new one in runs/)" },
  seed: { value: "N", least: 0, help: "seed of everything (default 0)" },
  "skip-bad": { help: "leave broken images out instead of stopping" },
  redact: { help: "blur real faces in the report" },
  resume: {
    help: "go on with the run in --out, or with the newest one in runs/",
  },
  ...engineOptions,
} as const;

/** What a run directory remembers of the command, so that `--resume` needs no repetition. */
type Configuration = {
  data: string | null;
  layout: Layout;
  skipBad: boolean;
  redact: boolean;
  prior: string | null;
  settings: ReproduceSettings;
};

/** Runs `outis reproduce`. */
export const reproduceCommand: Command = {
  summary,
  async run(args, signal) {
    const options = parseOptions(args, table);
    if (options.help) {
      console.log(
        helpText("deno task reproduce [options]", summary, table),
      );
      return 0;
    }
    const say = (line: string) => console.error(line);
    const out = options.resume
      ? options.out ?? await newestRun()
      : options.out ?? `runs/${stamp()}`;
    const configuration = options.resume
      ? await configurationOf(out, options)
      : newConfiguration(options);

    const engine = await startEngine({ ...options, signal, onLine: say });
    const place = configuration.prior ?? priorUrl();
    const prior = await badInput(() => loadGenerator(place));
    const { height, width } = prior.config.autoencoder;
    const display = partProgress();
    const { images, source } = await badInput(() =>
      readTarget(configuration, { height, width }, signal, display.step)
    );
    await badInput(() => {
      checkTarget(images, configuration.settings);
      checkPrivacy(images, configuration.settings);
    });
    display.end();
    for (const problem of images.problems) say(problem);
    const auditor = await badInput(() => loadAuditor(place));
    const fingerprints = {
      images: digestImages(images),
      prior: await digestGenerator(prior),
    };
    signal.throwIfAborted();

    using run = await badInput(() =>
      openRunDirectory(out, {
        manifest: {
          configuration: { ...configuration, fingerprints },
          engine: { ...engine },
          versions: { ...Deno.version },
        },
        resume: options.resume,
        now: Date.now,
      })
    );
    try {
      const { report } = await reproduce({
        images,
        source,
        prior,
        auditor,
        settings: configuration.settings,
        run,
        engine,
        redact: configuration.redact || options.redact,
        now: Date.now,
        signal,
        onStep: display.step,
      });
      display.end();
      await run.finish();
      console.log(report);
      return 0;
    } catch (error) {
      if (signal.aborted) {
        display.end();
        say(
          `Stopped. 'deno task reproduce --resume --out ${out}' goes on from here.`,
        );
      }
      throw error;
    }
  },
};

function newConfiguration(
  options: ReturnType<typeof parseOptions<typeof table>>,
): Configuration {
  const { preset = "small", seed = 0, data, prior, objective } = options;
  const { layout = "folder" } = options;
  if (options.layout !== undefined && data === undefined) {
    throw new UsageError(
      `Cannot reproduce as '--layout' must come with --data: current value is ${layout}`,
    );
  }
  const settings: ReproduceSettings = { seed, ...presets[preset] };
  settings.coldStart = withPrivacy(settings.coldStart, options);
  if (objective !== undefined) {
    settings.reinforce = {
      ...settings.reinforce,
      ...(objective === "direct" ? { objective, rate: 1e-4 } : {
        objective: "policy",
      }),
    };
  }
  const { weights, "on-alarm": onAlarm } = options;
  settings.reinforce = {
    ...settings.reinforce,
    ...(weights === "adaptive" ? { weights } : {}),
    ...(onAlarm === undefined
      ? {}
      : { onAlarm: onAlarm as "stop" | "rollback" | "log" }),
  };
  return {
    data: data ?? null,
    layout: layout as Layout,
    skipBad: options["skip-bad"],
    redact: options.redact,
    prior: prior ?? null,
    settings,
  };
}

/** The configuration of an earlier run; options that would change it are refused. */
async function configurationOf(
  out: string,
  options: ReturnType<typeof parseOptions<typeof table>>,
): Promise<Configuration> {
  for (
    const name of [
      "data",
      "layout",
      "preset",
      "objective",
      "weights",
      "on-alarm",
      "epsilon",
      "delta",
      "unit",
      "prior",
      "seed",
    ] as const
  ) {
    if (options[name] !== undefined) {
      throw new UsageError(
        `Cannot resume a run as '--${name}' must be left out, since the run remembers it: current value is ${
          options[name]
        }`,
      );
    }
  }
  try {
    const text = await Deno.readTextFile(`${out}/manifest.json`);
    const { configuration } = JSON.parse(text);
    if (typeof configuration.settings === "object") return configuration;
  } catch {
    // told below
  }
  throw new UsageError(
    `Cannot resume a run as '--out' must be the folder of an earlier run: current value is ${out}`,
  );
}

async function newestRun(): Promise<string> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir("runs")) {
      if (/^\d{4}-\d\d-\d\dT/.test(entry.name)) names.push(entry.name);
    }
  } catch {
    // no folder, no runs
  }
  const newest = names.sort().at(-1);
  if (newest === undefined) {
    throw new UsageError(
      "Cannot resume a run as runs/ must hold one: there is none, so name it by --out",
    );
  }
  return `runs/${newest}`;
}

/** Now, as a folder name that sorts by time. */
function stamp(): string {
  return new Date(Date.now()).toISOString().slice(0, 19).replaceAll(":", "-");
}
