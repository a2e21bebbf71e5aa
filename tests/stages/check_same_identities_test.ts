import { assertThrows } from "@std/assert";
import { checkSameIdentities } from "../../src/stages/check_same_identities.ts";

const check = (found: string[], expected: string[]) => () =>
  checkSameIdentities("play", "team", found, expected);

Deno.test("checkSameIdentities() accepts the same names in the same order", () => {
  check(["ada", "bob"], ["ada", "bob"])();
  check([], [])();
});

Deno.test("checkSameIdentities() names the first that differs", () => {
  assertThrows(
    check(["ada"], ["ada", "bob"]),
    RangeError,
    "Cannot play as 'team' must stand for 2 identities: current value is 1",
  );
  assertThrows(
    check(["ada", "cyd", "bob"], ["ada", "bob", "cyd"]),
    RangeError,
    "Cannot play as 'team' must stand for 'bob' in place 1: current value is 'cyd'",
  );
  // Joined by line ends these two would be the same.
  assertThrows(check(["a\nb", "c"], ["a", "b\nc"]), RangeError, "place 0");
});
