import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  populationIdentity,
  populationNuisance,
  proceduralFaces,
  renderFace,
} from "../../src/world/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";

const SIZE = 24;
const LENGTH = SIZE * SIZE * 3;

Deno.test("proceduralFaces() gives each picture as a function of seed, person and number alone", () => {
  const many = proceduralFaces({
    identities: 3,
    imagesPerIdentity: 4,
    size: SIZE,
    seed: 9,
  });
  const few = proceduralFaces({
    identities: 1,
    imagesPerIdentity: 2,
    size: SIZE,
    seed: 9,
    firstIdentity: 2,
  });
  // Person 2, pictures 0 and 1, are pictures 8 and 9 of the whole.
  assertEquals(few.images, many.images.subarray(8 * LENGTH, 10 * LENGTH));
  assertEquals(
    renderFace(
      populationIdentity(9, 2),
      populationNuisance(9, { identity: 2, picture: 1 }),
      { size: SIZE },
    ),
    many.images.slice(9 * LENGTH, 10 * LENGTH),
  );
  assertEquals(few.parameters[0], many.parameters[2]);
});

Deno.test("proceduralFaces() is an image set", () => {
  const faces = proceduralFaces({
    identities: 2,
    imagesPerIdentity: 3,
    size: 16,
    firstIdentity: 7,
  });
  const set: ImageSet = faces;
  assertEquals(set.count, 6);
  assertEquals([set.height, set.width, faces.channels], [16, 16, 3]);
  assertEquals([...set.labels], [0, 0, 0, 1, 1, 1]);
  assertEquals(set.identities, ["face-0007", "face-0008"]);
  assertEquals(set.paths[4], "face-0008/001");
  assertEquals(set.problems, []);
  assertEquals(set.images.length, 6 * 16 * 16 * 3);
  assertEquals(faces.nuisances.length, 6);
});

Deno.test("another seed is another population", () => {
  const one = proceduralFaces({
    identities: 1,
    imagesPerIdentity: 1,
    size: 16,
    seed: 1,
  });
  const two = proceduralFaces({
    identities: 1,
    imagesPerIdentity: 1,
    size: 16,
    seed: 2,
  });
  assert(one.images.some((value, i) => value !== two.images[i]));
});

Deno.test("pictures of one person are closer than pictures of two, strongly so from the front", () => {
  const varied = contrast(proceduralFaces({
    identities: 16,
    imagesPerIdentity: 4,
    size: SIZE,
    plainBackground: 1,
    grayscale: 0,
  }));
  assert(varied > 1.02, `between / within is ${varied}`);
  const frontal = contrast(proceduralFaces({
    identities: 16,
    imagesPerIdentity: 4,
    size: SIZE,
    poseRange: 0,
    expressionRange: 0,
    lightRange: 0,
    cameraRange: 0,
    plainBackground: 1,
    grayscale: 0,
  }));
  assert(frontal > 1.5, `between / within is ${frontal}`);
  assert(frontal > varied);
});

Deno.test("proceduralFaces() refuses numbers out of range", () => {
  const message =
    "Cannot render procedural faces as 'identities' must be an integer of at least 1: current value is 0";
  assertThrows(
    () => proceduralFaces({ identities: 0, imagesPerIdentity: 1 }),
    RangeError,
    message,
  );
  assertThrows(
    () => proceduralFaces({ identities: 1, imagesPerIdentity: 1.5 }),
    RangeError,
    "'imagesPerIdentity'",
  );
  assertThrows(
    () =>
      proceduralFaces({
        identities: 1,
        imagesPerIdentity: 1,
        firstIdentity: -1,
      }),
    RangeError,
    "'firstIdentity'",
  );
  assertThrows(
    () =>
      proceduralFaces({ identities: 1, imagesPerIdentity: 1, poseRange: 2 }),
    RangeError,
    "'poseRange'",
  );
});

/** Mean distance between persons over mean distance within a person, over the face's pixels. */
function contrast(faces: ReturnType<typeof proceduralFaces>): number {
  const sums = { within: 0, between: 0 };
  const counts = { within: 0, between: 0 };
  for (let a = 0; a < faces.count; a++) {
    for (let b = 0; b < a; b++) {
      const kind = faces.labels[a] === faces.labels[b] ? "within" : "between";
      sums[kind] += faceDistance(faces.images, a, b);
      counts[kind]++;
    }
  }
  return (sums.between / counts.between) / (sums.within / counts.within);
}

function faceDistance(images: Float32Array, a: number, b: number): number {
  let sum = 0;
  const from = Math.round(0.15 * SIZE);
  const to = Math.round(0.85 * SIZE);
  for (let y = from; y < to; y++) {
    for (let x = from; x < to; x++) {
      for (let c = 0; c < 3; c++) {
        const at = (y * SIZE + x) * 3 + c;
        sum += (images[a * LENGTH + at] - images[b * LENGTH + at]) ** 2;
      }
    }
  }
  return Math.sqrt(sum);
}
