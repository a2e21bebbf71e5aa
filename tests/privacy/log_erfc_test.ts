import { assertAlmostEquals } from "@std/assert";
import { logErfc } from "../../src/privacy/log_erfc.ts";

// SciPy 1.17: log(2) + log_ndtr(-x √2).
const values: [number, number][] = [
  [-30, 0.6931471805599453],
  [-6.5, 0.6931471805599453],
  [-5.9, 0.6931471805599453],
  [-2.5, 0.6929436838471712],
  [-1, 0.6112323176780705],
  [-0.1, 0.10657640058652262],
  [0, 0.0],
  [0.3, -0.39843005144008525],
  [1, -1.849605509933249],
  [1.9999, -5.364499457773531],
  [2, -5.36494126461664],
  [2.0001, -5.365383089934764],
  [3.3, -12.697844354751986],
  [6, -38.3775611732234],
  [25, -628.792039174072],
  [300, -90006.27615297309],
];

Deno.test("logErfc() is right to 13 digits, on both sides of where the formula changes", () => {
  for (const [x, expected] of values) {
    const tolerance = 2e-13 * Math.max(1, Math.abs(expected));
    assertAlmostEquals(logErfc(x), expected, tolerance, `${x}`);
  }
});
