/**
 * The page on membership inference: what each attack reaches on each generator, over seeds.
 *
 * @module
 */
import { protocolLine } from "../metrics/mod.ts";
import type { MembershipAttack } from "./infer_membership.ts";

/** One attacked generator. */
export interface AttackedGenerator {
  /** What it is. */
  name: string;
  /** Its seed. @default none */
  seed?: number;
  /** The attacks on it. */
  attacks: MembershipAttack[];
}

/** What {@linkcode membershipPage} tells. */
export interface MembershipPageInput {
  /** The generators, in the order of the tables. */
  generators: readonly AttackedGenerator[];
  /** The command that made it. */
  command: string;
  /** One phrase on the images. */
  source: string;
  /** What computed. */
  engine: string;
  /** One sentence each on how images were divided and drawn. */
  rules: readonly string[];
  /** What people say of the results; the page ends with it. @default nothing */
  notes?: string;
}

/**
 * Writes the results of membership inference as a page and as data.
 *
 * @param input Generators and what was done.
 * @returns Text of a Markdown and of a JSON file.
 *
 * @example
 * ```ts
 * import { membershipScores } from "@outis/outis/privacy";
 * import { membershipPage } from "@outis/outis/stages";
 *
 * const { markdown } = membershipPage({
 *   generators: [{
 *     name: "cold start",
 *     attacks: [{
 *       attack: "loss",
 *       against: "images of other people",
 *       scores: membershipScores({ scores: [1, 2] }, { scores: [0, 3] }),
 *     }],
 *   }],
 *   command: "deno task outis membership --run DIR",
 *   source: "four images",
 *   engine: "none",
 *   rules: [],
 * });
 * console.log(markdown.includes("0.500")); // true
 * ```
 */
export function membershipPage(
  input: MembershipPageInput,
): { markdown: string; json: string } {
  const { generators, command, source, engine, rules, notes } = input;
  const first = generators[0].attacks;
  const comparisons = [...new Set(first.map(({ against }) => against))];
  const lines = [
    "# Membership inference",
    "",
    `Made by \`${command}\` on ${source}; ${engine}. The same with more digits, and every attack at every time step:`,
    "membership.json.",
    "",
    "## Protocol",
    "",
    ...rules.map((rule) => `- ${rule}`),
    "- Loss: minus the mean denoising loss at fixed times and noises. Calibrated loss: minus the loss beyond that of the prior",
    "  under its null class. Nearest synthetic: cosine to the nearest synthetic image, by an embedder that no reward knows.",
    "- The area under the curve is 0.5 where members cannot be told from others; in brackets the interval of 95 % (DeLong,",
    "  with the images of a person as one cluster). Found: members above the threshold that 1 % of the others reach.",
    ...comparisons.flatMap((against) => sectionOf(against, generators)),
    "",
    "## Records",
    "",
    ...first.map(({ scores }) => `- ${protocolLine(scores.protocol)}`),
    ...(notes === undefined ? [] : ["", notes.trimEnd()]),
    "",
  ];
  const { notes: _, ...data } = input;
  return {
    markdown: lines.join("\n"),
    json: JSON.stringify({ schema: 1, ...data }, null, 2) + "\n",
  };
}

function sectionOf(
  against: MembershipAttack["against"],
  generators: readonly AttackedGenerator[],
): string[] {
  const own = generators.map((one) => ({
    ...one,
    attacks: one.attacks.filter((attack) => attack.against === against),
  }));
  const [{ attacks: [{ scores: { protocol } }] }] = own;
  const names = own[0].attacks.map(({ attack }) => attack);
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    "",
    `## Members against ${against}`,
    "",
    `${protocol.counts.members} members, ${protocol.counts.nonMembers} others.`,
    "",
    row(["generator", "seed", ...names, ...names.map((n) => `found, ${n}`)]),
    row([...Array(2 + 2 * names.length)].map(() => "---")),
    ...own.map(({ name, seed, attacks }) =>
      row([
        name,
        seed === undefined ? "" : `${seed}`,
        ...attacks.map(({ scores: { areaUnderCurve, interval } }) =>
          areaUnderCurve.toFixed(3) + (interval === undefined
            ? ""
            : ` (${interval.map((bound) => bound.toFixed(3)).join(" to ")})`)
        ),
        ...attacks.map(({ scores: { found: [{ truePositiveRate }] } }) =>
          truePositiveRate === undefined
            ? "absent"
            : `${(100 * truePositiveRate).toFixed(1)} %`
        ),
      ])
    ),
    ...reasonsOf(own),
  ];
}

/** Why figures are absent, each reason once. */
function reasonsOf(generators: readonly AttackedGenerator[]): string[] {
  const reasons = generators.flatMap(({ attacks }) =>
    attacks.flatMap(({ scores: { found, absent } }) => [
      ...found.map(({ reason }) => reason),
      ...Object.values(absent),
    ])
  );
  const distinct = [...new Set(reasons.filter((one) => one !== undefined))];
  return distinct.length === 0
    ? []
    : ["", ...distinct.map((one) => `Absent: ${one}`)];
}
