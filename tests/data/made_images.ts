import { randomStream } from "../../src/core/mod.ts";
import {
  casiaLayout,
  exportDataset,
  type ExportDatasetOptions,
  type ExportedDataset,
  type ExportLayout,
  folderLayout,
  type ManifestRow,
  market1501Layout,
  recordIoLayout,
  type SyntheticImage,
  webDatasetLayout,
} from "../../src/data/mod.ts";

/** Three identities with four pictures each, small and of a colour of their own. */
export const IDENTITIES = ["ada & bob", "cleo", "nobody 3"];

/** Pictures of them, in an order that is not that of the data set. */
export function madeImages(): SyntheticImage[] {
  return [2, 0, 3, 1].flatMap((number) =>
    IDENTITIES.map((identity, label) => ({
      identity,
      number,
      pixels: randomStream(number, "made", label).uniforms(8 * 6 * 3).map((
        u,
        i,
      ) => (i % 3 === label ? 0.8 : -0.8) + 0.2 * u),
      height: 8,
      width: 6,
      seed: 7,
      rewards: { semantic: 0.5 + number / 10, coverage: -number },
      ...(number === 2 ? { utility: -0.25, parents: ["cleo/0"] } : {}),
    }))
  );
}

/** All an export needs but where to and how. */
const madeOptions: Pick<
  ExportDatasetOptions,
  "identities" | "provenance" | "description"
> = {
  identities: IDENTITIES,
  provenance: { description: "Nobody", generator: "a test", run: "run-1" },
  description: {
    title: "Nobodies",
    protocol: "Drawn from numbers.",
    licence: "CC0-1.0",
    chain: [{ what: "a | stream", licence: "MIT", source: "core/random" }],
  },
};

/** Every layout there is. */
export const layouts: { [format: string]: () => ExportLayout } = {
  folder: folderLayout,
  webdataset: () => webDatasetLayout({ shards: 3 }),
  recordio: recordIoLayout,
  market1501: market1501Layout,
  casia: casiaLayout,
};

/** Exports the pictures. */
export function exportTo(
  out: string,
  layout: ExportLayout,
  more: Partial<ExportDatasetOptions> = {},
  images: Parameters<typeof exportDataset>[0] = madeImages(),
): Promise<ExportedDataset> {
  return exportDataset(images, { ...madeOptions, out, layout, ...more });
}

/** The lines of a manifest. */
export const rowsOf = async (folder: string): Promise<ManifestRow[]> =>
  (await Deno.readTextFile(`${folder}/manifest.jsonl`)).trimEnd().split("\n")
    .map((line) => JSON.parse(line));
