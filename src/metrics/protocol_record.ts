/**
 * What was measured and how, beside every number: two figures may be compared where their records agree.
 *
 * @module
 */
import { checkRange, digestBytes, type Json } from "../core/mod.ts";

/** The rule by which a result was computed. */
export interface ProtocolRecord {
  /** Name of the protocol, such as "verification". */
  name: string;
  /** Everything that was chosen: thresholds, folds, the kind of average, seeds. */
  parameters: { [name: string]: Json };
  /** How much was counted: images, pairs, identities, queries. */
  counts: { [name: string]: number };
  /** First 16 hexadecimal digits of the SHA-256 of the canonical JSON of the other three. */
  hash: string;
}

/**
 * Writes a protocol down and hashes it.
 *
 * The canonical JSON has the names of every record in the order of their code units and no space, so the hash does not
 * depend on the order in which they were given.
 *
 * @param protocol Name, parameters and counts. Not changed; the record holds its own copy.
 * @returns The record, safe to write as JSON.
 * @throws {RangeError} If a number is not finite: JSON has no word for it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { protocolRecord } from "@outis/outis/metrics";
 *
 * const counts = { pairs: 6000 };
 * const { hash } = protocolRecord({ name: "verification", parameters: { folds: 10 }, counts });
 * assert(/^[0-9a-f]{16}$/.test(hash));
 * ```
 */
export function protocolRecord(
  protocol: Omit<ProtocolRecord, "hash">,
): ProtocolRecord {
  const { name, parameters, counts } = protocol;
  const text = canonicalJson({ name, parameters, counts });
  return { ...JSON.parse(text), hash: digestBytes(text).slice(0, 16) };
}

/**
 * A protocol in one line, to be printed beside the number.
 *
 * @param record The protocol.
 * @returns Name, parameters, counts and hash.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { protocolLine, protocolRecord } from "@outis/outis/metrics";
 *
 * const parameters = { folds: 10, comparison: "strict" };
 * const record = protocolRecord({ name: "verification", parameters, counts: { pairs: 6000 } });
 * assertEquals(
 *   protocolLine(record),
 *   "verification (comparison strict, folds 10; pairs 6000) " + record.hash,
 * );
 * ```
 */
export function protocolLine(record: ProtocolRecord): string {
  const list = (values: { [name: string]: Json }): string =>
    Object.entries(values)
      .map(([name, value]) =>
        `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`
      )
      .join(", ");
  const parts = [list(record.parameters), list(record.counts)]
    .filter((part) => part !== "");
  const inside = parts.length === 0 ? "" : ` (${parts.join("; ")})`;
  return `${record.name}${inside} ${record.hash}`;
}

function canonicalJson(value: Json, path = ""): string {
  if (typeof value === "number") checkRange("record a protocol", path, value);
  if (Array.isArray(value)) {
    const inner = value.map((item, i) => canonicalJson(item, `${path}[${i}]`));
    return `[${inner.join()}]`;
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, inner]) => {
      const place = path === "" ? name : `${path}.${name}`;
      return `${JSON.stringify(name)}:${canonicalJson(inner, place)}`;
    });
  return `{${entries.join()}}`;
}
