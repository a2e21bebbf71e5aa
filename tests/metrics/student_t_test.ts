import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { studentCritical, studentTails } from "../../src/metrics/mod.ts";
import golden from "../golden/student_t.json" with { type: "json" };

Deno.test("studentTails() and studentCritical() equal SciPy's, to 1e-13 and 1e-9", () => {
  for (const { t, freedom, tails } of golden.tails) {
    const found = studentTails(t, freedom);
    assertAlmostEquals(found, tails, 1e-13, `${t}, ${freedom}`);
  }
  for (const { tails, freedom, t } of golden.critical) {
    const found = studentCritical(tails, freedom);
    assert(Math.abs(found / t - 1) < 1e-9, `${tails}, ${freedom}: ${found}`);
  }
});

Deno.test("studentTails() is 1 at 0, 0 at infinity, and the same on both sides", () => {
  for (const freedom of [1, 2, 7]) {
    assertAlmostEquals(studentTails(0, freedom), 1);
    assertAlmostEquals(studentTails(Infinity, freedom), 0, 1e-15);
    assert(studentTails(-2, freedom) === studentTails(2, freedom));
  }
});

Deno.test("student's t refuses degrees of freedom below 1, and tails outside (0, 1)", () => {
  assertThrows(() => studentTails(1, 0), RangeError, "'freedom'");
  assertThrows(() => studentTails(1, 1.5), RangeError, "'freedom'");
  assertThrows(() => studentTails(NaN, 1), RangeError, "'t'");
  assertThrows(() => studentCritical(0, 3), RangeError, "'tails'");
  assertThrows(() => studentCritical(1, 3), RangeError, "'tails'");
});
