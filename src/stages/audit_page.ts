/**
 * The report of an audit: verdicts, numbers, and the worst pairs side by side.
 *
 * @module
 */
import {
  type NeighbourPair,
  neighboursTable,
  reportPage,
  table,
} from "../figures/mod.ts";
import type { AuditImages } from "./audit_images.ts";
import type { PrivacyAudit, SuspectPair } from "./audit_privacy_options.ts";
import { pictureOf } from "./picture_of.ts";

/** What {@linkcode auditPage} shows. */
export interface AuditPageInput {
  /** What was found. */
  audit: PrivacyAudit;
  /** Images that were audited. */
  synthetic: AuditImages;
  /** Images of the people who must not be in them. */
  real: AuditImages;
  /** Size of the pictures, pixels. */
  size: { height: number; width: number };
  /** What a reader asks first, beside the counts: sources, seed, engine. */
  facts: readonly (readonly [label: string, value: string | number])[];
  /** Whether real faces are made unrecognisable, and synthetic pictures that match them, too. */
  redact: boolean;
  /** Pairs shown with their pictures. */
  shown?: number;
  /** Everything needed to run it again. */
  manifest?: unknown;
}

/** Pairs whose pictures are shown. */
const SHOWN = 24;

/**
 * Writes the report: one HTML file that needs nothing but itself.
 *
 * @param input The audit and its images.
 * @returns The page.
 *
 * @example
 * ```ts
 * import { auditPage, type AuditPageInput } from "@outis/outis/stages";
 *
 * // The report once more, with nobody to be recognised.
 * const redacted = (input: AuditPageInput) => auditPage({ ...input, redact: true });
 * console.log(redacted.length); // 1
 * ```
 */
export async function auditPage(input: AuditPageInput): Promise<string> {
  const { audit, facts, redact, shown = SHOWN } = input;
  const { counts, passed, verdicts, dropList } = audit;
  const images = (name: keyof typeof counts) =>
    counts[name].images === 0
      ? "none"
      : `${counts[name].images} images of ${counts[name].identities} people`;
  const pairs = await Promise.all(
    audit.pairs.slice(0, shown).map((pair) => pictured(pair, input)),
  );
  const suspects = audit.pairs.filter(({ evidence }) => evidence !== "nearest");
  return await reportPage({
    title: `Privacy audit: ${passed ? "passed" : "refused"}`,
    subtitle: passed
      ? "Nothing says that these images show the real people more than strangers."
      : "These images show real people: they must not be released as they are.",
    facts: [
      ["Synthetic", images("synthetic")],
      ["Real", images("real")],
      ["Control", images("control")],
      ["To be dropped", `${dropList.length} images`],
      ...facts,
    ],
    sections: [
      {
        heading: "Verdicts",
        parts: [
          table(
            [{ title: "Test" }, { title: "Verdict" }, { title: "Why" }],
            verdicts.map(({ name, passed, reason }) => [
              name,
              { value: passed ? "passes" : "fails", strong: !passed },
              reason,
            ]),
          ),
          ...audit.rules,
        ],
      },
      {
        heading: "Worst pairs",
        intro:
          `Synthetic images with the real image they come closest to, the worst first; cosines in bold reach the threshold of their embedder. ${
            suspects.length === 0
              ? "None of these is suspected."
              : `Of the ${audit.pairs.length} listed, ${suspects.length} are suspected.`
          }${redact ? " Real faces, and what matches them, are blurred." : ""}`,
        parts: pairs.length === 0 ? [] : [
          neighboursTable(pairs, { titles: ["synthetic", "real"] }),
        ],
      },
      embedders(audit),
      agreement(audit),
    ],
    manifest: input.manifest,
  });
}

async function pictured(
  pair: SuspectPair,
  { synthetic, real, size, redact }: AuditPageInput,
): Promise<NeighbourPair> {
  const take = async (images: AuditImages, index: number, blur: boolean) =>
    await pictureOf(await images.read(index, index + 1, size), 0, blur);
  const { evidence, correlation, share, flipped, matchedBy } = pair;
  return {
    label: evidence === "duplicate"
      ? `duplicate${flipped ? ", mirrored" : ""}${
        share! < 0.995 ? `, ${Math.round(100 * share!)} % of the sides` : ""
      }, pixels correlate by ${correlation!.toFixed(3)}`
      : evidence,
    query: {
      ...await take(
        synthetic,
        pair.synthetic,
        redact && evidence !== "nearest",
      ),
      title: pair.syntheticPath,
    },
    neighbour: {
      ...await take(real, pair.real, redact),
      title: pair.realPath,
    },
    similarities: pair.similarities,
    matched: matchedBy,
  };
}

