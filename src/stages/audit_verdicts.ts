/**
 * What an audit's gate says, part by part.
 *
 * @module
 */
import type { ExcessTest } from "../privacy/mod.ts";
import type {
  AuditVerdict,
  EmbedderFindings,
} from "./audit_privacy_options.ts";

/** Options of {@linkcode auditVerdicts}. */
export interface AuditVerdictsOptions {
  /** Near duplicates found. */
  duplicates: number;
  /** Near duplicates that still pass. */
  allowedDuplicates: number;
  /** Level of each test: a p-value up to it fails. */
  level: number;
}

/**
 * Judges an audit: one verdict on duplicates, then one or two for each embedder.
 *
 * @param findings What each embedder says, by name.
 * @param options Duplicates, level.
 * @returns Verdicts, each with its reason.
 *
 * @example
 * ```ts
 * import { auditVerdicts } from "./audit_verdicts.ts";
 *
 * const [{ passed }] = auditVerdicts({}, { duplicates: 1, allowedDuplicates: 0, level: 0.01 });
 * console.log(passed); // false
 * ```
 */
export function auditVerdicts(
  findings: { [name: string]: EmbedderFindings },
  { duplicates, allowedDuplicates, level }: AuditVerdictsOptions,
): AuditVerdict[] {
  return [
    verdictOnDuplicates(duplicates, allowedDuplicates),
    ...Object.entries(findings).flatMap(([name, found]) =>
      verdictsOn(name, found, level)
    ),
  ];
}

function verdictOnDuplicates(count: number, allowed: number): AuditVerdict {
  return {
    name: "duplicates",
    passed: count <= allowed,
    reason:
      `${count} synthetic images show the pixels of a real one, as a whole or in part; at most ${allowed} may.`,
  };
}

function verdictsOn(
  name: string,
  { test, namesakes, threshold }: EmbedderFindings,
  level: number,
): AuditVerdict[] {
  const least = threshold.threshold.toFixed(3);
  return [
    verdictOf(name, test, level, {
      pairs: `pairs with real people match, at a cosine of ${least}`,
      reference: "are expected",
    }),
    ...(namesakes === undefined ? [] : [
      verdictOf(`${name}, namesakes`, namesakes, level, {
        pairs: "pairs with the real person of the same name match",
        reference: "with strangers",
      }),
    ]),
  ];
}

function verdictOf(
  name: string,
  { rate, reference, excess, interval: [low, high], pValue }: ExcessTest,
  level: number,
  words: { pairs: string; reference: string },
): AuditVerdict {
  const percent = (share: number) => `${(100 * share).toPrecision(3)} %`;
  return {
    name,
    passed: pValue > level,
    reason: `${percent(rate)} of ${words.pairs}, ${
      percent(reference)
    } ${words.reference}: an excess of ${percent(excess)} (${percent(low)} to ${
      percent(high)
    }), p = ${pValue.toPrecision(2)}, which passes above ${
      level.toPrecision(2)
    }.`,
  };
}
