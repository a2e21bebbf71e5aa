/**
 * Images of a generator, drawn and written as they come.
 *
 * @module
 */
import {
  exportDataset,
  type ExportDatasetOptions,
  type ExportedDataset,
  type SyntheticImage,
} from "../data/mod.ts";
import {
  activeClasses,
  generateChunks,
  type GenerateOptions,
} from "./generate.ts";
import type { Generator } from "./generator.ts";

/** Options of {@linkcode exportGenerated}. */
export interface ExportGeneratedOptions
  extends
    Omit<GenerateOptions, "onStep">,
    Omit<ExportDatasetOptions, "identities" | "total"> {
}

/**
 * Draws images from a generator and exports them as a data set; never more than a chunk is in memory.
 *
 * Image k of a class is a function of seed, class and k. An export that was interrupted goes on where it was: chunks that
 * are written are not drawn again, and the data set is the same, byte for byte.
 *
 * @param generator Where from.
 * @param options How many, of which identities, how; where to, in which layout.
 * @returns Number of images, and a fingerprint.
 * @throws {RangeError} If an option is out of range, or `out` not free; see `generate` and `exportDataset`.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { folderLayout } from "@outis/outis/data";
 * import { exportGenerated, loadGenerator, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const out = `${await Deno.makeTempDir()}/nobody`;
 * const { count } = await exportGenerated(await loadGenerator(priorUrl()), {
 *   labels: [0, 1],
 *   imagesPerIdentity: 1,
 *   samplingSteps: 2,
 *   chunk: 2,
 *   out,
 *   layout: folderLayout(),
 *   provenance: { description: "Synthetic face", generator: "the shipped prior" },
 *   description: { protocol: "An example.", licence: "CC0-1.0", chain: [] },
 * });
 * console.log(count); // 2
 * await Deno.remove(out, { recursive: true });
 * ```
 */
export async function exportGenerated(
  generator: Generator,
  options: ExportGeneratedOptions,
): Promise<ExportedDataset> {
  const { identities, autoencoder: { height, width } } = generator.config;
  const { imagesPerIdentity, seed = 0 } = options;
  const labels = options.labels ?? activeClasses(generator.config);
  const size = height * width * 3;

  async function* images(
    isDone: (identity: string, number: number) => boolean,
  ): AsyncGenerator<SyntheticImage> {
    const isWanted = (label: number, k: number) =>
      !isDone(identities[label], k);
    for await (
      const { keys, pixels } of generateChunks(generator, {
        ...options,
        isWanted,
      })
    ) {
      for (const [i, { label, k }] of keys.entries()) {
        yield {
          identity: identities[label],
          number: k,
          pixels: pixels.subarray(i * size, (i + 1) * size),
          height,
          width,
          seed,
        };
      }
    }
  }
  return await exportDataset(images, {
    ...options,
    // Of the classes that are drawn: labels of the data set are without gaps.
    identities: labels.map((label) => identities[label]),
    total: labels.length * imagesPerIdentity,
  });
}
