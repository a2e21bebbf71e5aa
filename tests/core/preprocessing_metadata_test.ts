import { assertEquals, assertThrows } from "@std/assert";
import {
  imagenetPreprocessing,
  preprocessingMetadata,
  readPreprocessing,
} from "../../src/core/mod.ts";

const preprocessing = imagenetPreprocessing(256, 128);

Deno.test("readPreprocessing() reads what preprocessingMetadata() wrote", () => {
  const metadata = preprocessingMetadata(preprocessing);
  assertEquals(readPreprocessing({ other: "x", ...metadata }), preprocessing);
  assertEquals(readPreprocessing({ other: "x" }), undefined);
});

Deno.test("readPreprocessing() refuses what is damaged", () => {
  const read = (changed: Record<string, unknown>) => () =>
    readPreprocessing({
      preprocessing: JSON.stringify({ ...preprocessing, ...changed }),
    });
  assertThrows(
    () => readPreprocessing({ preprocessing: "{" }),
    SyntaxError,
    "'preprocessing' must be JSON: current value is {",
  );
  assertThrows(() => readPreprocessing({ preprocessing: "null" }), TypeError);
  assertThrows(read({ height: 0 }), RangeError, "'height'");
  assertThrows(read({ width: "128" }), TypeError, "'width'");
  assertThrows(read({ channels: "gbr" }), RangeError, "'channels'");
  assertThrows(
    read({ mean: [0, 0] }),
    TypeError,
    "'mean' must be three numbers: current value is [0,0]",
  );
  assertThrows(read({ deviation: [1, 0, 1] }), RangeError, "'deviation[1]'");
});
