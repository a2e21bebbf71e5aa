/**
 * Figures 2, 3 and 4: pictures, and features, of real and synthetic images of the same people.
 *
 * @module
 */
import { writeAtomic } from "../core/mod.ts";
import { type ImageSet, nameIdentities } from "../data/mod.ts";
import { type Figure, reportPage } from "../figures/mod.ts";
import {
  type FeatureSpheres,
  featureSpheres,
  peoplePicture,
  pictureResults,
  readSynthetic,
  recognizerEmbedder,
  tableGenerators,
  type TableMethod,
  trainJudges,
} from "../stages/mod.ts";
import type { Outcome } from "./command.ts";
import { UsageError } from "./options.ts";
import { processorTime, readNotes, writeStudy } from "./study_files.ts";
import {
  drawPicture,
  machineOf,
  readTried,
  resultsName,
} from "./table_results_files.ts";
import type { TableStudy } from "./table_study.ts";

/** What {@linkcode drawPeople} and {@linkcode drawFeatures} take beside the study. */
export interface PictureFigureOptions {
  /** Number of the figure. */
  figure: 2 | 3 | 4;
  /** Seed of the generators shown. */
  seed: number;
  /** Folder of the results. */
  results: string;
  /** The command, as it may be printed. */
  command: string;
}

/**
 * Figures 2 and 3: real images above those of the cold start and of the reinforced generators, from the same noise.
 *
 * @param study The opened study.
 * @param options Which figure, and where it goes.
 * @returns Where the page is.
 * @throws {UsageError} If there is no prior.
 *
 * @example
 * ```ts
 * import { drawPeople } from "./figure_pictures.ts";
 *
 * console.log(drawPeople.length); // 2
 * ```
 */
export async function drawPeople(
  study: TableStudy,
  options: PictureFigureOptions,
): Promise<Outcome> {
  const { figure } = options;
  const { sets, source } = await setsOf(study, options);
  const name = resultsName(`figure_${figure}`, study.options);
  const { png, rows, identities } = await peoplePicture(sets, {
    images: 2,
    scale: 1,
  });
  await writeAtomic(`${study.options.out}/${name}.png`, png);
  return await writePage(study, options, {
    title: figure === 2
      ? "pedestrians before and after reinforcement"
      : "faces before and after reinforcement",
    sentences: [
      `Rows from the top: ${
        rows.join("; ")
      }. Columns: the first ${identities.length} identities.`,
      "Rows of one number of the generators come from the same noise.",
      "Nothing is picked: the first images of the first identities.",
    ],
    source,
    png,
  });
}

/**
 * Figure 4: features of ten identities on spheres.
 *
 * @param study The opened study.
 * @param options Where it goes.
 * @returns Where the page is.
 * @throws {UsageError} If there is no prior.
 *
 * @example
 * ```ts
 * import { drawFeatures } from "./figure_pictures.ts";
 *
 * console.log(drawFeatures.length); // 2
 * ```
 */
export async function drawFeatures(
  study: TableStudy,
  options: PictureFigureOptions,
): Promise<Outcome> {
  const { settings, auditor, display, signal } = study;
  const { sets, source, train } = await setsOf(study, options);
  using owned = new DisposableStack();
  const embedder = auditor !== undefined
    ? owned.use(await recognizerEmbedder(auditor.model, auditor.params))
    : owned.use(
      await trainJudges(train, {
        ...settings.embedder,
        seed: options.seed + 1,
        signal,
        onStep: (...told) => display.step("embedder", ...told),
      }),
    ).embedder;
  const { figure, ...spheres } = await featureSpheres(sets, embedder, {
    signal,
    onStep: (done, total) => display.step("spheres", done, total, {}),
  });
  const name = resultsName("figure_4", study.options);
  const sentences = [
    auditor === undefined
      ? "Features of the recogniser that gives the rewards, as there is no other: closeness to it was trained for."
      : "Features of a recogniser of other people, which gives no reward.",
    "All sets are projected together; each has a sphere, seen from the front and from behind. What is near may be trusted, how far apart groups are may not.",
    `Divergence of the projection ${
      spheres.divergence.toFixed(3)
    } nats, residual of the row sums ${spheres.residual.toExponential(1)}.`,
  ];
  await writeAtomic(
    `${study.options.out}/${name}.html`,
    await reportPage({
      title: "Figure 4 in the small",
      subtitle: source,
      facts: [["Seed", options.seed], ["Made by", options.command]],
      sections: [{ heading: "Features", parts: [...sentences, figure] }],
    }),
  );
  return await writePage(study, options, {
    title: "features of ten identities",
    sentences: [
      ...sentences,
      "The run's folder has the spheres as a page that can be turned.",
    ],
    source,
    figure,
    spheres,
  });
}

