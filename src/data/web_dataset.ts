/**
 * WebDataset: tar files of samples.
 *
 * @module
 */
import { createTarPacker } from "modern-tar";
import { checkRange, randomStream } from "../core/mod.ts";
import { digits, type ExportLayout, FILE_ENDINGS } from "./export_layout.ts";
import type { ManifestRow } from "./synthetic_image.ts";

/** Options of {@linkcode webDatasetLayout}. */
export interface WebDatasetOptions {
  /** Number of tar files. The samples, their names and their order are the same for any number. @default 1 */
  shards?: number;
}

/**
 * WebDataset: `shard-000000.tar` and so on, each sample as `000003_00012.jpg`, `.cls` (the label) and `.json` (all that
 * the manifest says).
 *
 * Samples come in one random order that is the same for every data set of the size, cut into shards of equal length: who
 * reads them one after the other gets mixed identities.
 *
 * @param options Number of shards.
 * @returns The layout.
 * @throws {RangeError} If the number of shards is no whole number of at least 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { webDatasetLayout } from "@outis/outis/data";
 *
 * assertEquals(webDatasetLayout({ shards: 4 }).name, "WebDataset");
 * ```
 */
export function webDatasetLayout(
  options: WebDatasetOptions = {},
): ExportLayout {
  const { shards = 1 } = options;
  checkRange("export images", "shards", shards, { min: 1, integer: true });
  return {
    name: "WebDataset",
    readers: "the webdataset package: fields jpg, png or webp, cls and json",
    fileTypes: ["jpeg", "png", "webp"],
    path: ({ label, number }, type) =>
      `${digits(label, 6)}_${digits(number, 5)}.${FILE_ENDINGS[type]}`,
    async pack(rows, images, out) {
      const order = randomStream(0, "web-dataset").permutation(rows.length);
      for (let s = 0; s < shards; s++) {
        const [from, to] = [s, s + 1].map((i) =>
          Math.floor(i * rows.length / shards)
        );
        const own = Array.from(order.subarray(from, to), (i) => rows[i]);
        await writeShard(`${out}/shard-${digits(s, 6)}.tar`, own, images);
      }
      // Not the shard's name: the manifest is the same for any number of them.
      return rows;
    },
  };
}

async function writeShard(
  path: string,
  rows: ManifestRow[],
  images: string,
): Promise<void> {
  const { readable, controller } = createTarPacker();
  const file = await Deno.open(path, {
    write: true,
    create: true,
    truncate: true,
  });
  const written = readable.pipeTo(file.writable);
  const add = async (name: string, content: Uint8Array) => {
    const header = { name, size: content.length, mtime: new Date(0) };
    const writer = controller.add(header).getWriter();
    await writer.write(content);
    await writer.close();
  };
  const text = (value: string) => new TextEncoder().encode(value);
  async function addAll() {
    for (const row of rows) {
      const key = row.path.slice(0, row.path.lastIndexOf("."));
      await add(row.path, await Deno.readFile(`${images}/${row.path}`));
      await add(`${key}.cls`, text(`${row.label}`));
      await add(`${key}.json`, text(JSON.stringify(row)));
    }
    controller.finalize();
  }
  await Promise.all([
    written,
    addAll().catch((error) => {
      controller.error(error);
      throw error;
    }),
  ]);
}
