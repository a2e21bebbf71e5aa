/**
 * The hard half of the promise that nobody real is near: rejection after the soft force.
 *
 * @module
 */
import {
  AVOID_DISTANCE,
  type Avoidance,
  type EmbeddedLatents,
  type LatentModel,
  startLatents,
} from "../brownian/mod.ts";
import type { Embedder, RandomStream } from "../core/mod.ts";
import { owned, tf } from "../engine/mod.ts";
import {
  type NearestDirections,
  nearestDirections,
} from "./nearest_directions.ts";
import { type RenderedLatents, renderLatents } from "./render_latents.ts";

/** What another place in a chunk may do to an angle, radians. */
const MARGIN = 1e-3;

/** Candidates drawn at a time. */
const DRAWN = 32;

/** Times a variation is brought halfway to its reference before it becomes the reference. */
const HALVINGS = 10;

/** What sampling needs of a generator. */
export interface SampledModel {
  /** The generator. */
  model: LatentModel;
  /** The embedder whose angles count. */
  embedder: Embedder;
  /** One seen through the other. */
  latents: EmbeddedLatents;
}

/** Options of {@linkcode redrawReferences}. */
export interface RedrawReferencesOptions {
  /** Real people, and how far from them. */
  avoid: Avoidance;
  /** Candidates of identity i are the start of fork i. */
  random: RandomStream;
  /** Latents that go through the generator at a time. */
  chunk: number;
  /** Candidates at most for an identity. */
  redraws: number;
  /** ψ of candidates. @default that of `startLatents` */
  truncation?: number;
}

/**
 * Draws references anew that lie within reach of a real person: of the first candidates that are far enough, the one
 * farthest from the other identities.
 *
 * @param sampled The generator.
 * @param references w, `[N, D]`. Borrowed.
 * @param options Whom to avoid, and where candidates come from.
 * @returns All references, `[N, D]` in row-major order, and which are new.
 * @throws {RangeError} If none of the candidates is far enough.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { type RedrawReferencesOptions, redrawReferences, type SampledModel } from "./keep_away.ts";
 *
 * function howMany(model: SampledModel, w: tf.Tensor2D, options: RedrawReferencesOptions) {
 *   return redrawReferences(model, w, options).redrawn.size;
 * }
 * console.log(howMany.length); // 3
 * ```
 */
export function redrawReferences(
  { model, embedder, latents }: SampledModel,
  references: tf.Tensor2D,
  options: RedrawReferencesOptions,
): { references: Float32Array; redrawn: Set<number> } {
  const { avoid, random, chunk, redraws, truncation } = options;
  const { distance = AVOID_DISTANCE, embeddings: real } = avoid;
  const { width } = embedder;
  const { dimensions } = model;
  const embed = (w: tf.Tensor2D) =>
    renderLatents(model, [embedder], w, chunk).embeddings[0];
  const values = (references.dataSync() as Float32Array).slice();
  const all = embed(references);
  const redrawn = new Set<number>();
  for (const [i, angle] of nearestOf(all, width, real).angles.entries()) {
    if (angle >= distance + MARGIN) continue;
    redrawn.add(i);
    let best: { angle: number; w: Float32Array; e: Float32Array } | undefined;
    for (let first = 0; first < redraws && !best; first += DRAWN) {
      using drawn = owned(startLatents(latents, {
        count: DRAWN,
        first,
        random: random.fork(i),
        ...(truncation !== undefined && { truncation }),
      }));
      const w = drawn.value.dataSync() as Float32Array;
      const e = embed(drawn.value);
      const toReal = nearestOf(e, width, real).angles;
      const toOthers = anglesToOthers(e, all, i, width);
      for (let k = 0; k < DRAWN; k++) {
        if (toReal[k] < distance + MARGIN) continue;
        if (best !== undefined && toOthers[k] <= best.angle) continue;
        best = {
          angle: toOthers[k],
          w: w.slice(k * dimensions, (k + 1) * dimensions),
          e: e.slice(k * width, (k + 1) * width),
        };
      }
    }
    if (best === undefined) {
      throw new RangeError(
        `Cannot sample identities as 'avoid' must leave room for identity ${i}: current value is ${distance} rad around ${
          real.shape[0]
        } real images, and ${redraws} candidates were all within`,
      );
    }
    values.set(best.w, i * dimensions);
    all.set(best.e, i * width);
  }
  return { references: values, redrawn };
}

