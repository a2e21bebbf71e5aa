/**
 * What is known of classes, and how a class table learns from it.
 *
 * @module
 */
import type { Params } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import type { Dit } from "../models/mod.ts";

/** Numbers that describe the classes of a transformer; standardised columns serve best. */
export interface ClassFeatures {
  /** `[classes, width]`, row-major. */
  data: Float32Array;
  /** Features of a class. */
  width: number;
}

const TABLE = "y_embedder.embedding_table.weight";
const MAP = "y_embedder.feature_map";
const KNOWN = "y_embedder.features";

/**
 * The features of classes and a linear map of them to rows of the class table, as weights beside the transformer's.
 *
 * With features F and map M the table is E + F M: a class with few pictures learns from those that are like it. Without
 * features there are no such weights.
 *
 * @param features What is known of the classes, or nothing.
 * @param dit The transformer.
 * @returns `known`, `[classes + 1, width]` with zeros for the null class, not to be trained; `map`, `[width, hidden]`,
 * zeros. Both owned by the caller.
 * @throws {RangeError} If there are not `width` numbers for each class.
 *
 * @example
 * ```ts
 * import { dit, smallDit } from "@outis/outis/models";
 * import { featureWeights } from "./class_features.ts";
 *
 * const model = dit(smallDit({ classes: 2, hidden: 32, heads: 2, depth: 1 }));
 * const { map } = featureWeights({ data: new Float32Array(6), width: 3 }, model);
 * console.log(Object.values(map)[0].shape); // [3, 32]
 * ```
 */
export function featureWeights(
  features: ClassFeatures | undefined,
  dit: Pick<Dit, "config">,
): { known: Params; map: Params } {
  if (features === undefined) return { known: {}, map: {} };
  const { data, width } = features;
  const { classes, hidden } = dit.config;
  if (data.length !== classes * width) {
    throw new RangeError(
      `Cannot train a denoiser as 'classFeatures' must be ${width} numbers for each of ${classes} classes: current value is ${data.length} numbers`,
    );
  }
  const known = tf.tidy(() =>
    tf.pad(tf.tensor2d(data, [classes, width]), [[0, 1], [0, 0]])
  );
  return {
    known: { [KNOWN]: known },
    map: { [MAP]: tf.zeros([width, hidden]) },
  };
}

/**
 * Adds mapped features to the class table.
 *
 * @param params Weights of a transformer, with those of {@linkcode featureWeights} or without. Borrowed.
 * @returns Weights as the transformer takes them, without the features and their map; only the table is a new tensor, to be
 * freed by the tidy around the call.
 *
 * @example
 * ```ts
 * import { mergeFeatures } from "./class_features.ts";
 *
 * console.log(Object.keys(mergeFeatures({})).length); // 0
 * ```
 */
export function mergeFeatures(params: Params): Params {
  const { [MAP]: map, [KNOWN]: known, ...rest } = params;
  if (map === undefined) return rest;
  const mapped = tf.matMul(known as tf.Tensor2D, map as tf.Tensor2D);
  return { ...rest, [TABLE]: tf.add(rest[TABLE], mapped) };
}
