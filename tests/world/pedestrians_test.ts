import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";
import {
  type PedestrianIdentity,
  pedestrianIdentity,
  type PedestrianNuisance,
  pedestrianNuisance,
  proceduralPedestrians,
  renderPedestrian,
  streetCamera,
} from "../../src/world/mod.ts";

const HEIGHT = 48;
const WIDTH = 24;

/** Nobody else, nothing in the way, seen from the front. */
const SHOT: PedestrianNuisance = {
  ...pedestrianNuisance(randomStream(1), {
    camera: 1,
    cameraRange: 0,
    poseRange: 0,
    occlusion: 0,
    jitter: 0,
  }),
  noise: 0,
};
const PERSON: PedestrianIdentity = {
  ...pedestrianIdentity(randomStream(2)),
  topColor: [0, 0.9, 0.8],
  bottomColor: [0.66, 0.9, 0.8],
  pattern: "plain",
  bottom: "trousers",
  bag: "none",
  topLength: 0,
  sleeves: 1,
};

function shoot(
  changes: Partial<PedestrianNuisance> = {},
  person: Partial<PedestrianIdentity> = {},
): Float32Array {
  return renderPedestrian({ ...PERSON, ...person }, { ...SHOT, ...changes }, {
    height: HEIGHT,
    width: WIDTH,
  });
}

/** Mean colour of a rectangle given in shares of the picture. */
function mean(
  picture: Float32Array,
  [left, top, right, bottom]: number[],
): number[] {
  const sum = [0, 0, 0];
  let count = 0;
  for (let y = Math.round(top * HEIGHT); y < bottom * HEIGHT; y++) {
    for (let x = Math.round(left * WIDTH); x < right * WIDTH; x++) {
      count++;
      for (let c = 0; c < 3; c++) sum[c] += picture[(y * WIDTH + x) * 3 + c];
    }
  }
  return sum.map((value) => value / count);
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(
    a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length,
  );
}

Deno.test("renderPedestrian() gives equal pixels for equal parameters, in [-1, 1]", () => {
  for (let i = 0; i < 30; i++) {
    const person = pedestrianIdentity(randomStream(3, i));
    const shot = pedestrianNuisance(randomStream(4, i), { camera: 1 + i % 5 });
    const size = { height: 32 };
    const picture = renderPedestrian(person, shot, size);
    assertEquals(picture.length, 32 * 16 * 3);
    assert(picture.every((value) => value >= -1 && value <= 1));
    assertEquals(
      renderPedestrian(
        JSON.parse(JSON.stringify(person)),
        JSON.parse(JSON.stringify(shot)),
        size,
      ),
      picture,
    );
  }
});

Deno.test("a red top is red over blue trousers", () => {
  const picture = shoot();
  const chest = mean(picture, [0.42, 0.32, 0.58, 0.42]);
  const thighs = mean(picture, [0.38, 0.58, 0.62, 0.68]);
  assert(chest[0] > chest[2] + 0.3, `${chest}`);
  assert(thighs[2] > thighs[0] + 0.2, `${thighs}`);
});

Deno.test("a person stands upright in the box, head up", () => {
  const empty = shoot({ shiftX: 5 });
  const picture = shoot();
  const rows: number[] = [];
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const at = (y * WIDTH + x) * 3;
      if (Math.abs(picture[at] - empty[at]) > 0.1) rows.push(y);
    }
  }
  assert(
    Math.min(...rows) < 0.15 * HEIGHT && Math.max(...rows) > 0.88 * HEIGHT,
  );
});

Deno.test("a backpack is seen from behind", () => {
  const bag: Partial<PedestrianIdentity> = {
    bag: "backpack",
    bagColor: [0.33, 0.9, 0.9],
  };
  const back = [0.44, 0.32, 0.56, 0.4];
  const [front, behind] = [0, 180].map((yaw) =>
    mean(shoot({ yaw }, bag), back)
  );
  assert(behind[1] > behind[0] + 0.2, `${behind}`);
  assert(front[0] > front[1] + 0.2, `${front}`);
});

Deno.test("cameras differ in colour and resolution, the same camera does not", () => {
  assertEquals(streetCamera(5, 3), streetCamera(5, 3));
  assert(streetCamera(5, 3).redGain !== streetCamera(5, 4).redGain);
  const warm = mean(shoot({ redGain: 1.4, blueGain: 0.7 }), [0, 0, 1, 1]);
  const cold = mean(shoot({ redGain: 0.7, blueGain: 1.4 }), [0, 0, 1, 1]);
  assert(warm[0] > cold[0] + 0.1 && warm[2] < cold[2] - 0.1);
  const sharp = shoot();
  const coarse = shoot({ coarseness: 3 });
  const edges = (picture: Float32Array) =>
    picture.reduce((sum, v, i) => sum + Math.abs(v - (picture[i - 3] ?? v)), 0);
  assert(edges(coarse) < 0.8 * edges(sharp));
});

Deno.test("railing, post and companion hide what they stand before", () => {
  const free = shoot();
  const same = (picture: Float32Array, box: number[]) =>
    mean(picture, box).every((v, c) => Math.abs(v - mean(free, box)[c]) < 1e-6);
  const railing = shoot({ railing: 0.3, seed: 12 });
  assert(same(railing, [0, 0, 1, 0.65]) && !same(railing, [0, 0.75, 1, 1]));
  const post = shoot({ post: 0.4, seed: 12 });
  assert(same(post, [0, 0, 0.55, 1]) && !same(post, [0.7, 0, 1, 1]));
  const chest = [0.42, 0.32, 0.58, 0.42];
  const beside = { companion: 0.3, seed: 3 };
  assert(same(shoot({ ...beside, companionFront: 0 }), chest));
  assert(!same(shoot({ ...beside, companionFront: 1 }), chest));
});

