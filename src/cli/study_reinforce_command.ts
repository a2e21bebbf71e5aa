/**
 * `outis study-reinforce`: what reinforcement does to the rewards, over seeds.
 *
 * @module
 */
import {
  digestImages,
  readImageFolder,
  splitIdentities,
  splitImages,
} from "../data/mod.ts";
import {
  digestGenerator,
  studyPage,
  studyReinforcement,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import { type Command, defineCommand } from "./command.ts";
import { openRun } from "./open_run.ts";
import { UsageError } from "./options.ts";
import { engineOptions } from "./setup_command.ts";
import { loadPrior } from "./load_prior.ts";
import { processorTime, readNotes, writeStudy } from "./study_files.ts";
import {
  priorOption,
  sourceOption,
  studyOptions,
  studyPlan,
} from "./study_options.ts";
import { studies } from "./study_presets.ts";

/** Seconds of a seed on the machine of reference. */
const SECONDS: { [preset: string]: number } = { tiny: 40, small: 400 };

/** Runs `outis study-reinforce`. */
export const studyReinforceCommand: Command = defineCommand({
  name: "study-reinforce",
  task: "study:reinforce",
  group: "The paper's tables, and studies",
  summary:
    "Compare ways of reinforcement over seeds, and write the results page",
  about:
    "Policy gradient with fixed and with adaptive weights, the direct reward gradient, and the policy as printed, each from the same cold start on the same people, judged by the same recognisers.",
  examples: [
    {
      args: '--data faces/ --source "my photographs"',
      does: "three seeds; data/results/reinforcement.md",
    },
    {
      args: "--data faces/ --preset tiny --seeds 2 --results /tmp/trial",
      does: "every part of it in a few minutes, elsewhere",
    },
  ],
  options: {
    data: { value: "DIR", help: "images, one folder per identity (needed)" },
    ...studyOptions({
      files: "reinforcement",
      run: "runs/study-reinforce",
      presets: Object.keys(studies),
      seeds: 3,
      least: 2,
    }),
    source: sourceOption,
    prior: priorOption,
    ...engineOptions,
  },
  plans: true,
  stopped: "Stopped. The same command goes on from here.",
  async run(call) {
    const { options, signal, display } = call;
    const { data, preset = "small", seeds: count = 3 } = options;
    const { out = "runs/study-reinforce", results = "data/results" } = options;
    if (data === undefined) {
      throw new UsageError(
        "Cannot study reinforcement as '--data' must be a folder of images: there is none",
      );
    }
    const settings = {
      ...studies[preset],
      seeds: Array.from({ length: count }, (_, seed) => seed),
    };
    const engine = await call.engine();
    const { prior, auditor } = await loadPrior(
      "study reinforcement",
      options.prior,
    );
    const { height, width } = prior.config.autoencoder;
    const images = await badInput(() =>
      readImageFolder(data, {
        size: { height, width },
        signal,
        onProgress: (done, total) =>
          display.step("read images", done, total, {}),
      })
    );
    const { train } = splitImages(
      splitIdentities(images, settings.data).train,
      settings.data,
    );
    const fingerprints = {
      images: digestImages(images),
      prior: await digestGenerator(prior),
    };
    const people = images.identities.length;
    await call.announce(studyPlan({
      does:
        `Trains and compares ${settings.arms.length} ways of reinforcement on ${images.count} images of ${people} people`,
      seeds: count,
      seconds: SECONDS[preset],
      out,
    }));
    using run = await openRun(out, {
      configuration: {
        settings: JSON.parse(JSON.stringify(settings)),
        fingerprints,
      },
      engine,
      versions: { ...Deno.version },
    });
    const curves = await studyReinforcement({
      images,
      prior,
      auditor,
      settings,
      run,
      now: processorTime,
      signal,
      onStep: display.step,
    });
    const page = studyPage({
      curves,
      settings,
      command: call.printed(),
      source: options.source ?? `${images.count} images of ${people} people`,
      engine: `${engine.name} ${engine.version}`,
      ...await readNotes(results, "reinforcement"),
      train: { identities: train.identities.length, images: train.count },
    });
    await run.finish();
    return await writeStudy(results, "reinforcement", page);
  },
});
