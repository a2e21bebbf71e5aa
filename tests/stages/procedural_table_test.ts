import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  POPULATIONS,
  proceduralTable,
  renderPeople,
} from "../../src/stages/mod.ts";

const people = {
  identities: 3,
  imagesPerIdentity: 2,
  testIdentities: 4,
  testImagesPerIdentity: 4,
};
const options = { people, height: 16, seed: 0 };

Deno.test("proceduralTable() of persons has them searched by other cameras", async () => {
  const { judge, train, source } = proceduralTable(1, options);
  assertEquals(judge.columns, ["mAP", "Rank-1"]);
  assert(source.startsWith("3 procedural people with 2 pictures each"));
  const set = await train({ height: 16, width: 8 });
  assertEquals([set.count, set.height, set.width], [6, 16, 8]);
  // The same population at another size, as a generator may need.
  const larger = await train({ height: 32, width: 16 });
  assertEquals(larger.identities, set.identities);
});

Deno.test("proceduralTable() of faces has a set for each difficulty, and nobody in two", async () => {
  const steps: string[] = [];
  const { judge, train } = proceduralTable(2, {
    ...options,
    onStep: (part) => void steps.push(part),
  });
  assertEquals(judge.columns, [
    "as trained",
    "years apart",
    "partly hidden",
    "any camera",
    "average of 4",
  ]);
  // A table that is done needs no test images.
  assertEquals(steps, []);
  const set = await train({ height: 16, width: 16 });
  steps.length = 0;
  const found = await judge.overlap({ set }, {});
  assertEquals(found.length, 1);
  assertEquals(new Set(steps).size, 4);
  const rendered = steps.length;
  await judge.overlap({ set }, {});
  assertEquals(steps.length, rendered);
});

Deno.test("proceduralTable() of groups trains on an unbalanced population", async () => {
  const groups = { A: 1 };
  const { judge, source, train } = proceduralTable(3, {
    ...options,
    people: { ...people, groups },
  });
  assertEquals(judge.columns, [
    "group A",
    "group B",
    "group C",
    "group D",
    "average of 4",
    "deviation",
    "error ratio",
  ]);
  assert(source.includes("of the groups A 1"));
  const set = await train({ height: 16, width: 16 });
  const mixed = proceduralTable(3, {
    ...options,
    people: { ...people, groups: { D: 1 } },
  });
  const others = await mixed.train({ height: 16, width: 16 });
  assert(set.images.some((value, i) => value !== others.images[i]));
});

Deno.test("renderPeople() draws faces of the groups that are asked for", async () => {
  const one = { identities: 1, imagesPerIdentity: 1, size: 16, seed: 0 };
  const mean = ({ images }: { images: Float32Array }) =>
    images.reduce((sum, value) => sum + value, 0) / images.length;
  const light = await renderPeople({ ...one, groups: { A: 1 } });
  const dark = await renderPeople({ ...one, groups: { D: 1 } });
  assert(mean(light) !== mean(dark));
  assertEquals(light.identities, dark.identities);
});

Deno.test("proceduralTable() trains and tests in other light and before other cameras than the prior knows", async () => {
  const pixels = async (
    number: 1 | 2,
    size: { height: number; width: number },
  ) => (await proceduralTable(number, options).train(size)).images;
  const drawn = { identities: 3, imagesPerIdentity: 2, size: 16, seed: 0 };
  const faces = { ...drawn, firstIdentity: 10_000_000 };
  const rendered = await renderPeople({
    ...faces,
    lightRange: 0.5,
    cameraRange: 0.7,
  });
  assertEquals(await pixels(2, { height: 16, width: 16 }), rendered.images);
  for (const own of [{}, { lightRange: 0.5 }, { cameraRange: 0.7 }]) {
    const { images } = await renderPeople({ ...faces, ...own });
    assert(rendered.images.some((value, i) => value !== images[i]));
  }
  const streets = await renderPeople({
    ...faces,
    world: "pedestrians",
    firstCamera: 7,
  });
  assert(streets.cameras.every((camera) => camera > 6));
  assertEquals(await pixels(1, { height: 16, width: 8 }), streets.images);
});

Deno.test("proceduralTable() stops when told to", async () => {
  const controller = new AbortController();
  controller.abort(new Error("enough"));
  const { judge } = proceduralTable(2, {
    ...options,
    signal: controller.signal,
  });
  await assertRejects(() => judge.overlap({}, {}), Error, "enough");
});

Deno.test("every draw has its own people, and the tuning split shares nobody with any of them", async () => {
  const seen = new Set<string>();
  for (const population of POPULATIONS) {
    for (const draw of [0, 1, 59]) {
      const { train, drawsPeople } = proceduralTable(2, {
        ...options,
        draw,
        population,
      });
      const { identities } = await train({ height: 16, width: 16 });
      identities.forEach((name) => seen.add(name));
      assertEquals(drawsPeople, true);
    }
  }
  assertEquals(seen.size, 2 * 3 * people.identities);
  const keys = [{}, { draw: 0 }, { draw: 1 }, { population: "tune" as const }]
    .map((own) => proceduralTable(2, { ...options, ...own }).key);
  assertEquals(new Set(keys).size, keys.length);
  assertEquals(proceduralTable(2, options).drawsPeople, undefined);
});

Deno.test("the people of a draw stay clear of the next draw's, as many as there may be", () => {
  assertThrows(
    () => proceduralTable(2, { ...options, draw: 60 }),
    RangeError,
    "'draw'",
  );
  assertThrows(
    () =>
      proceduralTable(2, {
        ...options,
        people: { ...people, testIdentities: 10_001 },
      }),
    RangeError,
    "'testIdentities'",
  );
  assertThrows(
    () => proceduralTable(2, { ...options, population: "all" as "test" }),
    RangeError,
    "'population'",
  );
});
