import { assertThrows } from "@std/assert";
import {
  checkFinite,
  checkLength,
  checkOneOf,
  checkRange,
  checkShape,
} from "../../src/core/check.ts";

Deno.test("checkShape() accepts null as any length and nothing else", () => {
  checkShape("look", "x", { shape: [2, 5] }, [null, 5]);
  checkShape("look", "x", { shape: [] }, []);
  assertThrows(
    () => checkShape("look", "x", { shape: [2, 5] }, [null, 4]),
    TypeError,
    "Cannot look as 'x' must be of shape [any, 4]: current value is [2, 5]",
  );
  assertThrows(() => checkShape("look", "x", { shape: [2] }, [2, 1]));
  assertThrows(() => checkShape("look", "x", { shape: [2, 1] }, [2]));
});

Deno.test("checkRange() includes its bounds unless told otherwise", () => {
  checkRange("train", "rate", 0, { min: 0, max: 1 });
  checkRange("train", "rate", 1, { min: 0, max: 1, exclusive: "min" });
  checkRange("train", "rate", -5);
  assertThrows(
    () => checkRange("train", "rate", 0, { min: 0, exclusive: "min" }),
    RangeError,
    "Cannot train as 'rate' must be a finite number above 0: current value is 0",
  );
  assertThrows(
    () => checkRange("train", "rate", 1, { max: 1, exclusive: true }),
    RangeError,
    "a finite number below 1",
  );
  assertThrows(
    () => checkRange("train", "steps", 1.5, { min: 1, max: 9, integer: true }),
    RangeError,
    "a whole number at least 1 and at most 9: current value is 1.5",
  );
});

Deno.test("checkRange() refuses what is not a finite number", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    assertThrows(() => checkRange("train", "rate", value), RangeError);
  }
  assertThrows(
    () => checkRange("train", "rate", "1" as unknown as number),
    TypeError,
    `'rate' must be a number: current value is "1"`,
  );
});

Deno.test("checkFinite() names the first bad element", () => {
  checkFinite("average", "losses", []);
  assertThrows(
    () => checkFinite("average", "losses", [1, NaN, Infinity]),
    RangeError,
    "Cannot average as 'losses[1]' must be a finite number: current value is NaN",
  );
});

Deno.test("checkLength() and checkOneOf() name what they want", () => {
  checkLength("compare", "b", [1, 2], 2);
  assertThrows(
    () => checkLength("compare", "b", [1], 2),
    TypeError,
    "Cannot compare as 'b' must be of length 2: current value is of length 1",
  );
  checkOneOf("open", "backend", "wasm", ["wasm"]);
  assertThrows(
    () => checkOneOf<string>("open", "backend", "gpu", ["auto", "wasm"]),
    RangeError,
    `Cannot open as 'backend' must be one of "auto", "wasm": current value is "gpu"`,
  );
});
