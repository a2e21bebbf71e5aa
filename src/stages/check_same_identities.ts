/**
 * Whether two parts of the pipeline speak of the same people.
 *
 * @module
 */

/**
 * Refuses lists of identities that differ in number, names or order: label y would mean somebody else.
 *
 * @param act What cannot be done, as in "train a recogniser".
 * @param name Name of the argument the identities belong to.
 * @param found The argument's identities.
 * @param expected What they have to be.
 * @throws {RangeError} If they differ; the first that does is named.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkSameIdentities } from "./check_same_identities.ts";
 *
 * const check = (found: string[]) =>
 *   checkSameIdentities("reinforce", "bank", found, ["ada", "bo"]);
 * check(["ada", "bo"]);
 * assertThrows(() => check(["bo", "ada"]), RangeError, "'ada' in place 0");
 * ```
 */
export function checkSameIdentities(
  act: string,
  name: string,
  found: readonly string[],
  expected: readonly string[],
): void {
  const refuse = (rule: string, value: string): never => {
    throw new RangeError(
      `Cannot ${act} as '${name}' must stand for ${rule}: current value is ${value}`,
    );
  };
  if (found.length !== expected.length) {
    refuse(`${expected.length} identities`, `${found.length}`);
  }
  const at = found.findIndex((identity, i) => identity !== expected[i]);
  if (at >= 0) refuse(`'${expected[at]}' in place ${at}`, `'${found[at]}'`);
}
