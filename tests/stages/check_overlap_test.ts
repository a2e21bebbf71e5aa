import { assert, assertEquals } from "@std/assert";
import { checkOverlap, plantLeaks } from "../../src/stages/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";

Deno.test("checkOverlap() finds test images among the others, recompressed and mirrored ones included", async () => {
  const test = proceduralFaces({
    identities: 4,
    imagesPerIdentity: 3,
    size: 48,
  });
  const clean = proceduralFaces({
    identities: 5,
    imagesPerIdentity: 4,
    size: 48,
    firstIdentity: 40,
  });
  const { images, leaks } = await plantLeaks(clean, test, {
    count: 2,
    kinds: ["copy", "flip", "recompression"],
  });
  const found = await checkOverlap(test, { clean, leaked: images });
  assertEquals(found.map(({ name }) => name), ["clean", "leaked"]);
  assertEquals([found[0].affected, found[0].paths], [0, []]);
  const leaked = new Set(leaks.map(({ from }) => from));
  assertEquals(found[1].affected, leaked.size);
  assertEquals(
    found[1].paths,
    [...leaked].sort((a, b) => a - b).map((i) => test.paths[i]),
  );
  assert(found[1].rule.length > 20);
});
