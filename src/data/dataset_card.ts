/**
 * The page that says what a synthetic data set is.
 *
 * @module
 */
import { digestBytes } from "../core/mod.ts";
import type { ExportLayout } from "./export_layout.ts";
import type { ManifestRow } from "./synthetic_image.ts";

/** A link of the chain of licences: what went in, and what may be done with it. */
export interface LicenceLink {
  /** What it is: a data set, weights, a program. */
  what: string;
  /** Its licence, or what is known of it. @default unknown, and the card says so */
  licence?: string;
  /** Where it comes from. @default none */
  source?: string;
}

/** What people say of a data set. */
export interface DatasetDescription {
  /** Heading. @default "Synthetic identities" */
  title?: string;
  /** How it was made, in a few sentences. */
  protocol: string;
  /** Licence of the data set. */
  licence: string;
  /** What it was made from, with licences, first to last; the card says so where nothing is known. */
  chain: readonly LicenceLink[];
}

/** What is counted for the card. */
export interface CountedDataset {
  /** Images. */
  rows: readonly ManifestRow[];
  /** How they are laid out. */
  layout: Pick<ExportLayout, "name" | "readers">;
  /** SHA-256 of `manifest.jsonl`. */
  manifest: string;
}

/**
 * Writes a data set card: counts, protocol, chain of licences, fingerprints; as Markdown with the head that model hubs read.
 *
 * @param description What people say.
 * @param counted What is counted.
 * @returns The text of `README.md`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { datasetCard, folderLayout } from "@outis/outis/data";
 *
 * const card = datasetCard(
 *   { protocol: "Drawn by hand.", licence: "CC0-1.0", chain: [] },
 *   { rows: [], layout: folderLayout(), manifest: "0".repeat(64) },
 * );
 * assert(card.includes("0 images"));
 * ```
 */
export function datasetCard(
  description: DatasetDescription,
  counted: CountedDataset,
): string {
  const { title = "Synthetic identities", protocol, licence, chain } =
    description;
  const { rows, layout, manifest } = counted;
  const known = chain.length > 0 ? chain : [{ what: "not stated" }];
  const links = known.map(({ what, licence, source }: LicenceLink) =>
    `| ${[what, licence || "unknown", source ?? ""].map(cell).join(" | ")} |\n`
  );
  return `---
pretty_name: ${JSON.stringify(title)}
license: ${JSON.stringify(licence)}
tags: [synthetic, identity-recognition]
---

# ${title}

Every image is synthetic: made by a trained algorithm, and marked so in its file (IPTC digital source type
\`trainedAlgorithmicMedia\` in XMP). Where the generator was adapted to photographs of people, an identity here is conditioned
on one of them, and may resemble that person.

## Contents

${countLine(rows)}
- Layout: ${layout.name}, for ${layout.readers}
- \`manifest.jsonl\` and \`manifest.parquet\` list them all: path, identity, label, seed, SHA-256 and, where known, camera,
  rewards, utility and parents

## Protocol

${protocol}

## Licences

This data set: ${licence}. It was made from:

| what | licence | source |
| ---- | ------- | ------ |
${links.join("")}
## Fingerprints

${manifestLine(manifest)}
${
    imagesLine(rows)
  } (of a line for each, by label and number: SHA-256 of the file, two spaces,
  label, \`/\`, number)

Check the identities for leaks before use, and do not use the images to identify real persons.
`;
}

/**
 * A card after images were withdrawn: counts and fingerprints are made anew, a sentence on the withdrawal is added, and
 * all else is left as people have it.
 *
 * @param card The card before.
 * @param counted What is left.
 * @param note One sentence on what was withdrawn.
 * @returns The card after.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { recountedCard } from "./dataset_card.ts";
 *
 * const card = recountedCard(
 *   "- 3 images of 2 identities, 1 to 2 each, 8 x 8 pixels",
 *   { rows: [], manifest: "0".repeat(64) },
 *   "Three images were withdrawn.",
 * );
 * assert(card.startsWith("- 0 images of 0 identities"));
 * ```
 */
export function recountedCard(
  card: string,
  { rows, manifest }: Omit<CountedDataset, "layout">,
  note: string,
): string {
  const heading = "## Withdrawals";
  const counted = card
    .replace(/^- \d+ images of \d+ identities.*$/m, () => countLine(rows))
    .replace(
      /^- `manifest\.jsonl`: SHA-256 [0-9a-f]{64}/m,
      () => manifestLine(manifest),
    )
    .replace(/^- all images: SHA-256 [0-9a-f]{64}/m, () => imagesLine(rows));
  const head = counted.includes(heading) ? "" : `\n${heading}\n\n`;
  return `${counted}${head}- ${note}\n`;
}

function countLine(rows: readonly ManifestRow[]): string {
  const perIdentity = new Map<string, number>();
  for (const { identity } of rows) {
    perIdentity.set(identity, (perIdentity.get(identity) ?? 0) + 1);
  }
  const counts = [...perIdentity.values()];
  const least = counts.reduce((a, b) => Math.min(a, b), Infinity);
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const each = least === most ? `${most}` : `${least} to ${most}`;
  const sizes = [
    ...new Set(rows.map(({ height, width }) => `${height} x ${width}`)),
  ];
  return `- ${rows.length} images of ${perIdentity.size} identities${
    counts.length > 0 ? `, ${each} each` : ""
  }${sizes.length > 0 ? `, ${sizes.join(", ")} pixels` : ""}`;
}

function manifestLine(manifest: string): string {
  return `- \`manifest.jsonl\`: SHA-256 ${manifest}`;
}

function imagesLine(rows: readonly ManifestRow[]): string {
  return `- all images: SHA-256 ${digestRows(rows)}`;
}

function digestRows(rows: readonly ManifestRow[]): string {
  return digestBytes(
    rows.map(({ sha256, label, number }) => `${sha256}  ${label}/${number}\n`)
      .join(""),
  );
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
