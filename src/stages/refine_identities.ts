/**
 * New identities refined by the rewards of the main paper: one pipeline of both.
 *
 * @module
 */
import { AVOID_DISTANCE, type Avoidance } from "../brownian/mod.ts";
import type { Embedder, RunDirectory } from "../core/mod.ts";
import { type ImageSet, subsetImages } from "../data/mod.ts";
import { owned, tf } from "../engine/mod.ts";
import { exportImages } from "./export_images.ts";
import { generate } from "./generate.ts";
import type { Generator } from "./generator.ts";
import { saveGenerator } from "./generator_files.ts";
import { identityBank } from "./identity_bank.ts";
import { identityGenerator } from "./identity_generator.ts";
import { embedImages } from "./recognizer_embedder.ts";
import { nearestDirections } from "./nearest_directions.ts";
import { reinforce } from "./reinforce.ts";
import type { SavedIdentity } from "./save_identity.ts";
import type { StepMetrics } from "./training_loop.ts";

/** Input of {@linkcode refineIdentities}. */
export interface RefineIdentitiesInput {
  /** The generator whose latents they are. Borrowed. */
  prior: Generator;
  /** Identities of `conditionLatents`, with variations. */
  identities: readonly SavedIdentity[];
  /** The embedder whose features they have. Borrowed. */
  embedder: Embedder;
  /** Where the generator, its pictures and a checkpoint go: the folder `refined`. */
  run: RunDirectory;
  /** What made the pictures, for their provenance. */
  generator: string;
  /** Iterations of reinforcement. */
  steps: number;
  /** Real people: pictures within `distance` of one are left out. @default nobody to avoid */
  avoid?: Avoidance;
  /** Identities in an iteration, of as many as there are. @default 8 */
  identitiesPerStep?: number;
  /** Samples of each. @default 8 */
  samples?: number;
  /** Pictures of each identity. @default 8 */
  imagesPerIdentity?: number;
  /** Transitions of the generator. @default 8 */
  samplingSteps?: number;
  /** Seed. @default 0 */
  seed?: number;
  /** Ends the work after the present step; the same call goes on from there. */
  signal?: AbortSignal;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: StepMetrics,
  ) => void | Promise<void>;
}

/** What {@linkcode refineIdentities} made. */
export interface RefinedIdentities {
  /** Pictures that were written. */
  pictures: number;
  /** Pictures that were left out, as they lay too near to a real person. */
  leftOut: number;
}

/**
 * Makes sampled identities the classes of a generator, tunes it by the rewards, with the references as prototypes
 * (`identityBank`), and draws every identity anew: other noise, other pose and light, the same person, as far as the
 * rewards got. The folder `refined` then holds the generator and `synthetic/`, as `openRunImages` takes it.
 *
 * @param input Identities, embedder, lengths.
 * @returns What came out.
 * @throws {RangeError} If an identity has no variations, or the latents are not the generator's.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { openRunDirectory, randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { loadAuditor, loadGenerator, priorUrl, recognizerEmbedder, refineIdentities } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const { model, params } = (await loadAuditor(priorUrl()))!;
 * using embedder = await recognizerEmbedder(model, params);
 * const { hidden } = prior.config.dit;
 * // In the place of what sampleIdentities() gives: two people, each with one variation.
 * const identities = [0, 1].map((number) => ({
 *   number,
 *   latents: randomStream(number, "latents").normals(2 * hidden),
 *   embeddings: randomStream(number, "embeddings").normals(2 * embedder.width),
 *   redrawn: false,
 *   drawnBack: 0,
 * }));
 * const folder = await Deno.makeTempDir();
 * {
 *   using run = await openRunDirectory(folder, { manifest: { configuration: {} }, now: () => 0 });
 *   const { pictures } = await refineIdentities({
 *     prior,
 *     identities,
 *     embedder,
 *     run,
 *     generator: "the shipped prior",
 *     steps: 1,
 *     samples: 3,
 *     imagesPerIdentity: 1,
 *     samplingSteps: 2,
 *   });
 *   console.log(pictures); // 2
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function refineIdentities(
  input: RefineIdentitiesInput,
): Promise<RefinedIdentities> {
  const { prior, identities, embedder, run, steps, seed = 0 } = input;
  const { samples = 8, imagesPerIdentity = 8, samplingSteps = 8 } = input;
  const { identitiesPerStep = Math.min(8, identities.length) } = input;
  const { signal, onStep, avoid } = input;
  using bank = identityBank(identities, embedder);
  const latents = identities.flatMap((one) => {
    const count = one.embeddings.length / embedder.width;
    return Array.from(one.latents.subarray(0, one.latents.length / count));
  });
  const classes = identityGenerator(prior, {
    latents,
    names: bank.identities,
  });
  await Deno.mkdir(run.file("refined", "synthetic"), { recursive: true });
  try {
    const tuned = await reinforce(classes, {
      bank,
      embedder,
      steps,
      identities: identitiesPerStep,
      samples,
      samplingSteps,
      // What the study of reinforcement found to move in few iterations (data/results/reinforcement.md).
      rate: 3e-4,
      trainable: "labelEmbedding+adaLN",
      policy: { baseline: "identity", timeWeights: "deviation" },
      seed,
      checkpoint: run.file("refined", "checkpoint.safetensors"),
      checkpointEvery: 10,
      signal,
      onStep: (...told) => onStep?.("refinement", ...told),
    });
    try {
      await saveGenerator(run.file("refined", "generator"), tuned);
      const drawn = await generate(tuned, {
        imagesPerIdentity,
        samplingSteps,
        seed,
        signal,
        onStep: (done, total) => onStep?.("refined pictures", done, total, {}),
      });
      const far = avoid === undefined ? drawn : farFrom(drawn, embedder, avoid);
      await exportImages(far, run.file("refined", "synthetic"), {
        description:
          "Synthetic person who is nobody, made and refined by @outis/outis",
        manifest: { seed, generator: input.generator },
      });
      return { pictures: far.count, leftOut: drawn.count - far.count };
    } finally {
      tuned.dispose();
    }
  } finally {
    classes.dispose();
  }
}

/** The images that lie far enough from all real people. */
function farFrom(
  set: ImageSet,
  embedder: Embedder,
  { embeddings, distance = AVOID_DISTANCE }: Avoidance,
): ImageSet {
  const { data, width } = embedImages(embedder, set);
  using rows = owned(tf.tensor2d(data, [set.count, width]));
  const { angles } = nearestDirections(rows.value, embeddings);
  return subsetImages(
    set,
    [...angles.keys()].filter((i) => angles[i] >= distance),
  );
}
