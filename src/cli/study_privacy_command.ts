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
import type { Command } from "./main.ts";
import { openRun } from "./open_run.ts";
import { helpText, parseOptions } from "./options.ts";
import { partProgress } from "./part_progress.ts";
import { proceduralTarget } from "./presets.ts";
import { privacyStudies } from "./privacy_study_presets.ts";
import { engineOptions } from "./setup_command.ts";
import { startEngine } from "./start_engine.ts";
import { loadPrior } from "./load_prior.ts";
import { readNotes, writeStudy } from "./study_files.ts";

const summary =
  "Measure accuracy against leak rate over drop threshold, rewards, Langevin radius and epsilon";

const table = {
  data: {
    value: "DIR",
    help: "images, one folder per identity (default: procedural faces)",
  },
  preset: {
    value: "NAME",
    choices: Object.keys(privacyStudies),
    help: "sizes: tiny or small (default small)",
  },
  seeds: { value: "N", least: 1, help: "how many seeds (default 2)" },
  source: {
    value: "TEXT",
    help: "what the page calls the images (default: their numbers)",
  },
  prior: {
    value: "DIR",
    help: "pretrained generator (default: the one shipped)",
  },
  out: {
    value: "DIR",
    help: "run directory, gone on with if there (default runs/study-privacy)",
  },
  results: {
    value: "DIR",
    help:
      "where privacy_utility.{json,md,png} go, and privacy_utility_notes.md for the page's end is (default data/results)",
  },
  ...engineOptions,
} as const;

/** Runs `outis study-privacy`. */
export const studyPrivacyCommand: Command = {
  summary,
  async run(args, signal) {
    const options = parseOptions(args, table);
    if (options.help) {
      console.log(
        helpText("deno task study:privacy [options]", summary, table),
      );
      return 0;
    }
    const { data, preset = "small", seeds: count = 2 } = options;
    const { out = "runs/study-privacy", results = "data/results" } = options;
    const say = (line: string) => console.error(line);
    const settings = {
      ...privacyStudies[preset],
      seeds: Array.from({ length: count }, (_, seed) => seed),
    };
    const engine = await startEngine({ ...options, signal, onLine: say });
    const { prior, auditor } = await loadPrior("study privacy", options.prior);
    const { height, width } = prior.config.autoencoder;
    const display = partProgress();
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
    try {
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
      display.end();
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
        command: `deno task study:privacy --preset ${preset} --seeds ${count}${
          data === undefined ? "" : " --data DIR"
        }`,
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
      await writeStudy(results, "privacy_utility", page);
      await run.finish();
      return 0;
    } catch (error) {
      display.end();
      if (signal.aborted) say("Stopped. The same command goes on from here.");
      throw error;
    }
  },
};

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
