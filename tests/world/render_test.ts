import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import {
  faceIdentity,
  type FaceNuisance,
  faceNuisance,
  renderFace,
} from "../../src/world/mod.ts";
import { parameterRange } from "./parameter_range.ts";

/** Frontal, neutral, clean: the middle of every range. */
const NEUTRAL: FaceNuisance = {
  ...faceNuisance(randomStream(1, "neutral"), {
    poseRange: 0,
    expressionRange: 0,
    lightRange: 0,
    cameraRange: 0,
    grayscale: 0,
    plainBackground: 1,
  }),
  backgroundR: 0.5,
  backgroundG: 0.5,
  backgroundB: 0.5,
  backgroundR2: 0.5,
  backgroundG2: 0.5,
  backgroundB2: 0.5,
  backgroundTexture: 0,
};

/** A bald, pale, clean-shaven person without glasses: nothing hides the face. */
const PLAIN = {
  ...faceIdentity(randomStream(2, "plain")),
  hair: 0,
  melanin: 0.1,
  beard: 0,
  moustache: 0,
  goatee: 0,
  stubble: 0,
  glasses: 0,
  asymmetry: 0,
  freckles: 0,
  mole: 0,
};

const SIZE = 64;

/** Mean over a rectangle given in shares of the picture. */
function mean(
  picture: Float32Array,
  [left, top, right, bottom]: number[],
  channels = [0, 1, 2],
): number {
  let sum = 0;
  let count = 0;
  for (let y = Math.round(top * SIZE); y < Math.round(bottom * SIZE); y++) {
    for (let x = Math.round(left * SIZE); x < Math.round(right * SIZE); x++) {
      for (const c of channels) {
        sum += picture[(y * SIZE + x) * 3 + c];
        count++;
      }
    }
  }
  return sum / count;
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(
    a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length,
  );
}

function shoot(changes: Partial<FaceNuisance>, person = PLAIN): Float32Array {
  return renderFace(person, { ...NEUTRAL, ...changes });
}

Deno.test("renderFace() gives equal pixels for equal parameters and leaves them alone", () => {
  const random = randomStream(3);
  const person = faceIdentity(random);
  const shot = faceNuisance(random);
  const before = JSON.stringify([person, shot]);
  const first = renderFace(person, shot, { size: 32 });
  renderFace(PLAIN, NEUTRAL, { size: 32 });
  assertEquals(renderFace(person, shot, { size: 32 }), first);
  assertEquals(JSON.stringify([person, shot]), before);
  assertEquals(
    renderFace(JSON.parse(before)[0], JSON.parse(before)[1], { size: 32 }),
    first,
  );
});

Deno.test("renderFace() stays in [-1, 1] when every parameter is at an end of its range", () => {
  for (const end of [0, 1]) {
    const person = atEnd(PLAIN, end);
    const shot = atEnd(NEUTRAL, end);
    for (const glasses of [0, 1]) {
      for (const hair of [0, 1]) {
        const picture = renderFace(
          { ...person, glasses, hair },
          { ...shot, glassesOff: 0 },
          { size: 32 },
        );
        assert(picture.every((value) => value >= -1 && value <= 1));
        const spread = Math.max(...picture) - Math.min(...picture);
        assert(spread > 0.2, `a picture without contrast: ${spread}`);
      }
    }
  }
});

Deno.test("each parameter of a person changes that person's picture", () => {
  // Somebody in whom nothing is absent that another parameter could act on.
  const person = {
    ...PLAIN,
    hair: 1,
    beard: 0.6,
    goatee: 0.6,
    hairGrey: 0.3,
    hairDarkness: 0.5,
    hairLength: 0.2,
    glasses: 1,
    freckles: 0.5,
    mole: 1,
    moleX: 0.3,
    moleY: -0.3,
    age: 0.7,
    fringe: 0.3,
  };
  const shot = { ...NEUTRAL, glassesOff: 0 };
  const views = [shot, { ...shot, yaw: 35, scale: 1 }, {
    ...shot,
    glassesOff: 1,
  }];
  for (const name of Object.keys(person) as (keyof typeof person)[]) {
    // Goatee and moustache are hidden under a full beard.
    const beard = ["goatee", "moustache", "stubble"].includes(name) ? 0 : 0.6;
    const pictures = [0, 1].map((end) =>
      views.map((view) =>
        renderFace(
          { ...person, beard, [name]: parameterRange(name)[end] },
          view,
        )
      )
    );
    const most = Math.max(
      ...views.map((_, i) => distance(pictures[0][i], pictures[1][i])),
    );
    assert(most > 0.001, `${name} changes the picture by ${most} only`);
  }
});

