/**
 * Everything in a picture that is not the person: pose, expression, light, background, clothes, camera.
 *
 * @module
 */
import type { RandomStream } from "../core/mod.ts";

/** The circumstances of one picture. Numbers are in [0, 1] unless said; angles in degrees. */
export type FaceNuisance = {
  /** Turn of the head, [-45, 45] degrees; positive moves the nose to the right of the picture. */
  yaw: number;
  /** Nod of the head, [-20, 20] degrees; positive looks up. */
  pitch: number;
  /** Tilt of the head, [-12, 12] degrees; positive is clockwise in the picture. */
  roll: number;
  /** Size of the head in the frame, [0.95, 1.5]; at 1 the head's height is 85 % of the picture. */
  scale: number;
  /** Stretch of the width, [0.85, 1.3]: crops of other shapes are squeezed to squares. */
  aspect: number;
  /** Shift to the right, in picture widths, [-0.12, 0.12]. */
  shiftX: number;
  /** Shift downward, in picture heights, [-0.12, 0.12]. */
  shiftY: number;
  /** Distance of the camera, in head units, [4, 14]: nearer is more perspective. */
  distance: number;

  /** Smile (1) to pressed-down corners (-1). */
  smile: number;
  /** How far the mouth is open. */
  mouthOpen: number;
  /** Raised (1) or lowered (-1) brows. */
  browRaise: number;
  /** How far the eyes are closed; 1 is shut. */
  eyesClosed: number;
  /** Gaze to the right of the picture, [-1, 1]. */
  gazeX: number;
  /** Gaze up, [-1, 1]. */
  gazeY: number;
  /** 1 if somebody who wears glasses has taken them off. */
  glassesOff: number;
  /** Reflection in the lenses. */
  glare: number;

  /** Direction of the light, degrees, [-90, 90]; positive comes from the right of the picture. */
  lightAzimuth: number;
  /** Height of the light, degrees, [-30, 70]. */
  lightElevation: number;
  /** Strength of the directed light, [0, 1.6]. */
  lightStrength: number;
  /** Strength of the light from everywhere, [0.1, 1]. */
  ambient: number;
  /** Colour of the light: cold (-1) to warm (1). */
  temperature: number;

  /** Red, green, blue of the background's first colour. */
  backgroundR: number;
  /** Green of the background's first colour. */
  backgroundG: number;
  /** Blue of the background's first colour. */
  backgroundB: number;
  /** Red of the background's second colour. */
  backgroundR2: number;
  /** Green of the background's second colour. */
  backgroundG2: number;
  /** Blue of the background's second colour. */
  backgroundB2: number;
  /** Direction of the background's gradient, degrees, [0, 360). */
  backgroundAngle: number;
  /** Strength of blurred shapes in the background. */
  backgroundShapes: number;
  /** Strength of noise texture in the background. */
  backgroundTexture: number;
  /** Key of the background's layout, an integer in [0, 65536). */
  backgroundSeed: number;

  /** Red of the clothes. */
  clothesR: number;
  /** Green of the clothes. */
  clothesG: number;
  /** Blue of the clothes. */
  clothesB: number;
  /** Depth of the neckline. */
  neckline: number;
  /** Strength of a collar. */
  collar: number;
  /** Strength of stripes. */
  stripes: number;

  /** Blur radius (standard deviation), in picture widths, [0, 0.02]. */
  blur: number;
  /** Standard deviation of the sensor's noise, in units of the range [-1, 1], [0, 0.1]. */
  noise: number;
  /** Key of the sensor's noise, an integer in [0, 65536). */
  noiseSeed: number;
  /** Contrast, [0.6, 1.4]. */
  contrast: number;
  /** Exposure, [-1, 1] stops. */
  exposure: number;
  /** 1 for a grey-scale picture. */
  grayscale: number;

  /** 1 if a mask hides nose and mouth. */
  mask: number;
  /** How far something held before the face reaches into the picture; 0 is nothing, 1 to beyond the middle. */
  occluder: number;
  /** The side it comes from, degrees clockwise from the right, [0, 360). */
  occluderAngle: number;
  /** Key of what it is, and of the mask's cloth, an integer in [0, 65536). */
  occluderSeed: number;
  /** Years between the person as described and as pictured, in thirds of a life, [-1, 1]. */
  ageing: number;
};

/** Options of {@linkcode faceNuisance}: how far the circumstances vary. */
export interface FaceNuisanceOptions {
  /** Factor on all pose angles and shifts, in [0, 1]. @default 1 */
  poseRange?: number;
  /** Factor on all expressions, in [0, 1]. @default 1 */
  expressionRange?: number;
  /** Factor on the variation of light, in [0, 1]. @default 1 */
  lightRange?: number;
  /** Factor on blur, noise, contrast and exposure, in [0, 1]. @default 1 */
  cameraRange?: number;
  /** Probability of a grey-scale picture, in [0, 1]. @default 0.35 */
  grayscale?: number;
  /** Probability of a plain background, in [0, 1]. @default 0.5 */
  plainBackground?: number;
  /** Probability that a mask or something else hides part of the face, in [0, 1]. @default 0.1 */
  occlusion?: number;
  /** Factor on the years between pictures, in [0, 1]. @default 1 */
  ageRange?: number;
}

