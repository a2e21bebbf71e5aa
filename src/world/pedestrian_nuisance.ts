/**
 * Under which circumstances somebody walks by: camera, pose, occlusion, the detector's box.
 *
 * @module
 */
import { type RandomStream, randomStream } from "../core/mod.ts";

/** What is the same in all pictures of one camera. */
export type StreetCamera = {
  /** Height of the view, degrees above the horizontal, [0, 35]. */
  elevation: number;
  /** The way most people walk through it, degrees; 0 towards the viewer. */
  direction: number;
  /** Gain of red against green. */
  redGain: number;
  /** Gain of blue against green. */
  blueGain: number;
  /** Saturation, 1 as it is. */
  saturation: number;
  /** Exposure, stops. */
  exposure: number;
  /** Contrast, 1 as it is. */
  contrast: number;
  /** Pixels of the picture per pixel the camera saw, [1, 3]. */
  coarseness: number;
  /** Blur radius (standard deviation), in picture widths. */
  blur: number;
  /** Standard deviation of the noise, in units of the range [-1, 1]. */
  noise: number;
  /** Direction of the light, degrees; positive comes from the right. */
  lightAzimuth: number;
  /** Height of the light, degrees. */
  lightElevation: number;
  /** Strength of the directed light. */
  lightStrength: number;
  /** Strength of the light from everywhere. */
  ambient: number;
  /** Colour of the light: cold (-1) to warm (1). */
  temperature: number;
  /** Key of the place. */
  placeSeed: number;
};

/** The circumstances of one picture. */
export type PedestrianNuisance = StreetCamera & {
  /** Number of the camera, from 1. */
  camera: number;
  /** Where the person faces, degrees: 0 towards the viewer, 90 to the right of the picture, [-180, 180). */
  yaw: number;
  /** Phase of the step, in turns, [0, 1). */
  phase: number;
  /** Length of the step: 0 standing, 1 striding. */
  stride: number;
  /** Turn of the head against the body, degrees. */
  headTurn: number;
  /** Shift of the box to the right, in widths. */
  shiftX: number;
  /** Shift of the box downward, in heights. */
  shiftY: number;
  /** Size of the person in the box; at 1 the body's height is 92 % of it. */
  scale: number;
  /** Stretch of the width. */
  aspect: number;
  /** Where along the place the picture was taken, [0, 1]. */
  along: number;
  /** How high something stands before the legs, share of the height; 0 is nothing. */
  railing: number;
  /** How far a post or wall reaches in from the side, share of the width, negative from the left; 0 is nothing. */
  post: number;
  /** Another passer-by: place in body widths beside, negative to the left; 0 is nobody. */
  companion: number;
  /** 1 if the other stands in front. */
  companionFront: number;
  /** Key of what stands in the way, of the other, and of the noise, an integer in [0, 65536). */
  seed: number;
};

/** Options of {@linkcode pedestrianNuisance}: how far the circumstances vary. */
export interface PedestrianNuisanceOptions {
  /** Factor on how much cameras differ, in [0, 1]. @default 1 */
  cameraRange?: number;
  /** Factor on the variation of pose, in [0, 1]. @default 1 */
  poseRange?: number;
  /** Probability that something or somebody hides part of the person, in [0, 1]. @default 0.3 */
  occlusion?: number;
  /** Factor on the detector's misplacement, in [0, 1]. @default 1 */
  jitter?: number;
}

/**
 * The traits of a camera: colour response, viewpoint, resolution, light and place.
 *
 * @param seed Seed of the world.
 * @param number Number of the camera, from 1.
 * @param range Factor on how much cameras differ, in [0, 1].
 * @returns Its traits, a function of the arguments alone.
 *
 * @example
 * ```ts
 * import { streetCamera } from "@outis/outis/world";
 * console.assert(streetCamera(0, 1).redGain !== streetCamera(0, 2).redGain);
 * ```
 */
