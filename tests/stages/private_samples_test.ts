import { assert, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { diffusionSchedule } from "../../src/diffusion/mod.ts";
import { privateSamples } from "../../src/stages/private_samples.ts";

/** Four images, two of person 0 and two of person 5, then their mirror images. */
const latents = {
  values: new Float32Array(8 * 3),
  shape: [1, 1, 3] as [number, number, number],
  count: 8,
  labels: new Int32Array([0, 5, 0, 5, 0, 5, 0, 5]),
};
const schedule = diffusionSchedule({ kind: "cosine", steps: 1000 });
const random = randomStream(1).fork("step", 3);

function drawer(unit: "image" | "identity", draws: number, labelDropout = 0) {
  return privateSamples(latents, {
    plan: { unit, draws },
    labelDropout,
    nullClass: 9,
    schedule,
  });
}

Deno.test("a picture's samples are that picture or its mirror image, under its class", () => {
  const { indices, labels, present, times, noise } = drawer("image", 40)(
    [2, 1],
    3,
    random,
  );
  const first = indices.subarray(0, 40);
  assertEquals([...new Set(first)].sort(), [2, 6]);
  assertEquals([...new Set(indices.subarray(40, 80))].sort(), [1, 5]);
  assertEquals([...new Set(labels.subarray(40, 80))], [5]);
  assertEquals(Array.from(present), [1, 1, 0]);
  assert(times.slice(0, 80).every((t) => t >= 0 && t < 1000));
  assert(new Set(times.slice(0, 40)).size > 30);
  assert(noise.subarray(0, 240).every((x) => x !== 0));
  assert(noise.subarray(240).every((x) => x === 0));
});

Deno.test("a person's samples are of all their pictures", () => {
  const { indices, labels } = drawer("identity", 20)([1], 1, random);
  assertEquals([...new Set(indices)].sort(), [1, 3, 5, 7]);
  assertEquals([...new Set(labels)], [5]);
});

Deno.test("a unit's samples do not depend on who else is in the batch", () => {
  const draw = drawer("image", 2, 0.5);
  const alone = draw([3], 1, random);
  const behind = draw([0, 1, 3], 4, random);
  assertEquals(behind.indices.subarray(4, 6), alone.indices);
  assertEquals(behind.labels.subarray(4, 6), alone.labels);
  assertEquals(behind.noise.subarray(12, 18), alone.noise);
  assertEquals(behind.times.slice(4, 6), alone.times);
});

Deno.test("a share of the labels is nobody's", () => {
  const { labels } = drawer("image", 1000, 0.1)([0], 1, random);
  const dropped = labels.filter((label) => label === 9).length;
  assert(dropped > 60 && dropped < 140, `${dropped}`);
});