/**
 * Draws the circumstances of a picture.
 *
 * Poses are drawn densest near the front (the sum of two uniforms), the rest mostly uniformly.
 *
 * @param random Stream to draw from; two equal streams give the same circumstances.
 * @param options How far they vary.
 * @returns A plain record, safe to write as JSON.
 * @throws {RangeError} If an option is outside [0, 1].
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceNuisance } from "@outis/outis/world";
 * const shot = faceNuisance(randomStream(1, "shot", 0), { poseRange: 0.5 });
 * console.assert(Math.abs(shot.yaw) <= 22.5);
 * ```
 */
export function faceNuisance(
  random: RandomStream,
  options: FaceNuisanceOptions = {},
): FaceNuisance {
  const {
    poseRange = 1,
    expressionRange = 1,
    lightRange = 1,
    cameraRange = 1,
    grayscale = 0.35,
    plainBackground = 0.5,
    occlusion = 0.1,
    ageRange = 1,
  } = options;
  const all = {
    poseRange,
    expressionRange,
    lightRange,
    cameraRange,
    grayscale,
    plainBackground,
    occlusion,
    ageRange,
  };
  for (const [name, value] of Object.entries(all)) {
    if (!(value >= 0 && value <= 1)) {
      throw new RangeError(
        `Cannot draw circumstances as '${name}' must be in [0, 1]: current value is ${value}`,
      );
    }
  }
  const between = (low: number, high: number): number =>
    low + (high - low) * random.uniform();
  const triangle = (): number => random.uniform() + random.uniform() - 1;
  const happens = (probability: number): boolean =>
    random.uniform() < probability;
  const maybe = (probability: number, low: number, high: number): number => {
    const value = between(low, high);
    return happens(probability) ? value : 0;
  };
  const pose = poseRange;
  const face = expressionRange;
  const light = lightRange;
  const camera = cameraRange;

  const base = between(0.02, 0.95);
  const tint = between(0, 0.3);
  const colour = (): number => clamp01(base + tint * between(-1, 1));
  const slope = between(-0.3, 0.3);
  const first = [colour(), colour(), colour()];
  const second = [0, 1, 2].map((i) =>
    clamp01(first[i] + slope + tint * 0.5 * between(-1, 1))
  );
  const plain = happens(plainBackground);
  const cloth = between(0, 1);
  const clothTint = between(0, 0.45);

  return {
    yaw: 45 * pose * triangle(),
    pitch: 20 * pose * triangle(),
    roll: 12 * pose * triangle(),
    scale: 1.24 + 0.26 * pose * triangle(),
    aspect: 1.1 + 0.2 * pose * triangle(),
    shiftX: 0.08 * pose * triangle(),
    shiftY: 0.08 * pose * triangle(),
    distance: 8 + 4 * pose * triangle(),

    smile: face * (happens(0.4) ? between(0.2, 1) : between(-0.5, 0.3)),
    mouthOpen: face * maybe(0.3, 0.1, 1),
    browRaise: face * maybe(0.5, -1, 1),
    eyesClosed: face * (happens(0.06) ? 1 : maybe(0.3, 0, 0.4)),
    gazeX: face * triangle(),
    gazeY: face * 0.7 * triangle(),
    glassesOff: happens(0.15) ? 1 : 0,
    glare: maybe(0.35, 0.2, 1),

    lightAzimuth: 75 * light * triangle(),
    lightElevation: 25 + 35 * light * triangle(),
    lightStrength: 0.8 + 0.5 * light * triangle(),
    ambient: 0.36 + 0.24 * light * triangle(),
    temperature: light * triangle(),

    backgroundR: first[0],
    backgroundG: first[1],
    backgroundB: first[2],
    backgroundR2: second[0],
    backgroundG2: second[1],
    backgroundB2: second[2],
    backgroundAngle: between(0, 360),
    backgroundShapes: plain ? 0 : between(0, 1),
    backgroundTexture: plain ? between(0, 0.1) : random.uniform() ** 2,
    backgroundSeed: random.integer(65536),

    clothesR: clamp01(cloth + clothTint * between(-1, 1)),
    clothesG: clamp01(cloth + clothTint * between(-1, 1)),
    clothesB: clamp01(cloth + clothTint * between(-1, 1)),
    neckline: random.uniform(),
    collar: maybe(0.5, 0.3, 1),
    stripes: maybe(0.2, 0.3, 1),

    blur: camera * maybe(0.4, 0, 0.01),
    noise: camera * 0.035 * random.uniform() ** 2,
    noiseSeed: random.integer(65536),
    contrast: 1 + 0.25 * camera * triangle(),
    exposure: 0.7 * camera * triangle(),
    grayscale: happens(grayscale) ? 1 : 0,

    ...hindrance(random.fork("hindrance"), occlusion),
    ageing: ageRange * (random.fork("age").uniform() * 2 - 1),
  };
}

/** What hides the face. Drawn from a stream of its own: everything else is the same with and without it. */
function hindrance(
  random: RandomStream,
  probability: number,
): Pick<
  FaceNuisance,
  "mask" | "occluder" | "occluderAngle" | "occluderSeed"
> {
  const hidden = random.uniform() < probability;
  const worn = random.uniform() < 0.4;
  const reach = 0.3 + 0.7 * random.uniform();
  return {
    mask: hidden && worn ? 1 : 0,
    occluder: hidden && !worn ? reach : 0,
    occluderAngle: 360 * random.uniform(),
    occluderSeed: random.integer(65536),
  };
}

function clamp01(value: number): number {
  return Math.max(0, Math.min(1, value));
}
