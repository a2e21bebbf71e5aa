import { assert, assertEquals, assertRejects } from "@std/assert";
import { faceReaders } from "../../src/stages/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";

Deno.test("faceReaders() read the turn of heads they have not seen, from pictures of another size", async () => {
  const told: number[] = [];
  const [yaw] = await faceReaders({
    size: 32,
    names: ["yaw"],
    people: 60,
    onStep: (done) => void told.push(done),
  });
  assertEquals(told.at(-1), 240);
  const size = 48;
  const { images, nuisances } = proceduralFaces({
    identities: 25,
    imagesPerIdentity: 2,
    size,
    firstIdentity: 8_000_000,
    occlusion: 0,
  });
  const length = size * size * 3;
  const readings = nuisances.map((_, i) =>
    yaw({
      pixels: images.subarray(i * length, (i + 1) * length),
      height: size,
      width: size,
    })
  );
  const right = nuisances.filter(({ yaw }, i) => (yaw > 0) === readings[i] > 0);
  // By chance 25 of 50; four deviations above are 39.
  assert(right.length >= 39, `${right.length} of 50`);
});

Deno.test("faceReaders() read nothing off a picture of one colour, and stop when told", async () => {
  const options = { size: 16, people: 4 };
  const readers = await faceReaders(options);
  assertEquals(readers.length, 3);
  const grey = {
    pixels: new Float32Array(768).fill(0.3),
    height: 16,
    width: 16,
  };
  for (const read of readers) assert(Math.abs(read(grey)) < 1e-3);
  const reason = new Error("enough");
  await assertRejects(
    () => faceReaders({ ...options, signal: AbortSignal.abort(reason) }),
    Error,
    "enough",
  );
});
