/**
 * Four groups of procedural people, in the way of a bias study's: they differ in the distribution of skin, hair and
 * features. They stand for the problem, for no people of this earth.
 *
 * @module
 */
import type { RandomStream } from "../core/mod.ts";
import { faceIdentity } from "./draw_identity.ts";
import type { FaceIdentity } from "./identity.ts";

/** Name of a group. */
export type FaceGroup = "A" | "B" | "C" | "D";

/** Share of each group in a population; need not sum to 1, absent is none. */
export type GroupShares = Partial<Record<FaceGroup, number>>;

/** All groups. */
export const faceGroups: readonly FaceGroup[] = ["A", "B", "C", "D"];

/** Ranges that replace a person's own draw, and shifts of shapes, in standard units. */
type Traits = {
  melanin: [number, number];
  hairDarkness: [number, number];
  irisColor: [number, number];
  curl: [number, number];
  shifts: Partial<Record<keyof FaceIdentity, number>>;
};

const TRAITS: Record<FaceGroup, Traits> = {
  A: {
    melanin: [0, 0.25],
    hairDarkness: [0.1, 0.95],
    irisColor: [0, 1],
    curl: [0, 0.6],
    shifts: { noseProtrusion: 0.6, noseWidth: -0.5, browRidge: 0.3 },
  },
  B: {
    melanin: [0.4, 0.75],
    hairDarkness: [0.85, 1],
    irisColor: [0, 0.15],
    curl: [0, 0.5],
    shifts: { noseProtrusion: 0.5, eyeSize: 0.5, browThickness: 0.6 },
  },
  C: {
    melanin: [0.1, 0.45],
    hairDarkness: [0.85, 1],
    irisColor: [0, 0.12],
    curl: [0, 0.15],
    shifts: {
      eyeOpening: -0.9,
      eyeSlant: 0.8,
      noseBridge: -1,
      cheekboneWidth: 0.8,
      eyeDepth: -0.8,
    },
  },
  D: {
    melanin: [0.65, 1],
    hairDarkness: [0.9, 1],
    irisColor: [0, 0.1],
    curl: [0.6, 1],
    shifts: {
      noseWidth: 1,
      noseBridge: -0.6,
      upperLip: 0.9,
      lowerLip: 0.9,
      noseProtrusion: -0.4,
    },
  },
};

/**
 * Draws a person of a group: a person as any, with the group's distribution of skin, hair and features.
 *
 * @param random Stream to draw from.
 * @param group Which group.
 * @returns A plain record, safe to write as JSON.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { groupIdentity } from "@outis/outis/world";
 * console.assert(groupIdentity(randomStream(1), "D").melanin >= 0.65);
 * ```
 */
export function groupIdentity(
  random: RandomStream,
  group: FaceGroup,
): FaceIdentity {
  const person = faceIdentity(random);
  const draw = random.fork("group");
  const { shifts, ...ranges } = TRAITS[group];
  for (const [name, [low, high]] of Object.entries(ranges)) {
    person[name as keyof FaceIdentity] = low + (high - low) * draw.uniform();
  }
  for (const [name, shift] of Object.entries(shifts)) {
    const key = name as keyof FaceIdentity;
    person[key] = Math.max(-2.5, Math.min(2.5, person[key] + shift));
  }
  if (group === "D") person.freckles = 0;
  return person;
}

/** Steps of the golden ratio fill an interval evenly, wherever one starts and stops. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The group of a population's person: any run of consecutive numbers holds each group by its share, within one or two.
 *
 * @param shares Share of each group.
 * @param number Number of the person, from 0.
 * @returns The group, a function of the arguments alone.
 * @throws {RangeError} If a share is negative or not finite, or all are 0.
 *
 * @example
 * ```ts
 * import { groupOf } from "@outis/outis/world";
 * console.assert(groupOf({ B: 1 }, 7) === "B");
 * ```
 */
export function groupOf(shares: GroupShares, number: number): FaceGroup {
  const values = faceGroups.map((group) => shares[group] ?? 0);
  const total = values.reduce((sum, value) => sum + value, 0);
  if (!(values.every((value) => value >= 0) && total > 0 && total < Infinity)) {
    throw new RangeError(
      `Cannot choose a group as 'shares' must be numbers of at least 0 and not all 0: current value is ${
        JSON.stringify(shares)
      }`,
    );
  }
  const at = total * (((number + 0.5) * GOLDEN) % 1);
  let sum = 0;
  for (const [i, value] of values.entries()) {
    sum += value;
    if (at < sum) return faceGroups[i];
  }
  return faceGroups[values.findLastIndex((value) => value > 0)];
}