function embedders(
  { embedders, counts }: PrivacyAudit,
): { heading: string; intro: string; parts: ReturnType<typeof table>[] } {
  const names = Object.keys(embedders);
  const row = (
    label: string,
    value: (name: string) => number | string | null | undefined,
  ) => [label, ...names.map((name) => value(name) ?? null)];
  const of = (count: number, all: number) =>
    `${count} of ${all} (${(100 * count / all).toFixed(1)} %)`;
  const near = (
    name: string,
    which: keyof typeof embedders[string]["nearest"],
  ) => {
    const found = embedders[name].nearest[which];
    return found &&
      [found.median, found.upper, found.largest].map((x) => x.toFixed(3))
        .join(", ");
  };
  return {
    heading: "What each embedder says",
    intro:
      "A rate is the mean over people of the share of their pairs with synthetic images that match. Strangers are the control's images: as many of them match real ones by chance, and would be dropped.",
    parts: [table(
      [{ title: "" }, ...names.map((title) => ({ title }))],
      [
        row("Threshold, cosine", (name) => embedders[name].threshold.threshold),
        row(
          "Pairs of different people",
          (name) => embedders[name].threshold.impostorPairs,
        ),
        row("Of these match", (name) => embedders[name].threshold.measured),
        row(
          "Pairs of the same person",
          (name) => embedders[name].threshold.genuinePairs,
        ),
        row(
          "Of these match",
          (name) => embedders[name].threshold.trueMatchRate,
        ),
        row("Rate, real people", (name) => embedders[name].test.rate),
        row("Rate expected", (name) => embedders[name].test.reference),
        row("Excess", (name) => embedders[name].test.excess),
        row(
          "Its interval",
          (name) =>
            embedders[name].test.interval.map((x) => x.toPrecision(3))
              .join(" to "),
        ),
        row("p", (name) => embedders[name].test.pValue),
        row(
          "Rate, people and their namesakes",
          (name) => embedders[name].namesakes?.rate,
        ),
        row("Its p", (name) => embedders[name].namesakes?.pValue),
        row(
          "Synthetic images that match",
          (name) => of(embedders[name].matched.length, counts.synthetic.images),
        ),
        row("Strangers' images that match", (name) => {
          const { matchedStrangers } = embedders[name];
          return matchedStrangers === undefined
            ? null
            : of(matchedStrangers, counts.control.images);
        }),
        row(
          "Real people with a match",
          (name) => of(embedders[name].matchedPeople, counts.real.identities),
        ),
        row(
          "Real images that match a synthetic identity",
          (name) => of(embedders[name].realNearSynthetic, counts.real.images),
        ),
        row(
          "Synthetic to nearest real: median, 99 %, largest",
          (name) => near(name, "syntheticToReal"),
        ),
        row(
          "Real to nearest synthetic",
          (name) => near(name, "realToSynthetic"),
        ),
        row("Control to nearest real", (name) => near(name, "controlToReal")),
        row(
          "Recall of the search",
          (name) => embedders[name].searchRecall ?? "1 (all compared)",
        ),
      ],
      {
        caption: names.map((name) => {
          const { test } = embedders[name];
          return `${name}: ${test.rule}`;
        }).join(" "),
      },
    )],
  };
}

function agreement(
  { agreement }: PrivacyAudit,
): { heading: string; parts: ReturnType<typeof table>[] } {
  return {
    heading: "Where the embedders disagree",
    parts: [table(
      [
        { title: "Embedders" },
        { title: "Images matched by both" },
        { title: "By the first alone" },
        { title: "By the second alone" },
      ],
      agreement.map(({ embedders: [a, b], both, onlyFirst, onlySecond }) => [
        `${a}, ${b}`,
        both,
        onlyFirst,
        onlySecond,
      ]),
    )],
  };
}
