import { assertEquals } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { PAPER_WEIGHTS } from "../../src/rewards/mod.ts";
import { nameWeights } from "../../src/rewards/reward_weights.ts";
import { testOnBackends } from "../support/backends.ts";
import { takeAll } from "./take.ts";

Deno.test("PAPER_WEIGHTS are those printed with eq. 11", () => {
  assertEquals(PAPER_WEIGHTS, {
    semantic: 1,
    coverage: 0.75,
    expressive: 0.25,
  });
});

testOnBackends("nameWeights() gives each weight its name", () => {
  using weights = owned(tf.tensor1d([3, 1, 2]));
  assertEquals(takeAll(nameWeights(weights.value)), {
    semantic: [3],
    coverage: [1],
    expressive: [2],
  });
});
