import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodePng } from "../../src/io/mod.ts";
import { gatherPixels } from "../../src/data/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";
import { peopleGrid } from "../../src/stages/mod.ts";

const faces = proceduralFaces({
  identities: 3,
  imagesPerIdentity: 2,
  size: 16,
});

async function embedded(index: number): Promise<string> {
  const pixels = gatherPixels(faces, [index]);
  return (await encodePng({ pixels, height: 16, width: 16 })).toBase64();
}

Deno.test("peopleGrid() puts the k-th image of every set together, an identity a column", async () => {
  const { source } = await peopleGrid({ real: faces, ours: faces }, {
    identities: 2,
    images: 2,
  });
  const labels = Array.from(
    source.matchAll(/<th scope="row">([^<]*)</g),
    ([, label]) => label,
  );
  assertEquals(labels, ["real, 1", "ours, 1", "real, 2", "ours, 2"]);
  const pictures = Array.from(
    source.matchAll(/base64,([^"]*)"/g),
    ([, data]) => data,
  );
  const [first, second] = [[0, 2], [1, 3]];
  assertEquals(
    pictures,
    await Promise.all(
      [...first, ...first, ...second, ...second].map(embedded),
    ),
  );
});

Deno.test("peopleGrid() shows nobody's face where it must not", async () => {
  const { source } = await peopleGrid({ real: faces }, { redact: ["real"] });
  assert(!source.includes(await embedded(0)));
});

Deno.test("peopleGrid() refuses to show nothing", async () => {
  await assertRejects(() => peopleGrid({}), RangeError, "'sets'");
  await assertRejects(
    () => peopleGrid({ real: faces }, { images: 0 }),
    RangeError,
    "'images'",
  );
});
