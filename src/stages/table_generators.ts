/**
 * The synthetic images of a table: made once per seed, kept as files, read as any others.
 *
 * @module
 */
import { checkOneOf, isThere, type RunDirectory } from "../core/mod.ts";
import { digestImages, type ImageSet } from "../data/mod.ts";
import { PAPER_WEIGHTS } from "../rewards/mod.ts";
import { coldStart } from "./cold_start.ts";
import { exportImages } from "./export_images.ts";
import { generate } from "./generate.ts";
import { digestGenerator, type Generator } from "./generator.ts";
import { recipeName } from "./recipe_name.ts";
import { reinforce } from "./reinforce.ts";
import type { TableMethod, TableSettings } from "./table_settings.ts";
import { trainJudges } from "./train_judges.ts";
import type { TrainedRecognizer } from "./train_recognizer.ts";
import type { StepMetrics } from "./training_loop.ts";

/** What {@linkcode tableGenerators} needs. */
export interface TableGeneratorsInput {
  /** The pretrained generator. Borrowed. */
  prior: Generator;
  /** A recogniser of other people. Borrowed. @default none */
  auditor?: Pick<TrainedRecognizer, "model" | "params">;
  /** Real training images of the generator's size. */
  train: ImageSet;
  /** Sizes. */
  settings: TableSettings;
  /** The seed. */
  seed: number;
  /** Where everything of this seed is kept, and found again by what decides it. */
  run: RunDirectory;
  /** Milliseconds from any fixed moment, to tell how long the images took. @default they do not tell */
  now?: (() => number) | undefined;
  /** Ends the work after the present step. */
  signal?: AbortSignal | undefined;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: StepMetrics,
  ) => void;
}

/** The generators of one seed. Disposing frees what was adapted. */
export interface TableGenerators extends Disposable {
  /**
   * Name of a method's synthetic images among the files of the seed: methods with the same images share it.
   *
   * @param method Cold start or reinforced, and where its reinforcement differs.
   */
  name(method: TableMethod): string;
  /**
   * Folder of a method's synthetic images, which are made if they are not there.
   *
   * @param method Cold start or reinforced, and where its reinforcement differs.
   */
  folder(method: TableMethod): Promise<string>;
}

/**
 * Adapts the prior under one seed, as far as it is asked for: the recogniser that judges, the cold start (4.1), and the
 * reinforcements (4.2) of the methods. All of it lies in the seed's run directory under names made of what decides it, so
 * that tables and figures with the same cold start share it, and other settings never go on with it.
 *
 * @param input Prior, images, sizes.
 * @returns A way to the images of each method.
 *
 * @example
 * ```ts
 * import { tableGenerators, type TableGeneratorsInput } from "@outis/outis/stages";
 *
 * // Minutes to hours, as the settings say.
 * async function baseImages(input: TableGeneratorsInput): Promise<string> {
 *   using generators = await tableGenerators(input);
 *   return await generators.folder({ name: "Base DiT", synthetic: "coldStart" });
 * }
 * console.log(baseImages.length); // 1
 * ```
 */
export async function tableGenerators(
  input: TableGeneratorsInput,
): Promise<TableGenerators> {
  const { train, settings, seed, run, signal, prior, auditor } = input;
  const { now = () => 0 } = input;
  const owned = new DisposableStack();
  const tell = (part: string) =>
  (
    done: number,
    total: number,
    metrics: StepMetrics = {},
  ) => input.onStep?.(`seed ${seed}, ${part}`, done, total, metrics);
  const loop = { ...(signal && { signal }) };

  const images = digestImages(train);
  const names = {
    embedder: recipeName("embedder", { images, seed, ...settings.embedder }),
    coldStart: recipeName("cold-start", {
      images,
      seed,
      prior: await digestGenerator(prior),
      ...settings.coldStart,
    }),
  };
  const judges = once(async () =>
    owned.use(
      await trainJudges(train, {
        ...settings.embedder,
        ...(auditor && { auditor }),
        seed: seed + 1,
        ...loop,
        checkpoint: run.file(`${names.embedder}.safetensors`),
        onStep: tell("embedder"),
      }),
    )
  );
  const adapted = once(async () => {
    const place = run.file(names.coldStart);
    await Deno.mkdir(place, { recursive: true });
    const generator = await coldStart(prior, train, {
      ...settings.coldStart,
      seed: seed + 2,
      ...loop,
      checkpoints: place,
      onStep: (part, ...told) => tell(`cold start, ${part}`)(...told),
    });
    owned.defer(generator.dispose);
    return generator;
  });
  const tunedName = (method: TableMethod) =>
    recipeName("reinforced", {
      ...names,
      sampling: settings.sampling,
      reinforce: reinforcementOf(method, settings),
    });
  const tuned = async (method: TableMethod) => {
    const { bank, embedder, auditor } = await judges();
    const generator = await reinforce(await adapted(), {
      bank,
      embedder,
      ...(auditor && { auditor }),
      ...settings.sampling,
      ...reinforcementOf(method, settings),
      seed: seed + 3,
      ...loop,
      checkpoint: run.file(`${tunedName(method)}.safetensors`),
      onStep: tell(`reinforce, ${method.name}`),
    });
    owned.defer(generator.dispose);
    return generator;
  };
  const nameOf = (method: TableMethod) => {
    const { synthetic } = method;
    checkOneOf("generate", "synthetic", synthetic, ["coldStart", "reinforced"]);
    const source = synthetic === "coldStart"
      ? names.coldStart
      : tunedName(method);
    const { sampling, generate } = settings;
    return recipeName(
      synthetic === "coldStart" ? "images-cold-start" : "images-reinforced",
      { source, sampling, generate },
    );
  };

  return {
    name: nameOf,
    async folder(method) {
      const name = nameOf(method);
      const folder = run.file(name);
      // Its list is written last: where there is one, all images are.
      if (await isThere(`${folder}/manifest.json`)) return folder;
      const start = now();
      const generator = method.synthetic === "coldStart"
        ? await adapted()
        : await tuned(method);
      const images = await generate(generator, {
        ...settings.sampling,
        ...settings.generate,
        seed: seed + 4,
        ...loop,
        onStep: tell(`generate, ${method.name}`),
      });
      await exportImages(images, folder, {
        description: "Synthetic image, made by @outis/outis",
        manifest: {
          seed: seed + 4,
          generator: name,
          ...(input.now && { seconds: (now() - start) / 1000 }),
        },
      });
      return folder;
    },
    [Symbol.dispose]: () => owned.dispose(),
  };
}

/** The reinforcement of a method: what its objective does not use is left out, as it decides nothing. */
function reinforcementOf(
  method: TableMethod,
  settings: TableSettings,
): TableSettings["reinforce"] & NonNullable<TableMethod["reinforce"]> {
  const { policy, direct, ...common } = {
    weights: PAPER_WEIGHTS,
    ...settings.reinforce,
    ...method.reinforce,
  };
  return (common.objective === "direct"
    ? { ...common, direct }
    : { ...common, policy }) as TableSettings["reinforce"];
}

/** Does work when first asked for it. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= work();
}
