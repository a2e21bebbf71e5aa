import {
  type Embedder,
  plainPreprocessing,
  randomStream,
} from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";

/** Side of their pictures, in pixels. */
export const PATTERN_SIZE = 16;

/** Options of {@linkcode patternPeople}. */
export interface PatternPeopleOptions {
  /** Number of people. */
  people: number;
  /** Photographs of each. */
  photographs: number;
  /** Number of the first person: the same number is the same person. @default 0 */
  first?: number;
  /** Number of the first photograph of each. @default 0 */
  firstPhotograph?: number;
  /** How much photographs of a person differ: deviation of their noise; the pattern's is 0.5. @default 0.3 */
  noise?: number;
  /** What names begin with. @default "person" */
  prefix?: string;
}

/**
 * People who are patterns of 4 x 4 colours: a mean over those squares is a matcher that knows them, and what it makes of
 * strangers is known, too.
 */
export function patternPeople(options: PatternPeopleOptions): ImageSet {
  const { people, photographs, first = 0, firstPhotograph = 0 } = options;
  const { noise = 0.3, prefix = "person" } = options;
  const side = PATTERN_SIZE;
  const count = people * photographs;
  const images = new Float32Array(count * side * side * 3);
  const name = (person: number) => `${prefix}-${first + person}`;
  for (let i = 0; i < count; i++) {
    const person = Math.floor(i / photographs);
    const number = firstPhotograph + i % photographs;
    const draw = randomStream(7, "pattern", first + person);
    const pattern = draw.fork("own").normals(48);
    const change = draw.fork("photograph", number).normals(48);
    const grain = draw.fork("grain", number).normals(side * side * 3);
    for (let at = 0; at < side * side * 3; at++) {
      const c = at % 3;
      const x = Math.floor(at / 3) % side;
      const y = Math.floor(at / (3 * side));
      const cell = (Math.floor(y / 4) * 4 + Math.floor(x / 4)) * 3 + c;
      const value = 0.5 * pattern[cell] + noise * change[cell] +
        0.05 * grain[at];
      images[i * side * side * 3 + at] = Math.tanh(value);
    }
  }
  return {
    images,
    height: side,
    width: side,
    count,
    labels: Int32Array.from(
      { length: count },
      (_, i) => Math.floor(i / photographs),
    ),
    identities: Array.from({ length: people }, (_, person) => name(person)),
    paths: Array.from(
      { length: count },
      (_, i) => `${name(Math.floor(i / photographs))}/${i % photographs}.png`,
    ),
    problems: [],
  };
}

/** Matchers of them: by the colours of all squares, and by the brightness of each. */
export function patternEmbedders(): { [name: string]: Embedder } {
  const squares = (images: tf.Tensor4D): tf.Tensor4D =>
    tf.avgPool(images, 4, 4, "valid");
  const preprocessing = plainPreprocessing(PATTERN_SIZE, PATTERN_SIZE);
  return {
    colour: {
      embed: (images) =>
        tf.tidy(() =>
          tf.reshape(squares(images), [images.shape[0], 48]) as tf.Tensor2D
        ),
      width: 48,
      preprocessing,
      fingerprint: "colour",
    },
    brightness: {
      embed: (images) =>
        tf.tidy(() =>
          tf.reshape(tf.mean(squares(images), 3), [
            images.shape[0],
            16,
          ]) as tf.Tensor2D
        ),
      width: 16,
      preprocessing,
      fingerprint: "brightness",
    },
  };
}
