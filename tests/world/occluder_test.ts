import { assert, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { faceIdentity, faceNuisance, renderFace } from "../../src/world/mod.ts";

const PERSON = faceIdentity(randomStream(8));
const SHOT = {
  ...faceNuisance(randomStream(9), {
    poseRange: 0,
    cameraRange: 0,
    ageRange: 0,
  }),
  mask: 0,
  occluder: 0,
};
const SIZE = 48;

/** Share of the pixels of a half that differ between two pictures. */
function changed(
  a: Float32Array,
  b: Float32Array,
  inside: (x: number, y: number) => boolean,
): number {
  let different = 0, all = 0;
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      if (!inside(x / SIZE, y / SIZE)) continue;
      all++;
      const at = (y * SIZE + x) * 3;
      if (Math.abs(a[at] - b[at]) + Math.abs(a[at + 1] - b[at + 1]) > 0.05) {
        different++;
      }
    }
  }
  return different / all;
}

function shoot(changes: Partial<typeof SHOT>): Float32Array {
  return renderFace(PERSON, { ...SHOT, ...changes }, { size: SIZE });
}

Deno.test("a mask hides nose and mouth, and leaves brow and hair", () => {
  const bare = shoot({});
  const masked = shoot({ mask: 1 });
  assert(changed(bare, masked, (_x, y) => y < 0.4) < 0.02);
  const mouth = (x: number, y: number) =>
    x > 0.4 && x < 0.6 && y > 0.68 && y < 0.85;
  assert(changed(bare, masked, mouth) > 0.8);
});

Deno.test("what is held before a face comes from the side it is told to", () => {
  const bare = shoot({});
  for (
    const [angle, near, far] of [
      [0, (x: number) => x > 0.8, (x: number) => x < 0.4],
      [180, (x: number) => x < 0.2, (x: number) => x > 0.6],
      [
        90,
        (_x: number, y: number) => y > 0.8,
        (_x: number, y: number) => y < 0.4,
      ],
    ] as const
  ) {
    const hidden = shoot({
      occluder: 0.9,
      occluderAngle: angle,
      occluderSeed: 7,
    });
    assert(changed(bare, hidden, near) > 0.2, `${angle} near`);
    assertEquals(changed(bare, hidden, far), 0, `${angle} far`);
  }
});

Deno.test("occlusion is as frequent as asked for, and changes no other circumstance", () => {
  const draw = (occlusion: number) =>
    Array.from(
      { length: 300 },
      (_, i) => faceNuisance(randomStream(10, i), { occlusion, ageRange: 0 }),
    );
  const hidden = (shots: ReturnType<typeof draw>) =>
    shots.filter(({ mask, occluder }) => mask + occluder > 0).length / 300;
  const [never, half, always] = [0, 0.5, 1].map(draw);
  assertEquals(hidden(never), 0);
  assertEquals(hidden(always), 1);
  assert(Math.abs(hidden(half) - 0.5) < 0.1);
  never.forEach((shot, i) =>
    assertEquals({ ...always[i], mask: 0, occluder: 0 }, {
      ...shot,
      mask: 0,
      occluder: 0,
    })
  );
});
