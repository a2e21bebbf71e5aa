import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { subsetImages } from "../../src/data/mod.ts";
import { decodeImage } from "../../src/io/mod.ts";
import { peoplePicture } from "../../src/stages/mod.ts";
import { colourPeople } from "./colour_people.ts";

const real = colourPeople(3, 2);
const other = colourPeople(3, 2, { name: "other" });

// Pictures of 4 x 4 pixels, 2 apart: row r begins at 6 r, column c at 6 c.
Deno.test("peoplePicture() sets what belongs together below each other, with white between", async () => {
  const { png, rows, identities } = await peoplePicture({ real, other }, {
    identities: 2,
    images: 2,
  });
  assertEquals(rows, ["real, 1", "other, 1", "real, 2", "other, 2"]);
  assertEquals(identities, real.identities.slice(0, 2));
  const { pixels, height, width } = await decodeImage(png);
  assertEquals([height, width], [4 * 6 - 2, 2 * 6 - 2]);
  const at = (y: number, x: number) => pixels[3 * (y * width + x)];
  const colour = (set: typeof real, person: number) =>
    set.images[person * 2 * 48];
  for (const [row, set] of [real, other, real, other].entries()) {
    for (const person of [0, 1]) {
      assertAlmostEquals(at(6 * row, 6 * person), colour(set, person), 0.01);
      assertAlmostEquals(
        at(6 * row + 3, 6 * person + 3),
        colour(set, person),
        0.01,
      );
    }
  }
  assertEquals([at(4, 0), at(0, 4), at(5, 5)], [1, 1, 1]);
});

Deno.test("peoplePicture() enlarges, and leaves the place of a missing image white", async () => {
  const fewer = subsetImages(real, [0, 2, 3]);
  const { png, rows } = await peoplePicture({ fewer }, {
    identities: 2,
    images: 2,
    scale: 3,
  });
  assertEquals(rows, ["fewer, 1", "fewer, 2"]);
  const { pixels, height, width } = await decodeImage(png);
  assertEquals([height, width], [26, 26]);
  assertEquals(pixels[3 * (14 * width)], 1);
  assertAlmostEquals(pixels[3 * (14 * width + 14)], real.images[3 * 48], 0.01);
});

Deno.test("peoplePicture() refuses numbers below 1 and no set", async () => {
  for (const name of ["identities", "images", "scale"]) {
    await assertRejects(
      () => peoplePicture({ real }, { [name]: 0 }),
      RangeError,
      `'${name}'`,
    );
  }
  await assertRejects(() => peoplePicture({}), RangeError, "'sets'");
});
