/**
 * `outis identities`: samples people who are nobody.
 *
 * @module
 */
import {
  digestParams,
  type Embedder,
  randomStream,
  type RunDirectory,
} from "../core/mod.ts";
import { digestImages, type ImageSet, readImageFolder } from "../data/mod.ts";
import {
  conditionLatents,
  lightCovariates,
  loadAuditor,
  loadGenerator,
  makeIdentities,
  priorUrl,
  recognizerEmbedder,
  type ReferenceMethod,
  trainAuditor,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import type { Command } from "./main.ts";
import {
  helpText,
  type ParsedOptions,
  parseOptions,
  UsageError,
} from "./options.ts";
import { openRun } from "./open_run.ts";
import { type PartProgress, partProgress } from "./part_progress.ts";
import { engineOptions } from "./setup_command.ts";
import { startEngine } from "./start_engine.ts";

const summary = "Sample people who are nobody, away from real ones";

const ALGORITHMS = [
  "langevin",
  "dispersion",
  "disco",
  "random",
  "reject",
  "repulse",
] as const;

const table = {
  algorithm: {
    value: "NAME",
    choices: ALGORITHMS,
    help:
      "langevin: references alone; dispersion, disco: and variations of each; random, reject, repulse: to compare with (default disco)",
  },
  count: { value: "N", least: 1, help: "identities (default 20)" },
  variations: {
    value: "N",
    least: 1,
    help: "of each identity, by dispersion and disco (default 8)",
  },
  steps: {
    value: "N",
    least: 1,
    help: "iterations of the references (default 40)",
  },
  avoid: {
    value: "DIR",
    help: "real photographs to keep away from, one folder per identity",
  },
  radius: {
    value: "RAD",
    help: "how far from them, in radians (default 0.6)",
  },
  distance: {
    value: "RAD",
    help: "how far identities should be from each other (default 1.4)",
  },
  check: {
    help: "train a second embedder on other procedural people to check with",
  },
  prior: {
    value: "DIR",
    help: "generator with its auditor (default: the one shipped)",
  },
  "sampling-steps": {
    value: "N",
    least: 1,
    help: "transitions of the generator (default 8)",
  },
  seed: { value: "N", least: 0, help: "seed of everything (default 0)" },
  out: {
    value: "DIR",
    help: "run directory, gone on with if there (default runs/identities)",
  },
  ...engineOptions,
} as const;

type Options = ParsedOptions<typeof table>;

/** Constants where those of the source do not suit the shipped generator, whose forces are weaker. */
const TRUNCATION = 1;
const LANGEVIN_PULL = 0.003;
const DISPERSION_PULL = 0.02;

/** Runs `outis identities`. */
export const identitiesCommand: Command = {
  summary,
  async run(args, signal) {
    const options = parseOptions(args, table);
    if (options.help) {
      console.log(
        helpText("deno task outis identities [options]", summary, table),
      );
      return 0;
    }
    const { out = "runs/identities", count = 20, seed = 0 } = options;
    const { algorithm = "disco", steps = 40, variations: n = 8 } = options;
    const hasVariations = algorithm === "dispersion" || algorithm === "disco";
    if (options.variations !== undefined && !hasVariations) {
      throw usage("--variations", "left out, as there are none", algorithm);
    }
    if (options.radius !== undefined && options.avoid === undefined) {
      throw usage("--radius", "left out without --avoid", options.radius);
    }
    const radius = angle("--radius", options.radius, 0.6);
    const distance = angle("--distance", options.distance, 1.4);
    const say = (line: string) => console.error(line);
    const engine = await startEngine({ ...options, signal, onLine: say });
    const place = options.prior ?? priorUrl();
    const prior = await badInput(() => loadGenerator(place));
    const network = await badInput(async () =>
      await loadAuditor(place) ?? missing(place)
    );
    const display = partProgress();
    try {
      const { height, width } = prior.config.autoencoder;
      const real = options.avoid === undefined
        ? undefined
        : await badInput(() =>
          readImageFolder(options.avoid!, {
            size: { height, width },
            signal,
            onProgress: (done, total) =>
              display.step("read images", done, total, {}),
          })
        );
      const configuration = {
        ...options,
        out: null,
        threads: null,
        generator: await digestParams(prior.params.dit),
        real: real === undefined ? null : digestImages(real),
      };
      using run = await openRun(out, { configuration, engine });
      using embedder = await recognizerEmbedder(network.model, network.params);
      using auditor = options.check
        ? await secondEmbedder({ run, seed, size: height, signal, display })
        : undefined;
      using model = conditionLatents(prior, {
        samplingSteps: options["sampling-steps"] ?? 8,
      });
      const covariates = algorithm === "disco"
        ? lightCovariates(model, {
          random: randomStream(seed, "covariates"),
        })
        : [];
      const report = await makeIdentities({
        model,
        embedder,
        ...(auditor && { auditor }),
        ...(real && { avoid: { images: real, distance: radius } }),
        settings: {
          count,
          seed,
          steps,
          method: hasVariations ? "langevin" : algorithm as ReferenceMethod,
          truncation: TRUNCATION,
          langevin: { distance, pull: LANGEVIN_PULL },
          ...(hasVariations && {
            variations: { count: n, covariates, pull: DISPERSION_PULL },
          }),
        },
        run,
        generator: `@outis/outis, weights ${
          configuration.generator.slice(0, 16)
        }`,
        facts: factsOf(algorithm, { seed, engine: engine.description, real }),
        now: () => performance.now(),
        signal,
        onStep: display.step,
      });
      display.end();
      console.log(report);
      return 0;
    } catch (error) {
      display.end();
      if (signal.aborted) say("Stopped. The same command goes on from here.");
      throw error instanceof RangeError ? new UsageError(error.message) : error;
    } finally {
      prior.dispose();
    }
  },
};

function factsOf(
  algorithm: string,
  { seed, engine, real }: { seed: number; engine: string; real?: ImageSet },
): [string, string | number][] {
  return [
    ["Algorithm", algorithm],
    [
      "Kept away from",
      real === undefined
        ? "nobody"
        : `${real.count} images of ${real.identities.length} real people`,
    ],
    ["Seed", seed],
    ["Engine", engine],
  ];
}

/** An embedder of people that neither the generator nor its auditor knows. */
async function secondEmbedder(
  { run, seed, size, signal, display }: {
    run: RunDirectory;
    seed: number;
    size: number;
    signal: AbortSignal;
    display: PartProgress;
  },
): Promise<Embedder & Disposable> {
  const { model, params } = await trainAuditor({
    identities: 150,
    imagesPerIdentity: 10,
    firstIdentity: 3_000_000,
    steps: 300,
    seed: seed + 1,
    size,
    checkpoint: run.file("second_embedder.safetensors"),
    signal,
    onStep: (part, done, total, metrics) =>
      display.step(
        part.replace("auditor", "second embedder"),
        done,
        total,
        metrics,
      ),
  });
  return await recognizerEmbedder(model, params);
}

function angle(
  name: string,
  text: string | undefined,
  usual: number,
): number {
  const value = text === undefined ? usual : Number(text);
  if (value > 0 && value <= 3.14) return value;
  throw usage(name, "an angle above 0 and at most 3.14 rad", `${text}`);
}

function missing(place: string | URL): never {
  throw new Error(
    `Cannot sample identities as '${place}' must hold an auditor: there is none`,
  );
}

function usage(name: string, rule: string, value: string): UsageError {
  return new UsageError(
    `Cannot sample identities as '${name}' must be ${rule}: current value is ${value}`,
  );
}