Deno.test("renderFace() agrees with itself at half the size", () => {
  for (let i = 0; i < 4; i++) {
    const person = faceIdentity(randomStream(4, i));
    const shot = { ...faceNuisance(randomStream(5, i)), noise: 0, blur: 0 };
    const large = renderFace(person, shot, { size: 128 });
    const small = renderFace(person, shot, { size: 64 });
    const shrunk = new Float32Array(small.length);
    for (let at = 0; at < shrunk.length; at++) {
      const c = at % 3;
      const x = Math.floor(at / 3) % 64;
      const y = Math.floor(at / 192);
      for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]]) {
        shrunk[at] += large[((2 * y + dy) * 128 + 2 * x + dx) * 3 + c] / 4;
      }
    }
    const other = renderFace(faceIdentity(randomStream(6, i)), shot);
    assert(distance(shrunk, small) < 0.1);
    assert(distance(shrunk, small) < 0.4 * distance(other, small));
  }
});

Deno.test("a turned head moves its nose: the eyes' midline follows the yaw", () => {
  // The bare background is grey, so the face's centre of mass against it tells where the head is; the nose's own shadow
  // side tells the turn: with light from the front, the far cheek narrows.
  const left = shoot({ yaw: -30 });
  const right = shoot({ yaw: 30 });
  const mirrored = mirror(right);
  assert(distance(left, mirrored) < 0.5 * distance(left, right));
  const darkest = (picture: Float32Array): number => columnOfMouth(picture);
  assert(darkest(left) < columnOfMouth(shoot({})) - 1);
  assert(darkest(right) > columnOfMouth(shoot({})) + 1);
});

Deno.test("nodding up raises the mouth, tilting clockwise lowers the right", () => {
  const row = (picture: Float32Array): number => rowOfMouth(picture);
  assert(row(shoot({ pitch: 15 })) < row(shoot({ pitch: -15 })));
  const tilted = shoot({ roll: 12, scale: 1 });
  const straight = shoot({ roll: 0, scale: 1 });
  assert(
    distance(tilted, mirror(tilted)) >
      1.5 * distance(straight, mirror(straight)),
  );
});

Deno.test("light from the left brightens the left half of the face", () => {
  const leftHalf = [0.3, 0.45, 0.48, 0.7];
  const rightHalf = [0.52, 0.45, 0.7, 0.7];
  const left = shoot({ lightAzimuth: -60 });
  const right = shoot({ lightAzimuth: 60 });
  assert(mean(left, leftHalf) > mean(left, rightHalf) + 0.1);
  assert(mean(right, rightHalf) > mean(right, leftHalf) + 0.1);
});

Deno.test("exposure and warmth act on the whole picture, noise and blur on its detail", () => {
  const all = [0, 0, 1, 1];
  const plain = shoot({});
  assert(mean(shoot({ exposure: 1 }), all) > mean(plain, all) + 0.1);
  const face = [0.35, 0.4, 0.65, 0.7];
  const warmth = (picture: Float32Array): number =>
    mean(picture, face, [0]) - mean(picture, face, [2]);
  assert(
    warmth(shoot({ temperature: 1 })) >
      warmth(shoot({ temperature: -1 })) + 0.05,
  );
  assert(roughness(shoot({ noise: 0.1 })) > 1.5 * roughness(plain));
  assert(roughness(shoot({ blur: 0.02 })) < 0.8 * roughness(plain));
  assert(distance(shoot({ contrast: 0.6 }), plain) > 0.03);
});

Deno.test("a grey-scale picture has equal channels, a colour picture has not", () => {
  const grey = shoot({ grayscale: 1 });
  const color = shoot({});
  let same = true;
  for (let i = 0; i < grey.length; i += 3) {
    assert(grey[i] === grey[i + 1] && grey[i] === grey[i + 2]);
    same &&= color[i] === color[i + 1];
  }
  assert(!same);
});

