import { assert, assertThrows } from "@std/assert";
import { linearSvm } from "../../src/brownian/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import golden from "../golden/brownian_svm.json" with { type: "json" };

Deno.test("linearSvm() finds the planes that scipy finds", () => {
  for (const { cost, weights, bias, gap } of golden.planes) {
    const plane = linearSvm(golden.points, golden.labels, {
      cost,
      tolerance: 1e-9,
    });
    // How near scipy's own plane is known to be, by strong convexity.
    const tolerance = Math.sqrt(2 * gap) + 1e-7;
    assertClose([...plane.weights, plane.bias], [...weights, bias], tolerance);
  }
});

Deno.test("linearSvm() of one point on either side has its margins there", () => {
  const { weights, bias } = linearSvm([1, -1], [1, -1], { cost: 10 });
  assertClose([weights[0], bias], [1, 0], 1e-6);
  // Too cheap to reach them: w = Σ α y x with α at the cost.
  const cheap = linearSvm([1, -1], [1, -1], { cost: 0.1 });
  assertClose([cheap.weights[0], cheap.bias], [0.2, 0], 1e-9);
});

Deno.test("linearSvm() gives equal data equal planes", () => {
  const again = () => linearSvm(golden.points, golden.labels, { passes: 3 });
  const [a, b] = [again(), again()];
  assert(a.bias === b.bias && String(a.weights) === String(b.weights));
});

Deno.test("linearSvm() refuses other labels, broken rows and numbers out of range", () => {
  assertThrows(() => linearSvm([1, 2], [1, 0]), RangeError, "'labels[1]'");
  assertThrows(() => linearSvm([1, 2], [1, 1]), RangeError, "both kinds");
  assertThrows(() => linearSvm([1, 2, 3], [1, -1]), TypeError, "'points'");
  assertThrows(() => linearSvm([1, NaN], [1, -1]), RangeError, "'points[1]'");
  const ranges = [{ cost: 0 }, { tolerance: -1 }, { passes: 0 }];
  for (const options of ranges) {
    assertThrows(() => linearSvm([1, 2], [1, -1], options), RangeError);
  }
});