export function streetCamera(
  seed: number,
  number: number,
  range = 1,
): StreetCamera {
  const random = randomStream(seed, "street camera", number);
  const between = (low: number, high: number) =>
    low + (high - low) * random.uniform();
  const around = (spread: number) =>
    range * spread * (2 * random.uniform() - 1);
  return {
    elevation: 10 + around(10),
    direction: range * (number % 2 === 0 ? 180 : 0) + around(60),
    redGain: 2 ** around(0.8),
    blueGain: 2 ** around(0.9),
    saturation: 0.9 + around(0.6),
    exposure: around(1),
    contrast: 1 + around(0.3),
    coarseness: 1 + range * 1.8 * random.uniform() ** 1.5,
    blur: range * 0.02 * random.uniform(),
    noise: 0.01 + range * 0.08 * random.uniform() ** 2,
    lightAzimuth: around(75),
    lightElevation: 40 + around(25),
    lightStrength: 0.75 + around(0.5),
    ambient: 0.5 + around(0.2),
    temperature: around(1),
    placeSeed: Math.floor(between(0, 65536)),
  };
}

/**
 * Draws the circumstances of a picture taken by a camera.
 *
 * @param random Stream to draw from; two equal streams give the same circumstances.
 * @param options The camera's number and the world's seed, and how far circumstances vary.
 * @returns A plain record, safe to write as JSON.
 * @throws {RangeError} If an option is outside its range.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { pedestrianNuisance } from "@outis/outis/world";
 * const shot = pedestrianNuisance(randomStream(1), { camera: 2, poseRange: 0 });
 * console.assert(shot.camera === 2 && shot.stride === 0);
 * ```
 */
export function pedestrianNuisance(
  random: RandomStream,
  options: PedestrianNuisanceOptions & { camera: number; seed?: number },
): PedestrianNuisance {
  const {
    camera,
    seed = 0,
    cameraRange = 1,
    poseRange = 1,
    occlusion = 0.3,
    jitter = 1,
  } = options;
  const act = "draw circumstances";
  if (!Number.isInteger(camera) || camera < 1) {
    throw new RangeError(
      `Cannot ${act} as 'camera' must be a whole number of at least 1: current value is ${camera}`,
    );
  }
  const shares = { cameraRange, poseRange, occlusion, jitter };
  for (const [name, value] of Object.entries(shares)) {
    if (!(value >= 0 && value <= 1)) {
      throw new RangeError(
        `Cannot ${act} as '${name}' must be in [0, 1]: current value is ${value}`,
      );
    }
  }
  const triangle = () => random.uniform() + random.uniform() - 1;
  const traits = streetCamera(seed, camera, cameraRange);
  // Most walk one way, some the other, some across.
  const way = random.uniform();
  const turn = way < 0.55 ? 0 : way < 0.8 ? 180 : way < 0.9 ? 90 : -90;
  const yaw = poseRange * (traits.direction + turn + 35 * triangle());
  const hidden = random.uniform() < occlusion;
  const kind = random.uniform();
  const side = random.uniform() < 0.5 ? -1 : 1;
  const reach = random.uniform();
  return {
    ...traits,
    exposure: traits.exposure + 0.8 * cameraRange * triangle(),
    redGain: traits.redGain * 2 ** (0.4 * cameraRange * triangle()),
    blueGain: traits.blueGain * 2 ** (0.5 * cameraRange * triangle()),
    saturation: traits.saturation * 2 ** (0.5 * cameraRange * triangle()),
    lightAzimuth: traits.lightAzimuth + 45 * cameraRange * triangle(),
    camera,
    yaw: ((yaw + 180) % 360 + 360) % 360 - 180,
    phase: random.uniform(),
    stride: poseRange * Math.min(1, 0.25 + random.uniform()),
    headTurn: poseRange * 40 * triangle(),
    shiftX: jitter * 0.16 * triangle(),
    shiftY: jitter * 0.1 * triangle(),
    scale: 1 + jitter * 0.22 * triangle(),
    aspect: 1 + jitter * 0.12 * triangle(),
    along: random.uniform(),
    railing: hidden && kind < 0.35 ? 0.15 + 0.35 * reach : 0,
    post: hidden && kind >= 0.35 && kind < 0.65
      ? side * (0.12 + 0.3 * reach)
      : 0,
    companion: hidden && kind >= 0.65 ? side * (0.75 + 0.7 * reach) : 0,
    companionFront: random.uniform() < 0.5 ? 1 : 0,
    seed: random.integer(65536),
  };
}
