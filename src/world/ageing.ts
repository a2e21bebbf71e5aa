/**
 * A person some years earlier or later.
 *
 * @module
 */
import type { FaceIdentity } from "./identity.ts";

/**
 * What years do to a face: wrinkles, grey hair, a receding hairline, fuller or leaner cheeks. The bones stay.
 *
 * @param identity Who. Not changed.
 * @param years Age difference in thirds of a life, [-1, 1]; 0 leaves everything.
 * @returns The same person at another age.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { aged } from "./ageing.ts";
 * import { faceIdentity } from "@outis/outis/world";
 * const person = { ...faceIdentity(randomStream(1)), age: 0.5 };
 * console.assert(aged(person, 1).age > 0.5 && aged(person, 1).jawWidth === person.jawWidth);
 * ```
 */
export function aged(identity: FaceIdentity, years: number): FaceIdentity {
  if (years === 0) return identity;
  const age = unit(identity.age + 0.35 * years);
  const gone = age - identity.age;
  return {
    ...identity,
    age,
    hairGrey: unit(identity.hairGrey + 1.2 * Math.max(0, age - 0.45) * gone),
    recession: unit(identity.recession + 0.6 * identity.recession * gone),
    roughness: unit(identity.roughness + 0.4 * gone),
    eyeBags: unit(identity.eyeBags + 0.5 * gone),
    cheekFullness: shape(identity.cheekFullness - 1.5 * gone),
    eyeOpening: shape(identity.eyeOpening - 0.6 * gone),
    upperLip: shape(identity.upperLip - gone),
    lowerLip: shape(identity.lowerLip - gone),
  };
}

function unit(value: number): number {
  return Math.max(0, Math.min(1, value));
}

function shape(value: number): number {
  return Math.max(-2.5, Math.min(2.5, value));
}
