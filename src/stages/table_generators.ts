/**
 * The synthetic images of a table: made once per seed, kept as files, read as any others.
 *
 * @module
 */
import {
  checkOneOf,
  fileName,
  isThere,
  type RunDirectory,
} from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { coldStart } from "./cold_start.ts";
import { exportImages } from "./export_images.ts";
import { generate } from "./generate.ts";
import type { Generator } from "./generator.ts";
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
  /** Where everything is kept. */
  run: RunDirectory;
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
   * Folder of a method's synthetic images, which are made if they are not there.
   *
   * @param method Cold start or reinforced, and where its reinforcement differs.
   */
  folder(method: TableMethod): Promise<string>;
}

/**
 * Adapts the prior under one seed, as far as it is asked for: the recogniser that judges, the cold start (4.1), and the
 * reinforcements (4.2) of the methods.
 *
 * @param input Prior, images, sizes.
 * @returns A way to the images of each method.
 *
 * @example
 * ```ts
 * import { tableGenerators, type TableGeneratorsInput } from "./table_generators.ts";
 *
 * // Minutes to hours, as the settings say.
 * async function baseImages(input: TableGeneratorsInput): Promise<string> {
 *   using generators = tableGenerators(input);
 *   return await generators.folder({ name: "Base DiT", synthetic: "coldStart" });
 * }
 * console.log(baseImages.length); // 1
 * ```
 */
export function tableGenerators(input: TableGeneratorsInput): TableGenerators {
  const { train, settings, seed, run, signal, prior, auditor } = input;
  const owned = new DisposableStack();
  const place = (...names: string[]) => run.file(`seed-${seed}`, ...names);
  const tell = (part: string) =>
  (
    done: number,
    total: number,
    metrics: StepMetrics = {},
  ) => input.onStep?.(`seed ${seed}, ${part}`, done, total, metrics);
  const loop = { ...(signal && { signal }) };

  const judges = once(async () =>
    owned.use(
      await trainJudges(train, {
        ...settings.embedder,
        ...(auditor && { auditor }),
        seed: seed + 1,
        ...loop,
        checkpoint: place("embedder.safetensors"),
        onStep: tell("embedder"),
      }),
    )
  );
  const adapted = once(async () => {
    await Deno.mkdir(place("cold-start"), { recursive: true });
    const generator = await coldStart(prior, train, {
      ...settings.coldStart,
      seed: seed + 2,
      ...loop,
      checkpoints: place("cold-start"),
      onStep: (part, ...told) => tell(`cold start, ${part}`)(...told),
    });
    owned.defer(generator.dispose);
    return generator;
  });
  const tuned = async (name: string, method: TableMethod) => {
    await Deno.mkdir(place(), { recursive: true });
    const { bank, embedder, auditor } = await judges();
    const generator = await reinforce(await adapted(), {
      bank,
      embedder,
      ...(auditor && { auditor }),
      ...settings.sampling,
      ...settings.reinforce,
      ...method.reinforce,
      seed: seed + 3,
      ...loop,
      checkpoint: place(`${name}.safetensors`),
      onStep: tell(name),
    });
    owned.defer(generator.dispose);
    return generator;
  };

  return {
    async folder(method) {
      const { synthetic } = method;
      checkOneOf("generate", "synthetic", synthetic, [
        "coldStart",
        "reinforced",
      ]);
      const name = synthetic === "coldStart"
        ? "cold-start"
        : method.reinforce === undefined
        ? "reinforced"
        : `reinforced-${fileName(method.name)}`;
      const folder = place("synthetic", name);
      // Its list is written last: where there is one, all images are.
      if (await isThere(`${folder}/manifest.json`)) return folder;
      const generator = synthetic === "coldStart"
        ? await adapted()
        : await tuned(name, method);
      const images = await generate(generator, {
        ...settings.sampling,
        ...settings.generate,
        seed: seed + 4,
        ...loop,
        onStep: tell(`generate, ${name}`),
      });
      await exportImages(images, folder, {
        description: "Synthetic image, made by @outis/outis",
        manifest: { seed: seed + 4, generator: name },
      });
      return folder;
    },
    [Symbol.dispose]: () => owned.dispose(),
  };
}

/** Does work when first asked for it. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= work();
}
