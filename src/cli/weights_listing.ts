/**
 * What a file of weights holds, as lines for people.
 *
 * @module
 */
import { tensorBytes, type WeightsEntry } from "../io/mod.ts";

/**
 * Lists tensors: name, element type and shape in columns.
 *
 * @param entries The tensors.
 * @returns One line each.
 *
 * @example
 * ```ts
 * import { listTensors } from "./weights_listing.ts";
 *
 * listTensors([{ name: "fc.weight", dtype: "F32", shape: [3, 2] }]); // ["fc.weight  F32  [3, 2]"]
 * ```
 */
export function listTensors(entries: readonly WeightsEntry[]): string[] {
  const names = Math.max(0, ...entries.map(({ name }) => name.length));
  const types = Math.max(0, ...entries.map(({ dtype }) => dtype.length));
  return entries.map(({ name, dtype, shape }) =>
    `${printable(name).padEnd(names)}  ${dtype.padEnd(types)}  [${
      shape.join(", ")
    }]`
  );
}

/**
 * Sums tensors up.
 *
 * @param entries The tensors.
 * @returns As in "3 tensors (2 F32, 1 I64), 1,024 values, 4.1 kB".
 *
 * @example
 * ```ts
 * import { countTensors } from "./weights_listing.ts";
 *
 * countTensors([{ name: "a", dtype: "F32", shape: [3, 2] }]); // "1 tensor (1 F32), 6 values, 24 bytes"
 * ```
 */
export function countTensors(entries: readonly WeightsEntry[]): string {
  const types = new Map<string, number>();
  for (const { dtype } of entries) {
    types.set(dtype, (types.get(dtype) ?? 0) + 1);
  }
  const kinds = Array.from(types, ([dtype, count]) => `${count} ${dtype}`);
  const bytes = entries.reduce((sum, entry) => sum + tensorBytes(entry), 0);
  const detail = kinds.length > 0 ? ` (${kinds.join(", ")})` : "";
  return `${entries.length} tensor${
    entries.length === 1 ? "" : "s"
  }${detail}, ${countValues(entries).toLocaleString("en")} values, ${
    inBytes(bytes)
  }`;
}

/**
 * Counts the values of tensors.
 *
 * @param entries The tensors.
 * @returns How many numbers they hold.
 *
 * @example
 * ```ts
 * import { countValues } from "./weights_listing.ts";
 *
 * countValues([{ name: "a", dtype: "F32", shape: [3, 2] }]); // 6
 * ```
 */
export function countValues(entries: readonly WeightsEntry[]): number {
  return entries.reduce(
    (sum, { shape }) => sum + shape.reduce((count, size) => count * size, 1),
    0,
  );
}

function inBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const [unit, size] = ([["GB", 1e9], ["MB", 1e6], ["kB", 1e3]] as const)
    .find(([, size]) => bytes >= size)!;
  return `${(bytes / size).toFixed(1)} ${unit}`;
}

/** A name of a file must not move the cursor of a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}
