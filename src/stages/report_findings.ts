/**
 * The part of a report that says in words what was found.
 *
 * @module
 */
import { type Html, markup } from "../figures/mod.ts";
import type { RewardChange } from "./measure_rewards.ts";
import type { RecognitionRow } from "./reproduce.ts";

/** What {@linkcode reportFindings} puts into words. */
export interface FindingsInput {
  /** Rewards before and after, on fixed seeds. */
  rewards: readonly RewardChange[];
  /** Recognisers; the first is the one without synthetic images. */
  recognition: readonly RecognitionRow[];
  /** Iterations of the reinforcement that raised an alarm. */
  alarms: number;
}

/** Changes of more standard errors than this are spoken of as such. */
const CERTAIN = 2;

/** Names within a sentence. */
const NAMES: { readonly [reward: string]: string } = {
  semantic: "semantic consistency",
  coverage: "coverage",
  expressive: "expressive diversity",
};

/**
 * Says what became of the rewards, whether a second embedder agrees, and what the images did for a recogniser.
 *
 * @param input What was measured.
 * @returns A list of sentences.
 *
 * @example
 * ```ts
 * import { compareRewards } from "@outis/outis/stages";
 * import { reportFindings } from "./report_findings.ts";
 *
 * const spread = { coverage: Float32Array.of(0.1, 0.2), expressive: Float32Array.of(-1, -2) };
 * const rewards = compareRewards(
 *   { semantic: Float32Array.of(0.70, 0.60), ...spread },
 *   { semantic: Float32Array.of(0.80, 0.71), ...spread },
 * );
 * const { source } = reportFindings({ rewards, recognition: [], alarms: 0 });
 * console.log(source.includes("semantic consistency rose from 0.650 to 0.755")); // true
 * ```
 */
export function reportFindings(input: FindingsInput): Html {
  const { rewards, recognition, alarms } = input;
  const own = rewards.filter(({ name }) => name in NAMES);
  const auditor = rewards.find(({ name }) => name === "auditor");
  const sentences = [
    ...(own.length === 0
      ? []
      : [`Under reinforcement, on the same noise, ${told(own)}.`]),
    ...(auditor === undefined ? [] : [opinion(auditor)]),
    ...(alarms === 0 ? [] : [
      `The training raised an alarm at ${alarms} iterations: look at its health before using these images.`,
    ]),
    ...recognised(recognition),
  ];
  return markup`<ul>${sentences.map((text) => markup`<li>${text}</li>`)}</ul>`;
}

/** By how many standard errors a reward changed; 0 where there is no error to compare with. */
function errors({ change }: RewardChange): number {
  const { mean, standardError } = change;
  return standardError > 0 ? mean / standardError : 0;
}

function told(rewards: readonly RewardChange[]): string {
  const stayed = rewards.filter((one) => Math.abs(errors(one)) <= CERTAIN)
    .map(({ name }) => NAMES[name]);
  const moved = rewards.filter((one) => Math.abs(errors(one)) > CERTAIN)
    .map((one) => {
      const by = errors(one);
      return `${NAMES[one.name]} ${by > 0 ? "rose" : "fell"} from ${
        one.before.mean.toFixed(3)
      } to ${one.after.mean.toFixed(3)} (${
        Math.abs(by).toFixed(1)
      } standard errors)`;
    });
  return [
    ...moved,
    ...(stayed.length === 0
      ? []
      : [`${joined(stayed)} did not move beyond chance`]),
  ].join("; ");
}

function opinion(auditor: RewardChange): string {
  const by = errors(auditor);
  const size = `${Math.abs(by).toFixed(1)} standard errors`;
  if (by > CERTAIN) {
    return `A second embedder, which had no part in the rewards, agrees: it finds the images closer to their identities (${size}).`;
  }
  return by < -CERTAIN
    ? `A second embedder, which had no part in the rewards, disagrees: it finds the images further from their identities (${size}). The rewards may have been gamed.`
    : "A second embedder, which had no part in the rewards, finds the images neither closer to their identities nor further.";
}

function recognised(rows: readonly RecognitionRow[]): string[] {
  const [real, ...others] = rows;
  if (others.length === 0) return [];
  const percent = ({ result }: RecognitionRow) => 100 * result.accuracy.mean;
  const best = others.reduce((a, b) => percent(b) > percent(a) ? b : a);
  const gain = percent(best) - percent(real);
  const spread = 100 * Math.hypot(
    real.result.accuracy.std,
    best.result.accuracy.std,
  );
  const verdict = Math.abs(gain) < spread
    ? "no more of a difference than between folds"
    : gain > 0
    ? "better by more than folds differ"
    : "worse by more than folds differ";
  return [
    `People never trained on are verified with ${
      percent(real).toFixed(1)
    } % accuracy by a recogniser trained on ${real.method}, and with ${
      percent(best).toFixed(1)
    } % by the best with synthetic images (${best.method}): ${verdict}.`,
  ];
}

function joined(names: string[]): string {
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