Deno.test("each circumstance and each trait changes the picture", () => {
  const shot = { ...SHOT, stride: 0.7, yaw: 40, railing: 0.2, noise: 0.02 };
  const changes: Partial<PedestrianNuisance>[] = [
    { elevation: 25 },
    { saturation: 0.4 },
    { exposure: 0.8 },
    { contrast: 0.7 },
    { blur: 0.03 },
    { lightAzimuth: 60 },
    { lightElevation: 5 },
    { lightStrength: 1.4 },
    { ambient: 0.9 },
    { temperature: 1 },
    { placeSeed: 99 },
    { phase: 0.4 },
    { stride: 0 },
    { headTurn: 60 },
    { shiftX: 0.1 },
    { shiftY: 0.05 },
    { scale: 0.85 },
    { aspect: 1.2 },
    { along: 0.9 },
    { seed: 77 },
  ];
  const base = renderPedestrian(PERSON, { ...shot, phase: 0.1, along: 0.2 });
  for (const change of changes) {
    const other = renderPedestrian(PERSON, {
      ...shot,
      phase: 0.1,
      along: 0.2,
      ...change,
    });
    assert(distance(base, other) > 0.003, JSON.stringify(change));
  }
  const traits = {
    girth: 2,
    shoulders: 2,
    hips: 2,
    legs: 2,
    head: 2,
    melanin: 1 - PERSON.melanin,
    hairColor: [0.1, 0.8, 0.9],
    hairLength: 0.95,
    hairVolume: 1,
    cap: 1,
    topColor: [0.3, 1, 1],
    sleeves: 0.2,
    topLength: 0.7,
    pattern: "hoops",
    bottomColor: [0.3, 1, 1],
    bottom: "shorts",
    bottomWidth: 1,
    shoeColor: [0.3, 1, 1],
    bag: "shoulder",
    armSwing: 1,
  };
  const before = {
    ...PERSON,
    hairLength: 0.2,
    hairVolume: 0,
    cap: 0,
    bottomWidth: 0,
    armSwing: 0,
  };
  const plain = renderPedestrian(before, { ...SHOT, stride: 0.7, yaw: 40 });
  for (const [name, value] of Object.entries(traits)) {
    const other = renderPedestrian(
      { ...before, [name]: value },
      { ...SHOT, stride: 0.7, yaw: 40 },
    );
    assert(distance(plain, other) > 0.002, name);
  }
});

Deno.test("proceduralPedestrians() gives each picture as a function of seed, person and number alone, and is an image set", () => {
  const options = { imagesPerIdentity: 7, height: 16, seed: 6, cameras: 3 };
  const many = proceduralPedestrians({ ...options, identities: 3 });
  const one = proceduralPedestrians({
    ...options,
    identities: 1,
    firstIdentity: 2,
  });
  const length = 16 * 8 * 3;
  assertEquals(one.images, many.images.slice(14 * length));
  const set: ImageSet = many;
  assertEquals([set.count, set.height, set.width], [21, 16, 8]);
  // Person 2 begins with camera 1 + 2 % 3 = 3, then goes round.
  assertEquals([...one.cameras], [3, 1, 2, 3, 1, 2, 3]);
  assertEquals(one.paths[1], "pedestrian-0002/c1-001");
  assertEquals(one.nuisances.map(({ camera }) => camera), [...one.cameras]);
  const elsewhere = proceduralPedestrians({
    ...options,
    identities: 1,
    firstCamera: 10,
  });
  assertEquals([...elsewhere.cameras], [10, 11, 12, 10, 11, 12, 10]);
});

Deno.test("pictures of one person by one camera are closer than those of two people", () => {
  const people = proceduralPedestrians({
    identities: 12,
    imagesPerIdentity: 4,
    height: 32,
    cameras: 1,
    occlusion: 0,
  });
  const length = 32 * 16 * 3;
  const at = (i: number) =>
    people.images.subarray(i * length, (i + 1) * length);
  let own = 0, other = 0;
  for (let i = 0; i < 12; i++) {
    for (let k = 1; k < 4; k++) {
      own += distance(at(4 * i), at(4 * i + k)) / 36;
      other += distance(at(4 * i), at((4 * (i + k)) % 48 + k)) / 36;
    }
  }
  assert(own < 0.9 * other, `${own} against ${other}`);
});

Deno.test("bad sizes, counts and ranges are refused by name", () => {
  assertThrows(
    () => renderPedestrian(PERSON, SHOT, { height: 15 }),
    RangeError,
    "'height' must be an integer of at least 16: current value is 15",
  );
  assertThrows(
    () => renderPedestrian(PERSON, SHOT, { width: 7 }),
    RangeError,
    "'width' must be an integer of at least 8: current value is 7",
  );
  assertThrows(
    () =>
      proceduralPedestrians({
        identities: 1,
        imagesPerIdentity: 1,
        cameras: 0,
      }),
    RangeError,
    "'cameras' must be an integer of at least 1: current value is 0",
  );
  assertThrows(
    () => pedestrianNuisance(randomStream(1), { camera: 0 }),
    RangeError,
    "'camera' must be a whole number of at least 1: current value is 0",
  );
  assertThrows(
    () => pedestrianNuisance(randomStream(1), { camera: 1, occlusion: 2 }),
    RangeError,
    "'occlusion' must be in [0, 1]: current value is 2",
  );
});
