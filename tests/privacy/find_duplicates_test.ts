import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  findOverlap,
  gatherPixels,
  type ImageRecord,
  type ImageSet,
} from "../../src/data/mod.ts";
import { encodePng } from "../../src/io/mod.ts";
import {
  addPrint,
  findDuplicates,
  pixelPrints,
} from "../../src/privacy/mod.ts";
import { plantLeaks } from "../../src/stages/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";
import { testOnBackends } from "../support/backends.ts";

const faces = (identities: number, firstIdentity: number) =>
  proceduralFaces({
    identities,
    imagesPerIdentity: 2,
    size: 48,
    firstIdentity,
  });
const real = faces(15, 0);
const clean = faces(15, 500);

function printsOf(set: ImageSet) {
  const prints = pixelPrints(set.count);
  for (let i = 0; i < set.count; i++) {
    addPrint(prints, i, gatherPixels(set, [i]), set.height);
  }
  return prints;
}

testOnBackends(
  "findDuplicates() traces copies, mirror images, recompressions and crops, and nothing else",
  async () => {
    const { images, leaks } = await plantLeaks(clean, real, {
      count: 5,
      crop: 0.82,
      cropPlace: "random",
    });
    const found = await findDuplicates(printsOf(real), printsOf(images));
    assertEquals(
      found.map(({ second }) => second),
      leaks.map(({ index }) => index).sort((a, b) => a - b),
    );
    for (const { index, from, kind } of leaks) {
      const { first, flipped, crop, correlation } = found.find(({ second }) =>
        second === index
      )!;
      assertEquals([first, flipped], [from, kind === "flip"], kind);
      if (kind === "copy") assertEquals(correlation, 1);
      assert(
        Math.abs(crop.share - (kind === "crop" ? 0.82 : 1)) < 0.02,
        `${kind}: ${crop.share}`,
      );
    }
  },
);

testOnBackends(
  "findDuplicates() finds all that the perceptual hash finds",
  async () => {
    const { images } = await plantLeaks(clean, real, {
      count: 6,
      kinds: ["copy", "flip", "recompression"],
      quality: 20,
    });
    const records = (set: ImageSet): ImageRecord[] =>
      Array.from({ length: set.count }, (_, i) => ({
        path: set.paths[i],
        identity: "",
        bytes: () =>
          encodePng({ pixels: gatherPixels(set, [i]), height: 48, width: 48 }),
      }));
    const { exact, near } = await findOverlap(records(real), records(images));
    const found = await findDuplicates(printsOf(real), printsOf(images));
    const seconds = new Set(found.map(({ second }) => second));
    assert(exact.length + near.length >= 15);
    for (const { second } of [...exact, ...near]) assert(seconds.has(second));
  },
  { backends: ["tensorflow"] },
);

testOnBackends(
  "findDuplicates() looks at the candidates alone that it is given",
  async () => {
    const { images, leaks } = await plantLeaks(clean, real, {
      count: 3,
      cropPlace: "random",
      crop: 0.85,
    });
    const sources = new Map(leaks.map(({ index, from }) => [index, from]));
    const [a, b] = [printsOf(real), printsOf(images)];
    const found = await findDuplicates(a, b, {
      among: (second) => sources.has(second) ? [0, sources.get(second)!] : [0],
    });
    assertEquals(
      found.map(({ first, second }) => [second, first]),
      [...sources].sort((x, y) => x[0] - y[0]),
    );
    // Equal bytes are found whatever the candidates.
    const none = await findDuplicates(a, b, { among: () => [] });
    assertEquals(none.length, 3);
  },
  { backends: ["tensorflow"] },
);

testOnBackends(
  "findDuplicates() finds flat pictures by their bytes alone",
  async () => {
    const flat = (value: number): ImageSet => ({
      ...real,
      count: 1,
      images: new Float32Array(48 * 48 * 3).fill(value),
    });
    const grey = printsOf(flat(0.5));
    assertEquals(
      (await findDuplicates(grey, grey)).map(({ correlation }) => correlation),
      [1],
    );
    assertEquals(await findDuplicates(grey, printsOf(flat(0.25))), []);
  },
);

testOnBackends(
  "findDuplicates() finds less with a higher bar, and stops when asked to",
  async () => {
    const { images } = await plantLeaks(clean, real, {
      count: 4,
      kinds: ["copy", "recompression"],
      quality: 20,
    });
    const [a, b] = [printsOf(real), printsOf(images)];
    assertEquals((await findDuplicates(a, b)).length, 8);
    const strict = await findDuplicates(a, b, { correlation: 0.9999 });
    assertEquals(strict.length, 4);
    await assertRejects(
      () => findDuplicates(a, b, { signal: AbortSignal.abort() }),
      DOMException,
    );
    await assertRejects(
      () => findDuplicates(a, b, { correlation: 0 }),
      RangeError,
      "'correlation'",
    );
  },
  { backends: ["tensorflow"] },
);
