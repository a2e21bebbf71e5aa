/** Containers written in Python (tests/golden/containers.py), by name. */
const golden = JSON.parse(
  Deno.readTextFileSync(new URL("../golden/containers.json", import.meta.url)),
);

const bytes = (text: string) => Uint8Array.fromBase64(text);
const all = (texts: Record<string, string>): Record<string, Uint8Array> =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, bytes(text)]),
  );

/** Six PNG files of 4 x 3 pixels, red 0, 50, ... 250. */
export const images: Uint8Array[] = golden.images.map(bytes);
/** Truth values of the three pairs of these images. */
export const same: boolean[] = golden.same;
/** Verification sets of these images, by how they were pickled. */
export const bins = all(golden.bins);
/** RecordIO files with their indices. */
export const records: Record<string, { rec: Uint8Array; idx: string }> = {
  insightface: {
    rec: bytes(golden.records.insightface.rec),
    idx: golden.records.insightface.idx,
  },
  plain: {
    rec: bytes(golden.records.plain.rec),
    idx: golden.records.plain.idx,
  },
};
/** Image of record 3 of the first, which holds the magic number. */
export const cutImage = bytes(golden.records.insightface.cut);
/** MAT-files. */
export const mat = all(golden.mat);
/** Parquet files of one table, by compression. */
export const parquet = all(golden.parquet);
