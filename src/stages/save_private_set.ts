/**
 * What of a private run may be published with its promise.
 *
 * @module
 */
import { basename } from "node:path";
import { digestParams, type RunDirectory } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import { exportImages } from "./export_images.ts";
import type { Generator } from "./generator.ts";
import { saveGenerator } from "./generator_files.ts";

/** Options of {@linkcode savePrivateSet}. */
export interface SavePrivateSetOptions {
  /** Images of the generator alone. */
  images: ImageSet;
  /** Seed they were drawn with. */
  seed: number;
}

/**
 * Saves generator and images of a private cold start in `private/` of a run: what comes after them in the run is made with
 * real images, and is not covered.
 *
 * @param run The run.
 * @param generator A privately adapted generator. Borrowed.
 * @param options Its images.
 * @throws {RangeError} If the generator's configuration has no record of a promise.
 *
 * @example
 * ```ts
 * import type { RunDirectory } from "@outis/outis/core";
 * import { generate, type Generator } from "@outis/outis/stages";
 * import { savePrivateSet } from "./save_private_set.ts";
 *
 * async function publish(run: RunDirectory, generator: Generator) {
 *   const images = await generate(generator, { imagesPerIdentity: 4, samplingSteps: 10 });
 *   await savePrivateSet(run, generator, { images, seed: 0 });
 * }
 * console.log(publish.length); // 2
 * ```
 */
export async function savePrivateSet(
  run: RunDirectory,
  generator: Generator,
  { images, seed }: SavePrivateSetOptions,
): Promise<void> {
  const { privacy } = generator.config;
  if (privacy === undefined) {
    throw new RangeError(
      "Cannot save a private set as 'generator' must have been trained privately: current value has no record of it",
    );
  }
  await saveGenerator(run.file("private", "generator"), generator);
  const { unit, epsilon, delta } = privacy;
  await exportImages(images, run.file("private", "images"), {
    description:
      `Synthetic face, made by @outis/outis; differentially private for one ${unit}, epsilon ${
        epsilon.toPrecision(4)
      }, delta ${delta}`,
    manifest: {
      seed,
      generator: `@outis/outis, cold-started privately, weights ${
        (await digestParams(generator.params.dit)).slice(0, 16)
      }`,
      run: basename(run.path),
    },
  });
}
