/**
 * Finds the images of each label.
 *
 * @param labels Label of each image.
 * @returns Indices of the images by label, labels in ascending order, indices too.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { groupByLabel } from "@outis/outis/data";
 *
 * assert(groupByLabel([1, 0, 1]).get(1)?.join() === "0,2");
 * ```
 */
export function groupByLabel(labels: ArrayLike<number>): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const group = groups.get(labels[i]);
    if (group) group.push(i);
    else groups.set(labels[i], [i]);
  }
  return new Map([...groups].sort(([a], [b]) => a - b));
}
