/**
 * The record of a withdrawal: what was removed, and what is still to be done.
 *
 * @module
 */
import { digestBytes } from "../core/mod.ts";
import type { AuditVerdict, PrivacyAudit } from "./audit_privacy_options.ts";
import type { PersonSample } from "./person_samples.ts";
import type { RetiredWeights } from "./retire_class.ts";

/** Weights that saw the person and keep a trace of them until they are trained again. */
export interface Retraining {
  /** What: a file, or whatever was trained on a data set. */
  what: string;
  /** Why, and from what to train again. */
  why: string;
}

/** A place in which the person was found. */
export interface WithdrawnPlace {
  /** What kind of place. */
  kind: "dataset" | "run" | "generator" | "bank";
  /** Its path, as it was given. */
  path: string;
  /** Synthetic images that are the person's. */
  samples: PersonSample[];
  /** Number of the person's class; absent where there is none. */
  label?: number;
  /** Weights, and what was set to zero in them. */
  weights: RetiredWeights[];
  /** Reference features taken out of a memory bank. */
  references: number;
  /** Other files removed: pages that show the person. */
  removed: string[];
  /** SHA-256 of the manifest of images, before and after; absent where there is none. */
  manifest?: { before: string; after?: string };
}

/** What the audit said of what is left. */
export interface ReauditedPlace {
  /** Path of the data set. */
  path: string;
  /** Whether it may be released. */
  passed: boolean;
  /** Its verdicts. */
  verdicts: AuditVerdict[];
  /** Images and people that were compared, the person who has withdrawn among the real ones. */
  counts: PrivacyAudit["counts"];
}

/** The record of a withdrawal. */
export interface Withdrawal {
  /** Version of this record. */
  schema: 1;
  /** What the person is called in the training data. */
  person: string;
  /** Number of photographs that were given to find the person by. */
  photographs: number;
  /** When, ISO 8601. */
  at: string;
  /** Who answers for it; absent where nobody signed. */
  by?: string;
  /** Whether anything was changed. */
  state: "dry run" | "done";
  /** Whether an earlier, interrupted withdrawal was finished first. */
  recovered: boolean;
  /** Where the person was found. */
  places: WithdrawnPlace[];
  /** What has to be trained again. */
  retrain: Retraining[];
  /** The audit of what is left. */
  audits: ReauditedPlace[];
  /** What was not done, and why. */
  absent: { [what: string]: string };
  /** SHA-256 of the JSON of all the other fields. */
  digest: string;
}

/**
 * Seals a record by its hash.
 *
 * @param record All fields but the hash.
 * @returns The whole record.
 *
 * @example
 * ```ts
 * import { sealWithdrawal } from "./withdrawal.ts";
 *
 * const { digest } = sealWithdrawal({
 *   schema: 1,
 *   person: "ada",
 *   photographs: 3,
 *   at: "2026-01-01T00:00:00.000Z",
 *   state: "dry run",
 *   recovered: false,
 *   places: [],
 *   retrain: [],
 *   audits: [],
 *   absent: {},
 * });
 * console.log(digest.length); // 64
 * ```
 */
export function sealWithdrawal(
  record: Omit<Withdrawal, "digest">,
): Withdrawal {
  return { ...record, digest: digestBytes(JSON.stringify(record)) };
}

/**
 * The record as a page for people.
 *
 * @param record The record.
 * @returns Markdown.
 *
 * @example
 * ```ts
 * import { sealWithdrawal, withdrawalPage } from "./withdrawal.ts";
 *
 * const page = withdrawalPage(sealWithdrawal({
 *   schema: 1,
 *   person: "ada",
 *   photographs: 3,
 *   at: "2026-01-01T00:00:00.000Z",
 *   state: "done",
 *   recovered: false,
 *   places: [],
 *   retrain: [{ what: "the recogniser", why: "it saw ada" }],
 *   audits: [],
 *   absent: {},
 * }));
 * console.log(page.includes("the recogniser")); // true
 * ```
 */
export function withdrawalPage(record: Withdrawal): string {
  const { person, at, by, state, photographs, places, retrain } = record;
  const { audits, absent, digest } = record;
  const lines = [
    `# Withdrawal of ${person}`,
    "",
    `- ${at}, ${
      state === "done" ? "done" : "dry run: nothing was changed"
    }; signed off by ${by ?? "nobody"}`,
    `- found by name and by ${photographs} photographs`,
    `- SHA-256 of the record: ${digest}`,
    ...places.flatMap((place) => placeLines(place, state)),
    "",
    "## To be trained again",
    "",
    "Setting a class to zero does not make weights forget: these have seen the person.",
    "",
    ...(retrain.length === 0 ? ["Nothing."] : []),
    ...retrain.map(({ what, why }) => `- ${what}: ${why}`),
    "",
    "## Audit of what is left",
    "",
    ...audits.flatMap(({ path, passed, verdicts, counts: { real } }) => [
      `- ${path}: ${
        passed ? "passed" : "not passed"
      } against ${real.images} photographs of ${real.identities} people`,
      ...verdicts.map(({ name, reason }) => `  - ${name}: ${reason}`),
    ]),
    ...(audits.length === 0 ? ["None."] : []),
    ...Object.entries(absent).map(([what, why]) =>
      `- not done: ${what}: ${why}`
    ),
  ];
  return lines.join("\n") + "\n";
}

function placeLines(
  { kind, path, samples, label, weights, references, removed, manifest }:
    WithdrawnPlace,
  state: Withdrawal["state"],
): string[] {
  const will = state === "done" ? "" : "to be ";
  const conditioned = samples.filter(({ isConditioned }) => isConditioned);
  const zeroed = weights.filter(({ zeroed }) => zeroed.length > 0);
  return [
    "",
    `## ${kind} ${path}`,
    "",
    ...(manifest === undefined ? [] : [
      `- ${samples.length} images ${will}removed: ${conditioned.length} conditioned on the person, ${
        samples.length - conditioned.length
      } others nearest to the person`,
      `- manifest ${manifest.before}${
        manifest.after === undefined ? "" : `, now ${manifest.after}`
      }`,
    ]),
    ...(label === undefined ? [] : [
      `- class ${label} ${will}retired; ${will}set to zero in ${zeroed.length} of ${weights.length} files`,
    ]),
    ...(references === 0
      ? []
      : [`- ${references} reference features ${will}removed`]),
    ...removed.map((name) => `- ${name} ${will}removed, as it shows people`),
    ...samples.map(({ path, identity, isConditioned, nearestBy, angles }) => {
      const why = [
        ...(isConditioned ? ["conditioned"] : []),
        ...nearestBy.map((name) =>
          `nearest by ${name}, ${angles[name].toFixed(3)} rad`
        ),
      ];
      return `- ${path} (${identity}): ${why.join("; ")}`;
    }),
  ];
}