Deno.test("each circumstance changes the picture", () => {
  const changes: Partial<FaceNuisance>[] = [
    { smile: 1 },
    { mouthOpen: 1 },
    { browRaise: 1 },
    { eyesClosed: 1 },
    { gazeX: 1 },
    { gazeY: 1 },
    { scale: 1.4 },
    { aspect: 0.9 },
    { shiftX: 0.1 },
    { shiftY: 0.1 },
    { distance: 4 },
    { lightElevation: 60 },
    { lightStrength: 0.3 },
    { ambient: 0.9 },
    { backgroundR: 1, backgroundR2: 1 },
    { backgroundShapes: 1 },
    { backgroundTexture: 1 },
  ];
  const plain = shoot({});
  for (const change of changes) {
    const name = Object.keys(change)[0];
    assert(distance(shoot(change), plain) > 0.004, `${name} changes nothing`);
  }
  const clothed = { scale: 0.9, shiftY: -0.1 };
  const shirt = shoot(clothed);
  for (
    const change of [{ clothesR: 1, clothesG: 0 }, { collar: 1 }, {
      neckline: 1,
    }]
  ) {
    const other = shoot({
      ...clothed,
      clothesR: 0.3,
      neckline: 0,
      collar: 0,
      ...change,
    });
    const base = shoot({ ...clothed, clothesR: 0.3, neckline: 0, collar: 0 });
    assert(distance(other, base) > 0.004, Object.keys(change)[0]);
  }
  assertEquals(shirt.length, SIZE * SIZE * 3);
});

Deno.test("glasses, hair and beard appear on those who have them", () => {
  const plain = shoot({});
  assert(distance(shoot({}, { ...PLAIN, glasses: 1 }), plain) > 0.03);
  assertEquals(shoot({ glassesOff: 1 }, { ...PLAIN, glasses: 1 }), plain);
  const crown = [0.35, 0.02, 0.65, 0.12];
  const hairy = { ...PLAIN, hair: 1, hairDarkness: 1, hairGrey: 0 };
  assert(
    mean(shoot({ scale: 1 }, hairy), crown) <
      mean(shoot({ scale: 1 }), crown) - 0.2,
  );
  const chin = [0.42, 0.84, 0.58, 0.9];
  const bearded = { ...PLAIN, beard: 1, hairDarkness: 1, hairGrey: 0 };
  assert(mean(shoot({}, bearded), chin) < mean(plain, chin) - 0.2);
});

Deno.test("renderFace() refuses sizes at which there is no face", () => {
  for (const size of [15, 20.5, NaN]) {
    assertThrows(
      () => renderFace(PLAIN, NEUTRAL, { size }),
      RangeError,
      `Cannot render a face as 'size' must be an integer of at least 16: current value is ${size}`,
    );
  }
  assertEquals(renderFace(PLAIN, NEUTRAL, { size: 17 }).length, 17 * 17 * 3);
});

function mirror(picture: Float32Array): Float32Array {
  return picture.map((_, at) => {
    const x = Math.floor(at / 3) % SIZE;
    return picture[at + 3 * (SIZE - 1 - 2 * x)];
  });
}

/** Mean absolute difference of neighbours. */
function roughness(picture: Float32Array): number {
  let sum = 0;
  for (let i = 3; i < picture.length; i++) {
    sum += Math.abs(picture[i] - picture[i - 3]);
  }
  return sum / picture.length;
}

/** Weights of red minus green in the lower half of the face: lips are the reddest there. */
function mouthWeights(picture: Float32Array): [number, number, number][] {
  const weights: [number, number, number][] = [];
  for (let y = Math.round(0.55 * SIZE); y < Math.round(0.95 * SIZE); y++) {
    for (let x = Math.round(0.15 * SIZE); x < Math.round(0.85 * SIZE); x++) {
      const at = (y * SIZE + x) * 3;
      const red = picture[at] - picture[at + 1];
      weights.push([Math.max(0, red - 0.05) ** 6, x, y]);
    }
  }
  return weights;
}

function columnOfMouth(picture: Float32Array): number {
  const weights = mouthWeights(picture);
  const total = weights.reduce((sum, [weight]) => sum + weight, 0);
  return weights.reduce((sum, [weight, x]) => sum + weight * x, 0) / total;
}

function rowOfMouth(picture: Float32Array): number {
  const weights = mouthWeights(picture);
  const total = weights.reduce((sum, [weight]) => sum + weight, 0);
  return weights.reduce((sum, [weight, , y]) => sum + weight * y, 0) / total;
}

function atEnd<T extends Record<string, number>>(record: T, end: number): T {
  return Object.fromEntries(
    Object.keys(record).map((name) => [name, parameterRange(name)[end]]),
  ) as T;
}
