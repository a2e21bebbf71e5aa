/**
 * What a shell can offer, whichever shell it is.
 *
 * @module
 */
import type { CommandDescription } from "./command.ts";
import type { Option } from "./options.ts";

/** What a value or an argument can be completed with. */
export type Offer =
  | { kind: "words"; words: readonly string[] }
  | { kind: "folders" }
  | { kind: "files" }
  | { kind: "nothing" };

/**
 * What the value of an option can be.
 *
 * @param option The option.
 * @returns Choices, folders, files, or nothing that could be offered; undefined for a flag.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { offerOf } from "./completion_offers.ts";
 *
 * assertEquals(offerOf({ value: "DIR", help: "images" }), { kind: "folders" });
 * assertEquals(offerOf({ help: "a flag" }), undefined);
 * ```
 */
export function offerOf({ value, choices }: Option): Offer | undefined {
  if (value === undefined) return undefined;
  if (choices !== undefined) return { kind: "words", words: choices };
  return placeOf(value);
}

/**
 * What the arguments of a command that are no options can be.
 *
 * @param command The command.
 * @returns One offer for each.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { operandOffers } from "./completion_offers.ts";
 *
 * assertEquals(operandOffers({ operands: ["inspect", "DIR"] }), [
 *   { kind: "words", words: ["inspect"] },
 *   { kind: "folders" },
 * ]);
 * ```
 */
export function operandOffers(
  { operands }: Pick<CommandDescription, "operands">,
): Offer[] {
  return operands.map((operand) => {
    const plain = operand.replace(/^\[|\]$/g, "");
    if (/^[A-Z]+$/.test(plain)) return placeOf(plain);
    return { kind: "words", words: plain.split(/\s*\|\s*/) };
  });
}

function placeOf(value: string): Offer {
  if (/^(DIR|RUN)$/.test(value)) return { kind: "folders" };
  if (/^(FILE|IN|OUT)$/.test(value)) return { kind: "files" };
  return { kind: "nothing" };
}
