import { assert, assertEquals, assertRejects } from "@std/assert";
import { plantLeaks } from "../../src/stages/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";

const SIZE = 24;
const LENGTH = SIZE * SIZE * 3;
const real = proceduralFaces({
  identities: 5,
  imagesPerIdentity: 4,
  size: SIZE,
});
const others = proceduralFaces({
  identities: 5,
  imagesPerIdentity: 2,
  size: SIZE,
  poseRange: 0.5,
});
const clean = proceduralFaces({
  identities: 6,
  imagesPerIdentity: 5,
  size: SIZE,
  firstIdentity: 50,
});

function picture(images: Float32Array, index: number): Float32Array {
  return images.slice(index * LENGTH, (index + 1) * LENGTH);
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(
    a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length,
  );
}

Deno.test("plantLeaks() plants each kind where it says, and changes nothing else", async () => {
  const before = clean.images.slice();
  const { images, leaks } = await plantLeaks(clean, real, { count: 3, others });
  assertEquals(clean.images, before);
  assertEquals(leaks.length, 15);
  assertEquals(new Set(leaks.map(({ index }) => index)).size, 15);
  const planted = new Map(leaks.map((leak) => [leak.index, leak]));
  for (let i = 0; i < clean.count; i++) {
    const leak = planted.get(i);
    const found = picture(images.images, i);
    if (leak === undefined) {
      assertEquals(found, picture(clean.images, i));
      continue;
    }
    const set = leak.kind === "samePerson" ? others : real;
    const source = picture(set.images, leak.from);
    const mirrored = source.map((_, at) => {
      const x = Math.floor(at / 3) % SIZE;
      return source[at + 3 * (SIZE - 1 - 2 * x)];
    });
    if (leak.kind === "flip") assertEquals(found, mirrored);
    else if (leak.kind === "copy" || leak.kind === "samePerson") {
      assertEquals(found, source);
    } else {
      // Close to its source, yet not the same.
      const away = distance(found, source);
      assert(away > 0.002 && away < 0.3, `${leak.kind}: ${away}`);
      assert(away < 0.7 * distance(found, mirrored), leak.kind);
    }
  }
  assertEquals(images.labels, clean.labels);
});

Deno.test("plantLeaks() crops the middle: a line of equal columns keeps its place there", async () => {
  // Brightness rises evenly from left to right; of the middle 0.5, it rises half as fast about the same middle.
  const ramp = {
    ...real,
    images: Float32Array.from(
      { length: real.images.length },
      (_, at) => (Math.floor(at / 3) % SIZE) / SIZE - 0.5,
    ),
  };
  const { images, leaks } = await plantLeaks(clean, ramp, {
    count: 1,
    kinds: ["crop"],
    crop: 0.5,
  });
  const found = picture(images.images, leaks[0].index);
  for (let x = 0; x < SIZE; x++) {
    const expected = ((x + 0.5 - SIZE / 2) * 0.5 + SIZE / 2 - 0.5) / SIZE - 0.5;
    assert(Math.abs(found[3 * x] - expected) < 1e-6, `column ${x}`);
  }
});

// Brightness is x + 10 y: the values of a crop tell where it was cut, each time elsewhere and inside the picture.
Deno.test("plantLeaks() crops at random places where asked to", async () => {
  const plane = {
    ...real,
    images: Float32Array.from({ length: real.images.length }, (_, at) => {
      const pixel = Math.floor(at / 3) % (SIZE * SIZE);
      return (pixel % SIZE + 10 * Math.floor(pixel / SIZE)) / 300;
    }),
  };
  const { images, leaks } = await plantLeaks(clean, plane, {
    count: 6,
    kinds: ["crop"],
    crop: 0.75,
    cropPlace: "random",
  });
  const places = leaks.map(({ index }) => {
    const found = picture(images.images, index);
    // Between two pixels well inside: a step across is 0.75 wide, one down ten times that.
    const at = (12 * SIZE + 12) * 3;
    const across = 300 * (found[at + 3] - found[at]);
    assert(Math.abs(across - 0.75) < 1e-3, `${across}`);
    return Math.round(100 * 300 * found[at]);
  });
  assertEquals(new Set(places).size, 6);
});

Deno.test("plantLeaks() depends on its seed alone", async () => {
  const places = async (seed: number) =>
    (await plantLeaks(clean, real, { count: 2, seed })).leaks;
  assertEquals(await places(1), await places(1));
  assert(JSON.stringify(await places(1)) !== JSON.stringify(await places(2)));
});

Deno.test("plantLeaks() refuses what it cannot plant", async () => {
  await assertRejects(
    () => plantLeaks(clean, real, { count: 8 }),
    RangeError,
    "4 kinds of them fit into 30 pictures: current value is 8",
  );
  await assertRejects(
    () => plantLeaks(clean, real, { count: 1, crop: 1 }),
    RangeError,
    "'crop' must be in (0, 1): current value is 1",
  );
  await assertRejects(
    () => plantLeaks(clean, real, { count: 1, kinds: ["samePerson"] }),
    RangeError,
    "'others' must be given",
  );
  const large = proceduralFaces({
    identities: 1,
    imagesPerIdentity: 1,
    size: 32,
  });
  await assertRejects(
    () => plantLeaks(clean, large, { count: 1 }),
    TypeError,
    "'real' must have pictures of 24 x 24: current value is 32 x 32",
  );
});
