/**
 * RecordIO, as insightface ships face data sets.
 *
 * @module
 */
import { encodeLabelledRecord, encodeRecord } from "../io/mod.ts";
import { digits, type ExportLayout, FILE_ENDINGS } from "./export_layout.ts";
import type { ManifestRow } from "./synthetic_image.ts";

/**
 * RecordIO in insightface's layout: `train.rec`, `train.idx`, `train.lst` and `property`.
 *
 * Record 0 has two labels: N + 1 and N + 1 + the number of identities, for N images. Records 1 to N are the images with
 * their label, identity after identity. The records from N + 1 on stand for the identities: first image, and the one after
 * the last. `property` holds the number of identities, height and width. insightface's `MXFaceDataset` takes the images
 * from 1 to before the first label of record 0.
 *
 * @returns The layout.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recordIoLayout } from "@outis/outis/data";
 *
 * assertEquals(recordIoLayout().fileTypes[0], "jpeg");
 * ```
 */
export function recordIoLayout(): ExportLayout {
  return {
    name: "RecordIO",
    readers: "insightface's MXFaceDataset, and mxnet.recordio",
    fileTypes: ["jpeg", "png"],
    path: ({ label, number }, type) =>
      `${digits(label, 7)}/${digits(number, 5)}.${FILE_ENDINGS[type]}`,
    async pack(rows, images, out) {
      const groups = groupRows(rows);
      using file = await Deno.open(`${out}/train.rec`, {
        write: true,
        create: true,
        truncate: true,
      });
      const index: string[] = [];
      let offset = 0;
      const add = async (
        key: number,
        label: number[],
        content?: Uint8Array,
      ) => {
        const record = encodeRecord(encodeLabelledRecord(label, key, content));
        index.push(`${key}\t${offset}\n`);
        for (let at = 0; at < record.length;) {
          at += await file.write(record.subarray(at));
        }
        offset += record.length;
      };
      const behind = rows.length + 1;
      await add(0, [behind, behind + groups.length]);
      for (const [i, row] of rows.entries()) {
        await add(
          i + 1,
          [row.label],
          await Deno.readFile(`${images}/${row.path}`),
        );
      }
      let first = 1;
      for (const [i, count] of groups.entries()) {
        await add(behind + i, [first, first + count]);
        first += count;
      }
      await file.sync();
      const list = rows.map(({ path, label }) => `1\t${path}\t${label}\n`);
      const [{ height, width }] = rows;
      // The number of labels there may be: where a person has withdrawn, there is one without images.
      const classes = 1 +
        rows.reduce((most, { label }) => Math.max(most, label), 0);
      await Deno.writeTextFile(`${out}/train.idx`, index.join(""));
      await Deno.writeTextFile(`${out}/train.lst`, list.join(""));
      await Deno.writeTextFile(
        `${out}/property`,
        `${classes},${height},${width}\n`,
      );
      return rows.map((row, i) => ({ ...row, path: `train.rec#${i + 1}` }));
    },
  };
}

/** How many images each identity has, in order. */
function groupRows(rows: ManifestRow[]): number[] {
  const counts = new Map<number, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()];
}
