/**
 * An embedder of people that neither the generator nor its auditor knows.
 *
 * @module
 */
import type { Embedder, RunDirectory } from "../core/mod.ts";
import type { PartProgress } from "./part_progress.ts";
import { proceduralEmbedder } from "./procedural_embedder.ts";

/** Input of {@linkcode secondEmbedder}. */
export interface SecondEmbedderInput {
  /** Where its checkpoint lies. */
  run: RunDirectory;
  /** Seed of the run; the embedder has the next. */
  seed: number;
  /** Side of a picture, pixels. */
  size: number;
  /** Ends the training after the present step. */
  signal: AbortSignal;
  /** Where it is shown. */
  display: PartProgress;
}

/**
 * Trains an embedder on other procedural people, to check with.
 *
 * @param input Sizes and where to.
 * @returns The embedder, to be disposed.
 * @throws The signal's reason, if it fired; the same call goes on from the checkpoint.
 *
 * @example
 * ```ts
 * import { secondEmbedder, type SecondEmbedderInput } from "./second_embedder.ts";
 *
 * async function width(input: SecondEmbedderInput): Promise<number> {
 *   using embedder = await secondEmbedder(input);
 *   return embedder.width;
 * }
 * console.log(width.length); // 1
 * ```
 */
export async function secondEmbedder(
  { run, seed, size, signal, display }: SecondEmbedderInput,
): Promise<Embedder & Disposable> {
  return await proceduralEmbedder({
    seed: seed + 1,
    size,
    checkpoint: run.file("second_embedder.safetensors"),
    signal,
    onStep: (part, done, total, metrics) =>
      display.step(
        part.replace("auditor", "second embedder"),
        done,
        total,
        metrics,
      ),
  });
}
