/**
 * `outis membership`: does a run's generator betray what it was trained on?
 *
 * @module
 */
import process from "node:process";
import type { Json } from "../core/mod.ts";
import {
  digestImages,
  type ImageSet,
  type Layout,
  LAYOUTS,
  splitIdentities,
  splitImages,
} from "../data/mod.ts";
import {
  type AttackedGenerator,
  coldStart,
  digestGenerator,
  generate,
  type Generator,
  inferMembership,
  loadAuditor,
  loadGenerator,
  membershipPage,
  priorUrl,
  recognizerEmbedder,
  type ReproduceSettings,
  type RunGenerator,
  runGenerators,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import { type Command, defineCommand } from "./command.ts";
import { UsageError } from "./options.ts";
import { readTarget } from "./read_target.ts";
import { engineOptions } from "./setup_command.ts";
import { readNotes, writeStudy } from "./study_files.ts";

const table = {
  run: {
    value: "DIR",
    help: "a run of reproduce or study-reinforce (needed)",
  },
  data: {
    value: "DIR",
    help: "its images, where the run does not remember the folder",
  },
  layout: {
    value: "NAME",
    choices: Object.keys(LAYOUTS),
    help: "how they lie in DIR (default folder: one folder per identity)",
  },
  prior: {
    value: "DIR",
    help: "what the run started from (default: what it remembers)",
  },
  times: { value: "N", least: 1, help: "time steps of the loss (default 10)" },
  noises: { value: "N", least: 1, help: "noises at each (default 2)" },
  images: {
    value: "N",
    least: 1,
    help: "synthetic images of each identity to search in (default 12)",
  },
  seed: { value: "N", least: 0, help: "seed of noises and images (default 0)" },
  source: {
    value: "TEXT",
    help: "what the page calls the images (default: their numbers)",
  },
  out: {
    value: "DIR",
    help:
      "where membership.{json,md} go, and membership_notes.md for the page's end is (default: the run directory)",
  },
  ...engineOptions,
} as const;

/** What this command reads of a run's configuration. */
interface Remembered {
  data?: string | null;
  layout?: Layout;
  prior?: string | null;
  skipBad?: boolean;
  settings: Pick<ReproduceSettings, "data" | "sampling"> & { seed?: number };
  fingerprints: { images: string; prior: string };
}

/** Runs `outis membership`. */
export const membershipCommand: Command = defineCommand({
  name: "membership",
  group: "Release safely",
  summary:
    "Attack a run's generators: can the photographs they were trained on be told from others?",
  about:
    "For whoever wants to give weights away, not images alone: four attacks on each generator of a run, beside the same attacks on the prior, which has seen none of the photographs. An AUC of 0.5 says that nothing can be told.",
  examples: [
    { args: "--run runs/mine", does: "membership.{json,md} in the run" },
    {
      args: "--run runs/mine --data faces/ --times 20 --json",
      does:
        "more time steps, for a script, where the run does not know its images",
    },
  ],
  options: table,
  async run(call) {
    const { options, signal, say, display } = call;
    const { run, seed = 0, times, noises, images: count = 12 } = options;
    if (run === undefined) throw usage("--run", "given", "nothing");
    const known = await readConfiguration(run);
    if (options.data === undefined && known.data === undefined) {
      throw usage("--data", "given, as the run does not tell", "nothing");
    }
    const engine = await call.engine();
    const place = options.prior ?? known.prior ?? priorUrl();
    const prior = await badInput(() => loadGenerator(place));
    checkSame("--prior", known.fingerprints.prior, {
      now: await digestGenerator(prior),
    });
    const auditor = await badInput(() => loadAuditor(place));
    const { images, source } = await badInput(() =>
      readTarget(
        {
          data: options.data ?? known.data ?? null,
          layout: (options.layout as Layout) ?? known.layout ?? "folder",
          skipBad: known.skipBad ?? false,
          settings: { seed: known.settings.seed ?? 0 },
        },
        prior.config.autoencoder,
        signal,
        display.step,
      )
    );
    checkSame("--data", known.fingerprints.images, {
      now: digestImages(images),
    });
    const byIdentity = splitIdentities(images, known.settings.data);
    const { train: members, heldOut, rule } = splitImages(
      byIdentity.train,
      known.settings.data,
    );
    const { samplingSteps } = known.settings.sampling;
    const attacked: AttackedGenerator[] = [];
    using judge = auditor &&
      await recognizerEmbedder(auditor.model, auditor.params);
    const generators = withControl(
      prior,
      members,
      runGenerators(run, { prior, identities: members.identities }),
    );
    for (;;) {
      const next = await badInput(() => generators.next());
      if (next.done) break;
      const { generator, ...who } = next.value;
      using _ = { [Symbol.dispose]: () => generator.dispose() };
      const title = [who.name, ...(who.seed === undefined ? [] : [who.seed])]
        .join(" ");
      const step: typeof display.step = (part, ...rest) =>
        display.step(`${title}: ${part}`, ...rest);
      const synthetic = judge && await generate(generator, {
        imagesPerIdentity: count,
        samplingSteps,
        seed,
        signal,
        onStep: (done, total) => step("generate", done, total, {}),
      });
      const attacks = await inferMembership({
        generator,
        members,
        heldOut: heldOut.count > 0 ? heldOut : undefined,
        others: byIdentity.test,
        reference: prior,
        ...(synthetic && { nearest: { synthetic, embedder: judge! } }),
      }, { times, noises, seed, signal, onStep: step });
      attacked.push({ ...who, attacks });
    }
    display.end();
    const out = options.out ?? run;
    const page = membershipPage({
      generators: attacked,
      command: call.printed(),
      source: options.source ?? source,
      engine: `${engine.name} ${engine.version}`,
      rules: [
        byIdentity.rule,
        rule,
        `${count} synthetic images of each identity, ${samplingSteps} transitions, seed ${seed}.`,
      ],
      ...await readNotes(out, "membership"),
    });
    const peak = process.resourceUsage().maxRSS / 1024;
    say(`Most memory held: ${Math.round(peak)} MiB.`);
    return await writeStudy(out, "membership", page);
  },
});

/** The prior first, which has seen none of the images: what an attack says of it is the attack's error. */
async function* withControl(
  prior: Generator,
  members: ImageSet,
  generators: AsyncIterable<RunGenerator>,
): AsyncGenerator<RunGenerator> {
  yield {
    name: "control: prior, not yet adapted",
    generator: await coldStart(prior, members, { steps: 0 }),
  };
  yield* generators;
}

async function readConfiguration(run: string): Promise<Remembered> {
  let manifest: { format?: Json; schema?: Json; configuration?: unknown };
  try {
    manifest = JSON.parse(await Deno.readTextFile(`${run}/manifest.json`));
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) {
      throw usage("--run", "a run directory with a manifest.json", run);
    }
    if (!(error instanceof SyntaxError)) throw error;
    throw usage(
      "--run",
      "a run directory whose manifest.json can be parsed",
      run,
    );
  }
  const { format, schema } = manifest;
  const configuration = manifest.configuration as Remembered | undefined;
  if (format !== "outis-run" || schema !== 1) {
    throw usage(
      "--run",
      "a run directory of format outis-run 1",
      `${format} ${schema}`,
    );
  }
  if (
    configuration?.settings?.data?.trainCount === undefined ||
    configuration.fingerprints?.images === undefined
  ) {
    throw usage("--run", "a run of reproduce or study-reinforce", run);
  }
  return configuration;
}

function checkSame(name: string, before: string, { now }: { now: string }) {
  if (now === before) return;
  throw usage(
    name,
    `what the run was started with, of fingerprint ${before.slice(0, 16)}`,
    now.slice(0, 16),
  );
}

function usage(name: string, rule: string, value: string): UsageError {
  return new UsageError(
    `Cannot infer membership as '${name}' must be ${rule}: current value is ${value}`,
  );
}
