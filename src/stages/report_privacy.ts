/**
 * The part of a report that tells whose faces may be in the images.
 *
 * @module
 */
import { type Html, table } from "../figures/mod.ts";
import type { PrivacyAudit } from "./audit_privacy_options.ts";
import type { TestOverlap } from "./check_overlap.ts";
import type { PrivacyRecord } from "./privacy_plan.ts";

/** What {@linkcode reportPrivacy} tells of. */
export interface ReportPrivacyInput {
  /** Test images that stand among those trained on. */
  overlap: readonly TestOverlap[];
  /** Number of test images. */
  testCount: number;
  /** What was promised of the cold start, where it was private. */
  privacy?: PrivacyRecord;
  /** What an audit of the synthetic images has found, where one was made. */
  audit?: Pick<PrivacyAudit, "passed" | "verdicts">;
}

/** A part of a report. */
export interface PrivacySection {
  /** Its title. */
  heading: string;
  /** What was looked at, and what was not. */
  intro: string;
  /** Overlap, and the verdicts of the audit. */
  parts: (Html | string)[];
}

/**
 * Tells which test images were trained on, what was promised, and what an audit found; or that none was made.
 *
 * @param input What was found.
 * @returns The part of the report.
 *
 * @example
 * ```ts
 * import { reportPrivacy } from "./report_privacy.ts";
 *
 * const { intro } = reportPrivacy({ overlap: [], testCount: 9 });
 * console.log(intro.startsWith("No audit was made")); // true
 * ```
 */
export function reportPrivacy(input: ReportPrivacyInput): PrivacySection {
  const { overlap, testCount, privacy, audit } = input;
  return {
    heading: "Privacy",
    intro: audit === undefined
      ? "No audit was made of these synthetic images: whether they show real people is not known, and they should not be published. “deno task outis audit --help” says how to make one."
      : audit.passed
      ? "The audit passed: nothing in it says that the synthetic images show the real people more than strangers."
      : "The audit refused the synthetic images: they show real people, and must not be published as they are.",
    parts: [
      ...(audit === undefined ? [] : [verdicts(audit)]),
      ...(privacy === undefined ? [] : [promise(privacy)]),
      ...overlap.map((one) => told(one, testCount)),
    ],
  };
}

function verdicts({ verdicts }: Pick<PrivacyAudit, "verdicts">): Html {
  return table(
    [{ title: "Test" }, { title: "Verdict" }, { title: "Why" }],
    verdicts.map(({ name, passed, reason }) => [
      name,
      { value: passed ? "passes" : "fails", strong: !passed },
      reason,
    ]),
    { caption: "Verdicts of the audit; its own page has the pairs." },
  );
}

function promise(
  { epsilon, delta, unit, units, person }: PrivacyRecord,
): string {
  const group = person.images === 1
    ? ""
    : `; of a person with ${person.images}, epsilon ${
      person.epsilon.toPrecision(4)
    }, delta ${person.delta.toPrecision(2)}`;
  return `Promised of the cold start's generator and images, in private/, alone: epsilon ${
    epsilon.toPrecision(4)
  }, delta ${delta} of one ${unit} among ${units}${group}.`;
}

function told({ name, affected, paths }: TestOverlap, count: number): string {
  return affected === 0
    ? `None of the ${count} test images stands among ${name}.`
    : `${affected} of the ${count} test images stand among ${name} (${
      paths.slice(0, 3).join(", ")
    }${affected > 3 ? ", ..." : ""}): the scores are too good.`;
}
