/**
 * `outis study-privacy`: recognition accuracy against leak rate.
 *
 * @module
 */
import { writeAtomic } from "../core/mod.ts";
import {
  digestImages,
  readImageFolder,
  splitIdentities,
  splitImages,
} from "../data/mod.ts";
import { exportFigure, type Figure, reportPage } from "../figures/mod.ts";
import {
  checkStudyPrivacy,
  digestGenerator,
  renderPeople,
  studyPrivacy,
  studyPrivacyPage,
  trainStudyJudges,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import { type Command, defineCommand } from "./command.ts";
import { openRun } from "./open_run.ts";
import { proceduralTarget } from "./presets.ts";
import { privacyStudies } from "./privacy_study_presets.ts";
import { engineOptions } from "./setup_command.ts";
import { loadPrior } from "./load_prior.ts";
import { readNotes, writeStudy } from "./study_files.ts";
import {
  priorOption,
  sourceOption,
  studyOptions,
  studyPlan,
} from "./study_options.ts";

/** Seconds of a seed on the machine of reference. */
const SECONDS: { [preset: string]: number } = { tiny: 90, small: 600 };

/** Runs `outis study-privacy`. */
export const studyPrivacyCommand: Command = defineCommand({
  name: "study-privacy",
  task: "study:privacy",
  group: "The paper's tables, and studies",
  summary:
    "Measure accuracy against leak rate over drop threshold, rewards, Langevin radius and epsilon",
  about:
    "What each way to leak less costs a recogniser: dropping images that match, other weights of the rewards, identities kept away from real ones, a differentially private cold start. One figure shows them all.",
  examples: [
    {
      args: "--preset tiny --results /tmp/trial",
      does: "a look at every part",
    },
    { args: "--data faces/ --seeds 3", does: "on your photographs" },
  ],
  options: {
    data: {
      value: "DIR",
      help: "images, one folder per identity (default: procedural faces)",
    },
    ...studyOptions({
      files: "privacy_utility",
      run: "runs/study-privacy",
      presets: Object.keys(privacyStudies),
      seeds: 2,
    }),
    source: sourceOption,
    prior: priorOption,
    ...engineOptions,
  },
  plans: true,
  stopped: "Stopped. The same command goes on from here.",
  async run(call) {
    const { options, signal, display } = call;
    const { data, preset = "small", seeds: count = 2 } = options;
    const { out = "runs/study-privacy", results = "data/results" } = options;
    const settings = {
      ...privacyStudies[preset],
      seeds: Array.from({ length: count }, (_, seed) => seed),
    };
    const engine = await call.engine();
    const { prior, auditor } = await loadPrior("study privacy", options.prior);
    const { height, width } = prior.config.autoencoder;
    const images = data === undefined
      ? await renderPeople({
        ...proceduralTarget,
        size: height,
        seed: 0,
        signal,
        onStep: (done, total) => display.step("render people", done, total, {}),
      })
      : await badInput(() =>
        readImageFolder(data, {
          size: { height, width },
          signal,
          onProgress: (done, total) =>
            display.step("read images", done, total, {}),
        })
      );
    await badInput(() => checkStudyPrivacy(images, settings));
    const people = splitIdentities(images, settings.data);
    const { train } = splitImages(people.train, settings.data);
    await call.announce(studyPlan({
      does:
        `Measures accuracy and leaks of generators of ${people.train.identities.length} people`,
      seeds: count,
      seconds: SECONDS[preset],
      out,
    }));
    using run = await openRun(out, {
      configuration: {
        settings: JSON.parse(JSON.stringify({ ...settings, seeds: null })),
        fingerprints: {
          images: digestImages(images),
          prior: await digestGenerator(prior),
        },
      },
      engine,
      versions: { ...Deno.version },
    });
    using judges = await trainStudyJudges({
      settings: settings.judges,
      size: height,
      auditor,
      file: (name) => run.file(name),
      signal,
      onStep: display.step,
    });
    const points = await studyPrivacy({
      images,
      prior,
      judges,
      settings,
      run,
      signal,
      onStep: display.step,
    });
    const of = (set: { identities: unknown[]; count: number }) => ({
      identities: set.identities.length,
      images: set.count,
    });
    const source = options.source ??
      (data === undefined
        ? `${images.count} pictures of ${images.identities.length} procedural people whom the prior has never seen`
        : `${images.count} images of ${images.identities.length} people`);
    const given = {
      points,
      settings,
      command: call.printed(),
      source,
      engine: `${engine.name} ${engine.version}`,
      ...await readNotes(results, "privacy_utility"),
      counts: { train: of(train), control: of(people.test) },
    };
    const { figure } = studyPrivacyPage(given);
    const picture = await pictureOf(figure, results, signal);
    const page = studyPrivacyPage({ ...given, picture });
    await run.writeAtomic(
      "report.html",
      await reportPage({
        title: "Privacy against utility",
        subtitle: source,
        facts: [["Seeds", count], [
          "Engine",
          `${engine.name} ${engine.version}`,
        ]],
        sections: [{ heading: "Trade-offs", parts: [figure] }],
        manifest: { settings },
      }),
    );
    await run.finish();
    return await writeStudy(results, "privacy_utility", page);
  },
});

/** Writes the figure as a picture beside the page, where there is a browser that draws it; returns its name. */
async function pictureOf(
  figure: Figure,
  results: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const name = "privacy_utility.png";
  try {
    const size = { width: 900, height: 520 };
    const png = await exportFigure(figure, { ...size, signal });
    await Deno.mkdir(results, { recursive: true });
    await writeAtomic(`${results}/${name}`, png);
    return name;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.error("The page has no picture: there is no browser to draw it.");
    return undefined;
  }
}
