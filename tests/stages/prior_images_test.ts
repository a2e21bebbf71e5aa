import { assert, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { priorImages } from "../../src/stages/prior_images.ts";
import { renderPeople } from "../../src/stages/mod.ts";
import { renderDeadLeaves } from "../../src/world/mod.ts";

Deno.test("priorImages() has the people of the world, block after block, then textures", async () => {
  const options = { imagesPerIdentity: 1, size: 16, seed: 4 };
  const told: string[] = [];
  const { people, all } = await priorImages("pedestrians", {
    ...options,
    identities: 51, // two blocks
    textures: 4,
    onStep: (part, done, total) => void told.push(`${part} ${done}/${total}`),
  });
  assertEquals([people.height, people.width, people.count], [16, 8, 51]);
  assertEquals(all.count, 51 + 2); // half as many: half as wide
  const direct = await renderPeople({
    ...options,
    world: "pedestrians",
    identities: 51,
  });
  assertEquals(people.identities, direct.identities);
  assertEquals([...people.labels], [...direct.labels]);
  assertEquals(people.paths, direct.paths);
  people.images.forEach((x, i) =>
    assert(Math.abs(x - direct.images[i]) <= 1 / 255 + 1e-6)
  );
  const square = renderDeadLeaves(randomStream(4, "texture", 1), { size: 16 });
  const last = all.images.subarray(52 * 16 * 8 * 3);
  for (const [row, column] of [[0, 0], [3, 7], [15, 2]]) {
    const found = last[(row * 8 + column) * 3];
    assert(Math.abs(found - square[(row * 16 + column) * 3]) <= 1 / 255 + 1e-6);
  }
  assertEquals(told[0], "images 1/51");
  assertEquals(told[50], "images 51/51");
});
