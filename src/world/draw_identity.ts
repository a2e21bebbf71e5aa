/**
 * Drawing a person from the population.
 *
 * @module
 */
import type { RandomStream } from "../core/mod.ts";
import type { FaceIdentity } from "./identity.ts";

/**
 * Draws a person.
 *
 * Traits that go together in people are drawn together: a hidden axis from feminine to masculine moves jaw, brows, hair
 * length and beard; age moves wrinkles, grey hair and recession; dark skin makes dark hair and eyes likely.
 *
 * @param random Stream to draw from; two equal streams give the same person.
 * @returns A plain record, safe to write as JSON.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceIdentity } from "@outis/outis/world";
 * const person = faceIdentity(randomStream(1, "identity", 0));
 * console.assert(person.melanin >= 0 && person.melanin <= 1);
 * ```
 */
export function faceIdentity(random: RandomStream): FaceIdentity {
  const shape = (mean = 0, spread = 1): number =>
    Math.max(-2.5, Math.min(2.5, mean + spread * random.normal()));
  const between = (low: number, high: number): number =>
    low + (high - low) * random.uniform();
  const happens = (probability: number): boolean =>
    random.uniform() < probability;
  const often = (probability: number, low: number, high: number): number => {
    const value = between(low, high);
    return happens(probability) ? value : 0;
  };

  const masculine = happens(0.58) ? 1 : 0;
  const male = masculine * 2 - 1;
  const age = random.uniform() ** 1.3;
  const melanin = random.uniform() ** 2;
  const dark = melanin > 0.55 ? 1 : 0;
  const beardKind = masculine === 1 ? random.uniform() : 0;
  const bald = happens(masculine === 1 ? 0.05 + 0.12 * age : 0.01);
  const longHair = happens(masculine === 1 ? 0.08 : 0.72);
  const fringe = happens(masculine === 1 ? 0.28 : 0.38);
  const receding = masculine === 1 && happens(0.1 + 0.55 * age);

  return {
    headWidth: shape(0.25 * male),
    headDepth: shape(),
    faceLength: shape(0.2 * male),
    jawWidth: shape(0.5 * male),
    chinWidth: shape(0.5 * male),
    chinLength: shape(0.3 * male),
    chinProminence: shape(0.3 * male),
    cheekboneWidth: shape(),
    cheekbones: shape(-0.2 * male),
    cheekFullness: shape(-0.2 * male),
    foreheadWidth: shape(),
    foreheadSlope: shape(0.4 * male),
    browRidge: shape(0.7 * male),
    eyeSpacing: shape(),
    eyeHeight: shape(),
    eyeDepth: shape(0.3 * male),
    eyeSlant: shape(),
    noseLength: shape(0.2 * male),
    noseWidth: shape(0.2 * male + dark * 0.9),
    noseBridge: shape(-0.6 * dark),
    noseProtrusion: shape(0.2 * male - 0.4 * dark),
    noseTip: shape(-0.3 * male),
    noseHump: shape(0.2 * male),
    mouthHeight: shape(),
    mouthWidth: shape(0.2 * male),
    upperLip: shape(-0.3 * male + 0.8 * dark),
    lowerLip: shape(-0.3 * male + 0.8 * dark),
    asymmetry: shape(0, 0.8),
    earSize: shape(0.3 * male),
    earProtrusion: shape(),
    neckWidth: shape(0.8 * male),

    eyeSize: shape(-0.3 * male),
    eyeOpening: shape(-0.2 * male - 0.3 * age),
    irisColor: dark === 1 ? between(0, 0.15) : random.uniform(),
    irisDarkness: dark === 1 ? between(0.7, 1) : random.uniform(),
    lidCrease: random.uniform(),
    lashes: masculine === 1 ? between(0.2, 0.7) : between(0.5, 1),
    eyeBags: random.uniform() * (0.3 + 0.7 * age),

    browThickness: shape(0.7 * male),
    browArch: shape(-0.5 * male),
    browTilt: shape(),
    browHeight: shape(-0.4 * male),
    browLength: shape(),
    browDensity: between(0.25, 1),

    melanin,
    undertone: random.uniform(),
    redness: random.uniform(),
    freckles: dark === 0 ? often(0.22, 0.3, 1) : 0,
    roughness: random.uniform() * (0.4 + 0.6 * age),
    oiliness: random.uniform(),
    age,
    lipColor: masculine === 1 ? between(0, 0.55) : between(0.3, 1),
    mole: often(0.3, 0.5, 1),
    moleX: between(-0.5, 0.5),
    moleY: between(-0.9, 0.5),

    hair: bald ? 0 : 1,
    hairDarkness: dark === 1 ? between(0.75, 1) : random.uniform() ** 0.7,
    hairRedness: often(0.3, 0.2, 1),
    hairGrey: age > 0.55 ? random.uniform() * (age - 0.4) * 1.6 : 0,
    hairVolume: random.uniform(),
    hairLength: longHair ? between(0.4, 1) : between(0, 0.3),
    hairline: receding ? between(0.6, 0.85) : between(0.45, 0.65),
    recession: receding ? between(0.4, 1) : between(0, 0.3),
    widowsPeak: random.uniform() ** 2,
    fringe: fringe && !receding ? between(0.3, 1) : 0,
    hairSweep: between(-1, 1),
    curl: dark === 1 ? between(0.3, 1) : often(0.45, 0.1, 1),
    sideburns: random.uniform(),

    beard: beardKind > 0.8 ? between(0.4, 1) : 0,
    moustache: beardKind > 0.65 ? between(0.3, 1) : 0,
    goatee: beardKind > 0.72 ? between(0.2, 1) : 0,
    stubble: beardKind > 0.3 ? random.uniform() : 0,
    beardLength: random.uniform() ** 2,

    glasses: happens(0.14 + 0.2 * age) ? 1 : 0,
    glassesWidth: random.uniform(),
    glassesHeight: random.uniform(),
    glassesRoundness: random.uniform(),
    glassesThickness: random.uniform() ** 1.5,
    glassesDarkness: random.uniform(),

    textureSeed: random.integer(65536),
  };
}