/** Real images, and those of each generator, all at the generator's size and of the same identities. */
async function setsOf(
  study: TableStudy,
  { figure, seed }: PictureFigureOptions,
): Promise<
  { sets: { [name: string]: ImageSet }; source: string; train: ImageSet }
> {
  const { prior, objectives, display, signal } = study;
  if (typeof prior === "string") {
    throw new UsageError(
      `Cannot draw figure ${figure} as '--prior' must be a pretrained generator: current value is none. ${prior}`,
    );
  }
  const size = prior.config.autoencoder;
  const target = await study.target(seed);
  const train = await target.train(size);
  using run = await study.open(seed);
  using generators = await tableGenerators({
    ...study,
    prior,
    train,
    seed,
    run,
    now: processorTime,
    signal,
    onStep: display.step,
  });
  const sets: { [name: string]: ImageSet } = { real: train };
  const own = Object.entries(objectives);
  const methods: TableMethod[] = [
    { name: "base", synthetic: "coldStart" },
    ...own.map(([name, reinforce]): TableMethod => ({
      name: own.length === 1 ? "ours" : `ours, ${name.split(" ")[0]}`,
      synthetic: "reinforced",
      reinforce,
    })),
  ];
  for (const method of methods) {
    const folder = await generators.folder(method);
    const set = await readSynthetic(folder, {
      size: { height: size.height, width: size.width },
      signal,
    });
    sets[method.name] = nameIdentities(set, train.identities);
  }
  display.end();
  return { sets, source: target.source, train };
}

async function writePage(
  study: TableStudy,
  { figure, seed, results, command }: PictureFigureOptions,
  shown: {
    title: string;
    sentences: string[];
    source: string;
    png?: Uint8Array<ArrayBuffer>;
    figure?: Figure;
    spheres?: Omit<FeatureSpheres, "figure">;
  },
): Promise<Outcome> {
  const { options, settings, engine } = study;
  const name = resultsName(`figure_${figure}`, options);
  const { title, sentences, source, png, spheres } = shown;
  // Whoever is photographed has not agreed to be in a results page, nor has their likeness.
  const isHidden = options.data !== undefined && png !== undefined;
  let picture: string | { absent: string } = {
    absent: isHidden
      ? "The picture shows real people, or their likeness: it stays in the run's folder."
      : "There was no browser to draw the picture.",
  };
  if (png !== undefined && !isHidden) {
    picture = `${name}.png`;
    await Deno.mkdir(results, { recursive: true });
    await writeAtomic(`${results}/${picture}`, png);
  } else if (png === undefined) {
    const drawn = await drawPicture(
      shown.figure,
      { folder: results, name },
      study,
    );
    picture = drawn.picture ?? picture;
  }
  return await writeStudy(
    results,
    name,
    pictureResults({
      figure,
      title,
      sentences,
      source,
      command,
      engine: `${engine.name} ${engine.version}`,
      machine: machineOf(options),
      seed,
      settings,
      ...(spheres && { spheres }),
      name,
      picture,
      ...await readTried(results, options.population),
      ...await readNotes(results, name),
    }),
  );
}
