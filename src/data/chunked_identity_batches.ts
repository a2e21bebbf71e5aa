/**
 * P x K batches as the field's programs for re-identification draw them.
 *
 * @module
 */
import { checkRange, type RandomStream } from "../core/mod.ts";
import type { BatchSampler, IdentityBatchesOptions } from "./batches.ts";
import { groupByLabel } from "./group_by_label.ts";

/**
 * P x K batches by the rule of Open-ReID, reid-strong-baseline and TorchReID (`RandomIdentitySampler`).
 *
 * In an epoch every identity's images are shuffled and cut into groups of K; what is left over at the end of them is not
 * used in this epoch. An identity with fewer than K first draws K of its own with repetition. Then P identities that
 * still have groups are drawn at random, each gives its next group, and so on until fewer than P have one. So identities
 * with many images come often, where `identityBatches` gives each the same share.
 *
 * @param labels Identity of each image.
 * @param options P, K and seed.
 * @returns The batches, of P · K indices. A step far ahead has to draw all epochs before it once.
 * @throws {RangeError} If P or K is no whole number above 0, or P exceeds the number of identities.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { randomStream } from "@outis/outis/core";
 * import { chunkedIdentityBatches } from "@outis/outis/data";
 *
 * const batch = chunkedIdentityBatches([0, 0, 1, 1, 1, 1, 2], {
 *   identities: 2,
 *   images: 2,
 *   random: randomStream(1, "batches"),
 * });
 * assert(batch(0).length === 4);
 * ```
 */
export function chunkedIdentityBatches(
  labels: ArrayLike<number>,
  options: IdentityBatchesOptions,
): BatchSampler {
  const { identities, images, random } = options;
  const groups = [...groupByLabel(labels).values()];
  const act = "make batches";
  checkRange(act, "images", images, { min: 1, integer: true });
  checkRange(act, "identities", identities, {
    min: 1,
    max: groups.length,
    integer: true,
  });

  // Epochs differ in length, so where one begins is known only when those before it are drawn.
  const starts = [0];
  let present = { epoch: -1, batches: [] as Int32Array<ArrayBuffer>[] };
  const open = (epoch: number) => {
    if (present.epoch !== epoch) {
      const batches = drawEpoch(groups, options, random.fork("epoch", epoch));
      present = { epoch, batches };
      starts[epoch + 1] = starts[epoch] + batches.length;
    }
    return present.batches;
  };
  return (step) => {
    checkRange("make a batch", "step", step, { min: 0, integer: true });
    while (starts[starts.length - 1] <= step) open(starts.length - 1);
    const epoch = starts.findLastIndex((start) => start <= step);
    return open(epoch)[step - starts[epoch]];
  };
}

/** All batches of an epoch, at least one. */
function drawEpoch(
  groups: readonly ArrayLike<number>[],
  { identities, images }: IdentityBatchesOptions,
  random: RandomStream,
): Int32Array<ArrayBuffer>[] {
  const waiting = groups.map((own, identity) => {
    const stream = random.fork("images", identity);
    const pool = own.length >= images
      ? Array.from(own)
      : Array.from({ length: images }, () => own[stream.integer(own.length)]);
    const order = Array.from(stream.permutation(pool.length), (i) => pool[i]);
    const count = Math.floor(order.length / images);
    return Array.from(
      { length: count },
      (_, i) => order.slice(i * images, (i + 1) * images),
    );
  });
  let available = groups.map((_, identity) => identity);
  const batches: Int32Array<ArrayBuffer>[] = [];
  while (available.length >= identities) {
    const order = random.fork("identities", batches.length)
      .permutation(available.length);
    const drawn = Array.from(
      order.subarray(0, identities),
      (i) => available[i],
    );
    batches.push(
      Int32Array.from(drawn.flatMap((identity) => waiting[identity].shift()!)),
    );
    available = available.filter((identity) => waiting[identity].length > 0);
  }
  return batches;
}
