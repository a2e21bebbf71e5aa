import { assertEquals } from "@std/assert";
import { threefry, threefryFill } from "../../src/core/threefry.ts";

// Known answers of the Random123 distribution, kat_vectors, lines "threefry2x32 20": counter, key, result.
const knownAnswers = [
  [[0, 0], [0, 0], [0x6b200159, 0x99ba4efe]],
  [
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x1cb996fc, 0xbb002be7],
  ],
  [
    [0x243f6a88, 0x85a308d3],
    [0x13198a2e, 0x03707344],
    [0xc4923a9c, 0x483df7a0],
  ],
] as const;

Deno.test("threefry() gives the known answers of Random123", () => {
  for (const [counter, key, result] of knownAnswers) {
    assertEquals(threefry(key, counter[0], counter[1]), result);
  }
});

Deno.test("threefryFill() carries into the second counter word", () => {
  const key = [5, 6] as const;
  const words = new Uint32Array(6);
  threefryFill(key, 0xffff_ffff, words);
  assertEquals([words[0], words[1]], threefry(key, 0xffff_ffff, 0));
  assertEquals([words[2], words[3]], threefry(key, 0, 1));
  assertEquals([words[4], words[5]], threefry(key, 1, 1));
});
