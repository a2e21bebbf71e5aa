import { writeAtomic } from "../core/mod.ts";
import { encodeVerificationBin } from "../io/mod.ts";
import type { Dataset } from "./image_record.ts";

/**
 * Writes pairs as a `.bin` file, whole or not at all; Python's `pickle.load(file, encoding="bytes")` reads it.
 *
 * @param path File; replaced if it exists.
 * @param dataset Records and pairs. The images are taken as they are encoded: align and resize before.
 * @throws {RangeError} If there are no pairs, or one names a record that is none.
 * @throws {Deno.errors.NotFound} If an image is missing.
 *
 * @example
 * ```ts
 * import { writeVerificationBin } from "@outis/outis/data";
 *
 * const path = await Deno.makeTempFile({ suffix: ".bin" });
 * const bytes = () => Promise.resolve(new Uint8Array([1, 2, 3]));
 * await writeVerificationBin(path, {
 *   records: [{ path: "1", identity: "ada", bytes }],
 *   pairs: [{ first: 0, second: 0, same: true }],
 * });
 * await Deno.remove(path);
 * ```
 */
export async function writeVerificationBin(
  path: string,
  dataset: Pick<Dataset, "records" | "pairs">,
): Promise<void> {
  const { records, pairs = [] } = dataset;
  if (pairs.length === 0) {
    throw new RangeError(
      "Cannot write verification pairs as 'pairs' must be at least one: current value is none",
    );
  }
  const images: Uint8Array[] = [];
  const loaded = new Map<number, Uint8Array>();
  for (const [k, pair] of pairs.entries()) {
    for (const i of [pair.first, pair.second]) {
      const record = records[i];
      if (record === undefined) {
        throw new RangeError(
          `Cannot write verification pairs as 'pairs[${k}]' must name two of ${records.length} records: current value is ${i}`,
        );
      }
      const bytes = loaded.get(i) ??
        await (record.bytes?.() ?? Deno.readFile(record.path));
      loaded.set(i, bytes);
      images.push(bytes);
    }
  }
  const same = pairs.map((pair) => pair.same);
  await writeAtomic(path, encodeVerificationBin({ images, same }));
}
