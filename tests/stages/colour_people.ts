import {
  type Embedder,
  plainPreprocessing,
  randomStream,
} from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";

/** Features: the mean colour. */
export const colours: Embedder = {
  embed: (images) => tf.mean(images, [1, 2]) as tf.Tensor2D,
  width: 3,
  preprocessing: plainPreprocessing(4, 4),
  fingerprint: "mean colour",
};

/** People of a colour of their own, which the mean colour tells apart; with `share` of the images of any colour. */
export function colourPeople(
  people: number,
  imagesPerPerson: number,
  options: { name?: string; share?: number } = {},
): ImageSet {
  const { name = "person", share = 0 } = options;
  const count = people * imagesPerPerson;
  const labels = Int32Array.from(
    { length: count },
    (_, i) => Math.floor(i / imagesPerPerson),
  );
  const images = new Float32Array(count * 48);
  labels.forEach((label, i) => {
    const isOdd = i % imagesPerPerson < share * imagesPerPerson;
    const colour = randomStream(1, name, isOdd ? `any ${i}` : label).normals(3);
    for (let at = 0; at < 48; at++) {
      images[48 * i + at] = Math.max(-1, Math.min(1, colour[at % 3] / 2));
    }
  });
  return {
    images,
    height: 4,
    width: 4,
    count,
    labels,
    identities: Array.from({ length: people }, (_, i) => `${name} ${i}`),
    paths: Array.from(labels, (label, i) => `${name} ${label}/${i}.png`),
    problems: [],
  };
}
