import { assert, assertEquals, assertThrows } from "@std/assert";
import golden from "../golden/bias.json" with { type: "json" };
import { mcNemar } from "../../src/metrics/mc_nemar.ts";

/** `both` pairs that both judge rightly, then those that one does. */
function judgements(onlyFirst: number, onlySecond: number, both = 7) {
  const ones = (n: number, value: number) => new Array(n).fill(value);
  return [
    [...ones(both, 1), ...ones(onlyFirst, 1), ...ones(onlySecond, 0)],
    [...ones(both, 1), ...ones(onlyFirst, 0), ...ones(onlySecond, 1)],
  ];
}

Deno.test("mcNemar() is SciPy's binomial test of the disagreements", () => {
  for (const [onlyFirst, onlySecond, wanted] of golden.mcNemar) {
    const [first, second] = judgements(onlyFirst, onlySecond);
    const result = mcNemar(first, second);
    assertEquals([result.onlyFirst, result.onlySecond], [
      onlyFirst,
      onlySecond,
    ]);
    // Of hundreds of logarithms a few last digits are lost.
    const error = Math.abs(result.p - wanted);
    assert(error <= 1e-10 * wanted + 1e-300, `${result.p} for ${wanted}`);
    assertEquals(mcNemar(second, first).p, result.p);
  }
});

Deno.test("mcNemar() refuses no pairs and other pairs", () => {
  assertThrows(() => mcNemar([], []), RangeError, "'first.length'");
  assertThrows(() => mcNemar([1], [1, 0]), TypeError, "'second'");
});
