import { assertEquals, assertRejects } from "@std/assert";
import { renderPeople } from "../../src/stages/mod.ts";
import { proceduralFaces, proceduralPedestrians } from "../../src/world/mod.ts";

const size = 16;

Deno.test("renderPeople() renders the people of a population one by one", async () => {
  const options = {
    identities: 2,
    imagesPerIdentity: 2,
    firstIdentity: 5,
    size,
    seed: 3,
  };
  const seen: number[] = [];
  const people = await renderPeople({
    ...options,
    onStep: (done, total) => void seen.push(done, total),
  });
  const faces = proceduralFaces({
    ...options,
    cameraRange: 0.35,
    occlusion: 0,
    ageRange: 0,
  });
  assertEquals(people.images, faces.images);
  assertEquals(people.labels, faces.labels);
  assertEquals(people.identities, faces.identities);
  assertEquals(people.paths, faces.paths);
  assertEquals([people.count, people.height, people.width], [4, size, size]);
  assertEquals(seen, [2, 4, 4, 4]);
});

Deno.test("renderPeople() stops after the present person", async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  await assertRejects(
    () =>
      renderPeople({
        identities: 1000,
        imagesPerIdentity: 1,
        size,
        seed: 0,
        signal: controller.signal,
        onStep: (done) => {
          seen.push(done);
          if (done === 2) controller.abort(new Error("enough"));
        },
      }),
    Error,
    "enough",
  );
  assertEquals(seen, [1, 2]);
});

Deno.test("renderPeople() gives the same pedestrians whatever the number of workers", async () => {
  const options = {
    world: "pedestrians",
    identities: 5,
    imagesPerIdentity: 2,
    firstIdentity: 3,
    size,
    seed: 4,
    firstCamera: 7,
  } as const;
  const alone = await renderPeople(options);
  let last = 0;
  const crew = await renderPeople({
    ...options,
    workers: 2,
    onStep: (done) => void (last = done),
  });
  assertEquals(crew, alone);
  assertEquals(last, 10);
  const { world: _, size: height, ...rest } = options;
  const expected = proceduralPedestrians({ ...rest, height });
  assertEquals(alone.images, expected.images);
  assertEquals(alone.cameras, expected.cameras);
  assertEquals([alone.height, alone.width], [size, size / 2]);
});

Deno.test("renderPeople() tells what a worker refuses, and ends its workers when stopped", async () => {
  const options = { identities: 50, imagesPerIdentity: 1, seed: 0, workers: 2 };
  await assertRejects(
    () => renderPeople({ ...options, size: 3 }),
    RangeError,
    "'size' must be an integer of at least 16: current value is 3",
  );
  const controller = new AbortController();
  await assertRejects(
    () =>
      renderPeople({
        ...options,
        size,
        signal: controller.signal,
        onStep: () => controller.abort(new Error("enough")),
      }),
    Error,
    "enough",
  );
  await assertRejects(
    () => renderPeople({ ...options, size, workers: 0 }),
    RangeError,
    "'workers' must be",
  );
});
