import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  autoencodeSeconds,
  denoiseSeconds,
  proceduralEmbedderSeconds,
  recogniseSeconds,
  renderSeconds,
} from "../../src/cli/costs.ts";

Deno.test("denoiseSeconds() counts the operations of a transformer", () => {
  const sizes = { height: 8, width: 8, patch: 2, hidden: 192, depth: 6 };
  // 16 tokens; 6 blocks of 2 (16 · 12 · 192² + 6 · 192²) + 4 · 16² · 192 operations: 88.8 million.
  assertAlmostEquals(denoiseSeconds(sizes), 88.8e6 * 7.7e-12, 1e-6);
  assertAlmostEquals(
    denoiseSeconds({ ...sizes, depth: 12 }),
    2 * denoiseSeconds(sizes),
    1e-12,
  );
});

Deno.test("the other costs are in proportion to images and their pixels", () => {
  const [small, large] = [{ height: 32, width: 16 }, { height: 64, width: 64 }];
  for (const cost of [recogniseSeconds, autoencodeSeconds]) {
    assertAlmostEquals(cost(large, 10), 8 * cost(small, 10), 1e-12);
    assertAlmostEquals(cost(small, 20), 2 * cost(small, 10), 1e-12);
  }
  assertEquals(renderSeconds(0), 0);
  // Rendering does not depend on the size that is trained on.
  assertAlmostEquals(proceduralEmbedderSeconds(0), renderSeconds(1500), 1e-12);
});
