import { assertEquals, assertRejects } from "@std/assert";
import { renderPeople } from "../../src/stages/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";

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
  const faces = proceduralFaces({ ...options, cameraRange: 0.35 });
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
