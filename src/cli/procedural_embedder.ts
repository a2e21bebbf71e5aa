/**
 * An embedder of procedural people whom nothing else in a run knows.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import {
  recognizerEmbedder,
  trainAuditor,
  type TrainAuditorOptions,
} from "../stages/mod.ts";

/** Options of {@linkcode proceduralEmbedder}. */
export interface ProceduralEmbedderOptions extends
  Pick<
    TrainAuditorOptions,
    "seed" | "size" | "checkpoint" | "signal" | "onStep"
  > {}

/** People of its own, so that neither the prior, its auditor nor the default target is among them. */
const PEOPLE = {
  identities: 150,
  imagesPerIdentity: 10,
  firstIdentity: 3_000_000,
  steps: 300,
};

/**
 * Trains an embedder on procedural people, about a minute on two cores; a checkpoint makes that happen once.
 *
 * @param options Seed, size of the images, where it is kept.
 * @returns The embedder. Owned by the caller.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { proceduralEmbedder } from "./procedural_embedder.ts";
 *
 * const kept = (folder: string) => proceduralEmbedder({ checkpoint: `${folder}/embedder.safetensors` });
 * console.log(kept.length); // 1
 * ```
 */
export async function proceduralEmbedder(
  options: ProceduralEmbedderOptions,
): Promise<Embedder & Disposable> {
  const { model, params } = await trainAuditor({ ...PEOPLE, ...options });
  return await recognizerEmbedder(model, params);
}
