/**
 * Who walks by: body, clothes, hair and bag of a procedural pedestrian.
 *
 * @module
 */
import type { RandomStream } from "../core/mod.ts";

/** A colour: hue in turns, saturation, value, each in [0, 1]. */
export type Hsv = [hue: number, saturation: number, value: number];

/** The stable parameters of one pedestrian. Shapes are standard units in [-2.5, 2.5]; all others in [0, 1] unless said. */
export type PedestrianIdentity = {
  /** Shape: girth of the body. */
  girth: number;
  /** Shape: width of the shoulders. */
  shoulders: number;
  /** Shape: width of the hips. */
  hips: number;
  /** Shape: length of the legs in the whole. */
  legs: number;
  /** Shape: size of the head in the whole. */
  head: number;
  /** Melanin: 0 palest, 1 darkest skin. */
  melanin: number;

  /** Colour of the hair. */
  hairColor: Hsv;
  /** Bald (0) over cropped to hair that falls on the back (1). */
  hairLength: number;
  /** Fullness of the hair. */
  hairVolume: number;
  /** 1 with a cap. */
  cap: number;
  /** Colour of the cap. */
  capColor: Hsv;

  /** Colour of shirt, jacket or dress. */
  topColor: Hsv;
  /** Second colour of the upper body: stripes, print, or what an open jacket shows. */
  secondColor: Hsv;
  /** Length of the sleeves: 0.3 short, 1 to the wrist. */
  sleeves: number;
  /** How far the top falls over the hips: 0 waist, 0.25 jacket, 0.7 coat or dress. */
  topLength: number;
  /** Pattern of the top: plain, horizontal or vertical stripes, checks, a print on the chest, or an open jacket. */
  pattern: "plain" | "hoops" | "stripes" | "checks" | "print" | "open";
  /** Fineness of the pattern. */
  patternScale: number;

  /** Colour of trousers, shorts or skirt. */
  bottomColor: Hsv;
  /** What the legs wear. */
  bottom: "trousers" | "shorts" | "skirt";
  /** Width of trousers or skirt. */
  bottomWidth: number;
  /** Colour of the shoes. */
  shoeColor: Hsv;

  /** What is carried. */
  bag: "none" | "backpack" | "shoulder" | "hand";
  /** Colour of the bag. */
  bagColor: Hsv;
  /** Size of the bag. */
  bagSize: number;
  /** The side a bag hangs on: -1 the person's right, 1 the left. */
  bagSide: number;

  /** How far the arms swing. */
  armSwing: number;
  /** Key of the person's own texture, an integer in [0, 65536). */
  textureSeed: number;
};

/** What most people wear: greys, denim and navy, black, white, beige; the rest is colour. Weights, then ranges. */
const CLOTHES: [number, (between: Between) => Hsv][] = [
  [4, (between) => [0.6, between(0, 0.1), between(0.04, 0.14)]],
  [2, (between) => [0.6, between(0, 0.06), between(0.3, 0.5)]],
  [1.5, (between) => [0.1, between(0, 0.06), between(0.82, 0.94)]],
  [
    3.5,
    (between) => [between(0.59, 0.64), between(0.5, 0.7), between(0.16, 0.4)],
  ],
  [
    1.5,
    (between) => [between(0.07, 0.11), between(0.25, 0.45), between(0.4, 0.7)],
  ],
  [1.5, (between) => [between(0, 1), between(0.4, 0.8), between(0.3, 0.8)]],
];

type Between = (low: number, high: number) => number;

/**
 * Draws a pedestrian.
 *
 * @param random Stream to draw from; two equal streams give the same person.
 * @returns A plain record, safe to write as JSON.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { pedestrianIdentity } from "@outis/outis/world";
 * const person = pedestrianIdentity(randomStream(1, "pedestrian", 0));
 * console.assert(person.sleeves > 0 && person.sleeves <= 1);
 * ```
 */
export function pedestrianIdentity(random: RandomStream): PedestrianIdentity {
  const shape = (mean = 0): number =>
    Math.max(-2.5, Math.min(2.5, mean + random.normal()));
  const between: Between = (low, high) => low + (high - low) * random.uniform();
  const happens = (probability: number) => random.uniform() < probability;
  const among = <T>(choices: [number, T][]): T => {
    const total = choices.reduce((sum, [weight]) => sum + weight, 0);
    let left = total * random.uniform();
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    return choices[choices.length - 1][1];
  };
  const cloth = (): Hsv => among(CLOTHES)(between);

  const masculine = happens(0.52);
  const male = masculine ? 1 : -1;
  const long = happens(masculine ? 0.1 : 0.75);
  const warm = happens(0.5);
  const dress = !masculine && happens(0.2);
  const melanin = random.uniform() ** 1.6;
  const grey = happens(0.15);
  return {
    girth: shape(),
    shoulders: shape(0.6 * male),
    hips: shape(-0.4 * male),
    legs: shape(),
    head: shape(),
    melanin,
    hairColor: grey ? [0.1, 0.04, between(0.45, 0.8)] : [
      between(0.04, 0.11),
      between(0.3, 0.7),
      melanin > 0.5 ? between(0.04, 0.12) : 0.05 + 0.6 * random.uniform() ** 2,
    ],
    hairLength: masculine && happens(0.12)
      ? 0
      : long
      ? between(0.55, 1)
      : between(0.15, 0.4),
    hairVolume: random.uniform(),
    cap: happens(0.12) ? 1 : 0,
    capColor: cloth(),
    topColor: cloth(),
    secondColor: cloth(),
    sleeves: warm ? between(0.2, 0.45) : 1,
    topLength: dress
      ? between(0.55, 0.8)
      : warm
      ? between(0, 0.12)
      : happens(0.25)
      ? between(0.4, 0.75)
      : between(0.05, 0.25),
    pattern: among<PedestrianIdentity["pattern"]>([
      [4, "plain"],
      [1, "hoops"],
      [0.6, "stripes"],
      [0.8, "checks"],
      [1.2, "print"],
      [warm ? 0 : 2, "open"],
    ]),
    patternScale: random.uniform(),
    bottomColor: cloth(),
    bottom: among<PedestrianIdentity["bottom"]>([
      [5, "trousers"],
      [warm ? 2 : 0.2, "shorts"],
      [masculine ? 0 : 2, "skirt"],
    ]),
    bottomWidth: random.uniform(),
    shoeColor: cloth(),
    bag: among<PedestrianIdentity["bag"]>([
      [4, "none"],
      [2.2, "backpack"],
      [1.6, "shoulder"],
      [1, "hand"],
    ]),
    bagColor: cloth(),
    bagSize: random.uniform(),
    bagSide: happens(0.5) ? 1 : -1,
    armSwing: random.uniform(),
    textureSeed: random.integer(65536),
  };
}
