/**
 * `outis export`: synthetic images as a data set for other programs.
 *
 * @module
 */
import { basename } from "node:path";
import {
  casiaLayout,
  type DatasetDescription,
  exportDataset,
  type ExportedDataset,
  type ExportLayout,
  folderLayout,
  type ImageFileType,
  market1501Layout,
  recordIoLayout,
  webDatasetLayout,
} from "../data/mod.ts";
import {
  digestGenerator,
  exportGenerated,
  loadGenerator,
  openRunImages,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import { licenceChain, originOfRun, type SetOrigin } from "./licence_chain.ts";
import { type Call, type Command, defineCommand } from "./command.ts";
import { type ParsedOptions, UsageError } from "./options.ts";
import { engineOptions } from "./setup_command.ts";

const layouts: { [format: string]: (shards?: number) => ExportLayout } = {
  folder: folderLayout,
  webdataset: (shards) => webDatasetLayout({ shards }),
  recordio: recordIoLayout,
  market1501: market1501Layout,
  casia: casiaLayout,
};

const table = {
  run: { value: "DIR", help: "the synthetic images of a finished run" },
  generator: { value: "DIR", help: "new images of a saved generator" },
  format: {
    value: "NAME",
    choices: Object.keys(layouts),
    help: `${Object.keys(layouts).join(", ")} (default folder)`,
  },
  out: { value: "DIR", help: "where to: a new or empty folder" },
  images: {
    value: "N",
    least: 1,
    help: "images of each identity, of a generator (default 10)",
  },
  steps: {
    value: "N",
    least: 1,
    help: "sampling steps, of a generator (default 20)",
  },
  seed: { value: "N", least: 0, help: "seed, of a generator (default 0)" },
  file: {
    value: "TYPE",
    choices: ["png", "jpeg", "webp"],
    help: "type of the image files (default: the format's usual one)",
  },
  quality: { value: "N", least: 1, help: "of JPEG and WebP (default 90)" },
  shards: {
    value: "N",
    least: 1,
    help: "number of tar files, of webdataset (default 1)",
  },
  licence: {
    value: "TEXT",
    help: "licence of the data set, for its card (default: not stated)",
  },
  "data-licence": {
    value: "TEXT",
    help:
      "licence of the images the generator was adapted to (default: unknown)",
  },
  "prior-licence": {
    value: "TEXT",
    help:
      "licence of the weights it started from, other than the shipped ones (default: unknown)",
  },
  ...engineOptions,
} as const;

type Options = ParsedOptions<typeof table>;
type Common = Pick<
  Parameters<typeof exportDataset>[1],
  "out" | "layout" | "fileType" | "quality" | "onProgress" | "signal"
>;

/** Runs `outis export`. */
export const exportCommand: Command = defineCommand({
  name: "export",
  group: "Make synthetic people",
  summary: "Export synthetic images as a data set for other programs",
  about:
    "Takes the images of a finished run, or draws new ones from a saved generator. Each file says in itself that it is synthetic and where it comes from; a card and a manifest with fingerprints lie beside, which 'outis verify' checks.",
  examples: [
    {
      args: "--run runs/mine --format webdataset --shards 4 --out shards/",
      does: "tar shards, as PyTorch's loaders read them",
    },
    {
      args: "--generator data/prior --images 5 --out drawn/ --file jpeg",
      does: "five new images of each of a generator's identities",
    },
  ],
  options: table,
  stopped: "Stopped. The same command goes on from here.",
  async run(call) {
    const { options, signal, say, display } = call;
    const { out, format = "folder" } = options;
    if (out === undefined) throw usage("--out", "given");
    if ((options.run === undefined) === (options.generator === undefined)) {
      throw usage("--run or --generator", "given, one of them");
    }
    checkUnused(options, format);
    const common: Common = {
      out,
      layout: layouts[format](options.shards),
      fileType: options.file as ImageFileType | undefined,
      quality: options.quality,
      onProgress: (done, total) => display.step("export", done, total, {}),
      signal,
    };
    try {
      const { count, manifest } = options.run === undefined
        ? await fromGenerator(call, common)
        : await fromRun(options.run, options, common);
      display.end();
      say(`${count} images, manifest ${manifest.slice(0, 16)}`);
      return { text: out, json: { out, format, count, manifest } };
    } catch (error) {
      throw error instanceof RangeError ? new UsageError(error.message) : error;
    }
  },
});

async function fromRun(
  run: string,
  options: Options,
  common: Common,
): Promise<ExportedDataset> {
  const { images, identities, count, generator } = await badInput(() =>
    openRunImages(run)
  );
  return await exportDataset(images, {
    ...common,
    identities,
    total: count,
    provenance: {
      description: "Synthetic image, made by @outis/outis",
      // Runs of today say it themselves.
      generator: generator.startsWith("@outis/outis")
        ? generator
        : `@outis/outis, ${generator}`,
      run: basename(run),
    },
    description: describe(
      options,
      await originOfRun(run),
      `The synthetic images of the run ${
        basename(run)
      }, generator ${generator}. The run's manifest.json holds its whole configuration.`,
    ),
  });
}

async function fromGenerator(
  { options, engine }: Pick<Call<typeof table>, "options" | "engine">,
  common: Common,
): Promise<ExportedDataset> {
  const { generator: folder, seed = 0, steps = 20 } = options;
  const { images = 10 } = options;
  await engine();
  const generator = await badInput(() => loadGenerator(folder!));
  const fingerprint = await digestGenerator(generator);
  try {
    return await exportGenerated(generator, {
      ...common,
      imagesPerIdentity: images,
      samplingSteps: steps,
      seed,
      provenance: {
        description: "Synthetic image, made by @outis/outis",
        generator: `@outis/outis, weights ${fingerprint.slice(0, 16)}`,
      },
      description: describe(
        options,
        {},
        `${images} images of each identity, drawn with ${steps} steps and seed ${seed} from the generator ${
          basename(folder!)
        }, weights SHA-256 ${fingerprint}.`,
      ),
    });
  } finally {
    generator.dispose();
  }
}

function describe(
  options: Options,
  origin: SetOrigin,
  protocol: string,
): DatasetDescription {
  return {
    protocol,
    licence: options.licence ?? "not stated",
    chain: licenceChain({
      ...origin,
      dataLicence: options["data-licence"],
      priorLicence: options["prior-licence"],
    }),
  };
}

/** What would be passed over without a word is refused. */
function checkUnused(options: Options, format: string): void {
  const onlyGenerator = ["images", "steps", "seed"] as const;
  for (const name of options.run === undefined ? [] : onlyGenerator) {
    if (options[name] !== undefined) {
      throw usage(`--${name}`, "left out, as the images of a run are there");
    }
  }
  if (options.shards !== undefined && format !== "webdataset") {
    throw usage("--shards", `left out, as ${format} has none`);
  }
}

function usage(name: string, rule: string): UsageError {
  return new UsageError(
    `Cannot export images as ${name} must be ${rule}: 'deno task outis export --help' tells the options`,
  );
}
