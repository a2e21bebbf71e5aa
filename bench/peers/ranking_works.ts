/**
 * A whole evaluation of re-identification: features to CMC, mAP and mINP.
 *
 * @module
 */
import { type Params, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { rankFeatures, type SeenFeatures } from "../../src/metrics/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import type { Work } from "./work.ts";

/** Sizes of a test set. */
export interface RankingSize {
  /** Number of queries. */
  queries: number;
  /** Number of gallery images. */
  gallery: number;
  /** Number of features. */
  width: number;
}

/** People and cameras of Market-1501's test part. */
const [PEOPLE, CAMERAS] = [750, 6];

/** Distances in float64 and ranks of everybody, by the protocol of Market-1501; synthetic features. */
export function rankingWork({ queries, gallery, width }: RankingSize): Work {
  const show = (count: number) => count.toLocaleString("en");
  return {
    name: `evaluation of ${show(queries)} x ${show(gallery)} x ${show(width)}`,
    peer: "ranking",
    variants: [],
    // Both sides compute in float64; what differs is the rounding of figures to float32.
    tolerance: 1e-6,
    repeats: 1,
    tensors(): Params {
      return tf.tidy(() => {
        const random = randomStream(1);
        const centres = normalTensor(random, "people", [PEOPLE, width], 0.2);
        const side = (name: string, count: number, shift: number) => {
          const numbers = Array.from({ length: count }, (_, i) => i);
          const labels = tf.tensor1d(numbers.map((i) => i % PEOPLE), "int32");
          const cameras = tf.tensor1d(
            numbers.map((i) => (Math.floor(i / PEOPLE) + shift) % CAMERAS),
            "int32",
          );
          const noise = normalTensor(random, name, [count, width], 1);
          const features = tf.add(tf.gather(centres, labels), noise);
          return {
            [name]: features,
            [`${name}Labels`]: labels,
            [`${name}Cameras`]: cameras,
          };
        };
        return { ...side("query", queries, 0), ...side("gallery", gallery, 1) };
      });
    },
    start(tensors) {
      const side = (name: string): SeenFeatures => ({
        data: tensors[name].dataSync<"float32">(),
        width,
        labels: tensors[`${name}Labels`].dataSync<"int32">(),
        cameras: tensors[`${name}Cameras`].dataSync<"int32">(),
      });
      const [query, people] = [side("query"), side("gallery")];
      return {
        async run() {
          const { mAP, cmc, mINP } = await rankFeatures(query, people);
          return [tf.tensor1d([mAP!, mINP!]), tf.tensor1d([...cmc!])];
        },
        dispose() {},
      };
    },
  };
}
