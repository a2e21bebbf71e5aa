/**
 * `outis reproduce`: the whole method in one run.
 *
 * @module
 */
import { isThere, openRunDirectory } from "../core/mod.ts";
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
import { type Command, defineCommand } from "./command.ts";
import { type ParsedOptions, UsageError } from "./options.ts";
import { directGradient, presetFor, presets } from "./presets.ts";
import {
  checkPrivacy,
  privacyOptions,
  withPrivacy,
} from "./privacy_options.ts";
import { readTarget } from "./read_target.ts";
import { reproducePlan } from "./reproduce_plan.ts";
import { engineOptions } from "./setup_command.ts";

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

type Options = ParsedOptions<typeof table>;

/** Runs `outis reproduce`. */
export const reproduceCommand: Command = defineCommand({
  name: "reproduce",
  task: "reproduce",
  group: "Make synthetic people",
  summary:
    "Run the whole method: adapt, reinforce, generate, train, evaluate, report",
  about:
    "Takes a pretrained generator, adapts it to the training people (section 4.1), tunes it on the rewards (4.2), draws synthetic images, and judges on people never trained on what a recogniser gains from them (4.3). Ctrl-C stops after the present step; --resume goes on exactly there.",
  examples: [
    { args: "--preset tiny", does: "a look at every part on procedural faces" },
    {
      args: "--data faces/ --redact",
      does:
        "on your own photographs, one folder per person, blurred in the report",
    },
    { args: "--resume", does: "goes on with the newest run" },
  ],
  options: table,
  plans: true,
  async run(call) {
    const { options, signal, say, display } = call;
    const out = options.resume
      ? options.out ?? await newestRun()
      : options.out ?? `runs/${stamp()}`;
    const configuration = options.resume
      ? await configurationOf(out, options)
      : newConfiguration(options);

    const { data } = configuration;
    if (data !== null && !await isThere(data)) {
      // Before an engine is installed for it.
      throw new UsageError(
        `Cannot reproduce as '${data}' must be an existing folder: current value is not there`,
      );
    }
    const engine = await call.engine();
    const place = configuration.prior ?? priorUrl();
    const prior = await badInput(() => loadGenerator(place));
    const { height, width } = prior.config.autoencoder;
    const stopped = () => {
      display.end();
      say(
        options.resume
          ? `Stopped. 'deno task reproduce --resume --out ${out}' goes on from here.`
          : "Stopped before anything was kept. The same command begins anew.",
      );
    };
    const { images, source } = await badInput(() =>
      readTarget(configuration, { height, width }, signal, display.step)
    ).catch((error) => {
      if (signal.aborted) stopped();
      throw error;
    });
    await badInput(() => {
      checkTarget(images, configuration.settings);
      checkPrivacy(images, configuration.settings);
    });
    display.end();
    for (const problem of images.problems) say(problem);
    const auditor = await badInput(() => loadAuditor(place));
    await call.announce({
      ...reproducePlan({ settings: configuration.settings, images, prior }),
      out,
      resumed: options.resume,
    });
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
      const found = await reproduce({
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
      await run.finish();
      return { text: found.report, json: { run: out, ...found } };
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
});

function newConfiguration(
  options: Options,
): Configuration {
  const { preset = "small", seed = 0, data, prior, objective } = options;
  const { layout = "folder" } = options;
  if (options.layout !== undefined && data === undefined) {
    throw new UsageError(
      `Cannot reproduce as '--layout' must come with --data: current value is ${layout}`,
    );
  }
  const settings: ReproduceSettings = {
    seed,
    ...presetFor(preset, { isOwn: data !== undefined }),
  };
  settings.coldStart = withPrivacy(settings.coldStart, options);
  if (objective !== undefined) {
    settings.reinforce = {
      ...settings.reinforce,
      ...(objective === "direct"
        ? {
          ...directGradient,
          steps: Math.min(directGradient.steps, settings.reinforce.steps),
        }
        : { objective: "policy" }),
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
  options: Options,
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
