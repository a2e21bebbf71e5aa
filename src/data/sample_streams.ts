/**
 * Random streams of training samples.
 *
 * @module
 */
import { checkLength, type RandomStream } from "../core/mod.ts";

/**
 * A stream for each image of a batch: image i gets the same one in epoch e, whatever the batch it comes in.
 *
 * An image that comes several times in a batch gets another stream each time.
 *
 * @param random Where all come from.
 * @param indices Images of the batch.
 * @param epochs Epoch of the batch, or of each image; batches of identities have the step here.
 * @returns One stream per image, all at index 0.
 * @throws {TypeError} If there are not as many epochs as images.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { randomStream } from "@outis/outis/core";
 * import { sampleStreams } from "@outis/outis/data";
 *
 * const random = randomStream(1, "augment");
 * const [, second] = sampleStreams(random, [7, 8], 3);
 * const [first] = sampleStreams(random, [8, 1, 2], 3);
 * assertEquals(first.uniform(), second.uniform());
 * ```
 */
export function sampleStreams(
  random: RandomStream,
  indices: ArrayLike<number>,
  epochs: number | ArrayLike<number>,
): RandomStream[] {
  if (typeof epochs !== "number") {
    checkLength("open random streams", "epochs", epochs, indices.length);
  }
  const seen = new Map<string, number>();
  return Array.from(indices, (index, k) => {
    const epoch = typeof epochs === "number" ? epochs : epochs[k];
    const key = `${epoch}/${index}`;
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return random.fork(epoch, index, times);
  });
}