/** What is saved of an identity. */
export interface SavedLatents {
  /** w, `[1 + n, D]` in row-major order. */
  latents: Float32Array;
  /** Their images and features. */
  rendered: RenderedLatents;
  /** The nearest real person of each; `undefined` with nobody to avoid. */
  nearest?: NearestDirections;
  /** How many variations were brought back. */
  drawnBack: number;
}

/**
 * Renders a reference and its variations; those within reach of a real person are brought back towards the reference by
 * halves, until none is.
 *
 * @param model The generator.
 * @param embedders The embedder whose angles count, and others that are asked as well.
 * @param start w, `[1 + n, D]` in row-major order, the reference first, which is far enough.
 * @param options Latents at a time, and whom to avoid.
 * @returns What is saved.
 * @throws {RangeError} If the reference itself is within reach.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { conditionLatents, loadGenerator, priorUrl } from "@outis/outis/stages";
 * import { bringBack } from "./keep_away.ts";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * using model = conditionLatents(prior, { samplingSteps: 1 });
 * const start = new Float32Array(2 * model.dimensions);
 * console.log(bringBack(model, [], start, { chunk: 2 }).drawnBack); // 0: nobody to avoid
 * ```
 */
export function bringBack(
  model: LatentModel,
  embedders: readonly Embedder[],
  start: Float32Array,
  options: { chunk: number; avoid?: Avoidance },
): SavedLatents {
  const { chunk, avoid } = options;
  const { dimensions } = model;
  const w = start.slice();
  const rows = w.length / dimensions;
  const back = new Set<number>();
  for (let round = 0;; round++) {
    using matrix = owned(tf.tensor2d(w, [rows, dimensions]));
    const rendered = renderLatents(model, embedders, matrix.value, chunk);
    const found = { latents: w, rendered, drawnBack: back.size };
    if (avoid === undefined) return found;
    const { distance = AVOID_DISTANCE } = avoid;
    const [e] = rendered.embeddings;
    const nearest = nearestOf(e, embedders[0].width, avoid.embeddings);
    const near = [...nearest.angles.keys()]
      .filter((i) => nearest.angles[i] < distance);
    if (near.length === 0) return { ...found, nearest };
    if (near[0] === 0 || round > HALVINGS) {
      throw new RangeError(
        `Cannot bring variations back as their reference must be ${distance} rad from real people: current value is ${
          nearest.angles[0]
        }`,
      );
    }
    for (const i of near) {
      back.add(i);
      for (let k = 0; k < dimensions; k++) {
        const at = i * dimensions + k;
        w[at] = round < HALVINGS ? (w[at] + w[k]) / 2 : w[k];
      }
    }
  }
}

/** Angles of candidates to the nearest of all identities but one; π where there is no other. */
function anglesToOthers(
  candidates: Float32Array,
  all: Float32Array,
  row: number,
  width: number,
): ArrayLike<number> {
  if (all.length === width) {
    return new Float64Array(candidates.length / width).fill(Math.PI);
  }
  const rest = new Float32Array(all.length - width);
  rest.set(all.subarray(0, row * width));
  rest.set(all.subarray((row + 1) * width), row * width);
  using others = owned(tf.tensor2d(rest, [rest.length / width, width]));
  return nearestOf(candidates, width, others.value).angles;
}

function nearestOf(
  values: Float32Array,
  width: number,
  others: tf.Tensor2D,
): NearestDirections {
  using rows = owned(tf.tensor2d(values, [values.length / width, width]));
  return nearestDirections(rows.value, others);
}
