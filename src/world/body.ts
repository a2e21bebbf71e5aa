/**
 * A walking body, put together from rounded solids. Lengths are statures: 0 the ground, 1 the crown; the front looks
 * along z, the person's left is at +x.
 *
 * @module
 */
import { headParts } from "./body_head.ts";
import { type BodyPart, PART } from "./body_part.ts";
import type { PedestrianIdentity } from "./pedestrian_identity.ts";
import type { PedestrianNuisance } from "./pedestrian_nuisance.ts";
import { ellipsoid, type Point, type Station, tube } from "./solids.ts";

const ROUND = 11;

/**
 * Builds a body in the middle of a step.
 *
 * @param identity Who, and in which clothes.
 * @param nuisance Phase and length of the step, turn of the head.
 * @returns Its parts.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { bodyParts } from "./body.ts";
 * import { pedestrianIdentity, pedestrianNuisance } from "@outis/outis/world";
 * const random = randomStream(1);
 * const shot = pedestrianNuisance(random, { camera: 1 });
 * console.assert(bodyParts(pedestrianIdentity(random), shot).length > 8);
 * ```
 */
export function bodyParts(
  identity: PedestrianIdentity,
  nuisance: Pick<PedestrianNuisance, "phase" | "stride" | "headTurn">,
): BodyPart[] {
  const { girth, stride } = { ...identity, ...nuisance };
  const thick = 1 + 0.09 * girth;
  const hipHeight = 0.5 * (1 + 0.025 * identity.legs);
  const hipX = 0.048 + 0.005 * identity.hips;
  const shoulderX = 0.108 + 0.009 * identity.shoulders + 0.006 * girth;
  const turn = 2 * Math.PI * nuisance.phase;

  const legs = [-1, 1].map((side) => {
    const at = turn + (side > 0 ? 0 : Math.PI);
    const thigh = 0.42 * stride * Math.sin(at);
    const bent = 0.06 + 0.85 * stride * Math.max(0, Math.cos(at)) ** 1.5;
    return leg([side * hipX, hipHeight, 0], thigh, bent);
  });
  // The lower foot stands on the ground.
  const drop = Math.min(...legs.map(({ ankle }) => ankle[1])) - 0.035;
  const parts: BodyPart[] = [];
  const lowered = ([x, y, z]: Point): Point => [x, y - drop, z];

  const wide = 1 + 0.45 * identity.bottomWidth *
      (identity.bottom === "trousers" ? 1 : 0.3);
  for (const { hip, knee, ankle } of legs) {
    const [top, middle, end] = [hip, knee, ankle].map(lowered);
    const radii = [0.026 * wide, 0.034, 0.036 * wide ** 0.5, 0.046, 0.056];
    const stations: Station[] = [
      end,
      between(end, middle, 0.6),
      middle,
      between(middle, top, 0.5),
      top,
    ].map((at, i) => ({
      at,
      width: radii[i] * thick,
      depth: radii[i] * thick * 1.08,
    }));
    parts.push({ part: PART.leg, mesh: tube(stations, ROUND) });
    parts.push({
      part: PART.shoe,
      mesh: ellipsoid([end[0], end[1] - 0.014, end[2] + 0.026], [
        0.026,
        0.023,
        0.062,
      ], { rows: 5, columns: 9 }),
    });
  }

  const hips = hipHeight - drop;
  // Shoulders, neck and head keep their distance whatever the legs do.
  const up = (y: number) => hips + y * (1 - hips - drop);
  const torso: [number, number, number][] = [
    [-0.07, 0.082 + 0.006 * identity.hips, 0.062],
    [0.05, 0.086 + 0.008 * identity.hips, 0.064],
    [0.22, 0.078, 0.057],
    [0.42, 0.09 + 0.003 * identity.shoulders, 0.063],
    [0.56, shoulderX - 0.006, 0.056],
    [0.615, shoulderX - 0.022, 0.048],
    [0.655, 0.056, 0.04],
    [0.69, 0.034, 0.034],
    [0.79, 0.032, 0.032],
  ];
  parts.push({
    part: PART.torso,
    mesh: tube(
      torso.map(([y, width, depth], i) => ({
        at: [0, up(y), i > 6 ? 0.012 : 0],
        width: width * (i < 6 ? 1 + 0.6 * (thick - 1) : 1),
        depth: depth * (i < 6 ? thick : 1),
      })),
      17,
    ),
  });

  const hands: Point[] = [];
  for (const side of [-1, 1]) {
    const at = turn + (side > 0 ? Math.PI : 0);
    const swing = 0.5 * stride * (0.3 + 0.7 * identity.armSwing) *
      Math.sin(at);
    const shoulder: Point = [side * (shoulderX - 0.012), up(0.585), 0];
    const elbow = along(shoulder, 0.165, swing - 0.03, side * 0.16);
    const hand = along(
      elbow,
      0.15,
      swing + 0.2 + 0.35 * stride * Math.max(0, Math.sin(at)),
      side * 0.02,
    );
    hands.push(hand);
    const fat = 1 + 0.6 * (thick - 1);
    const sleeve = 0.02 + 0.007 * identity.sleeves;
    parts.push({
      part: PART.arm,
      mesh: tube([
        { at: hand, width: 0.017 * fat, depth: 0.018 * fat },
        { at: elbow, width: sleeve * fat, depth: sleeve * fat },
        {
          at: between(elbow, shoulder, 0.6),
          width: 0.031 * fat,
          depth: 0.031 * fat,
        },
        {
          at: [shoulder[0], shoulder[1] + 0.014, shoulder[2]],
          width: 0.026,
          depth: 0.028,
        },
      ], ROUND),
    });
    parts.push({
      part: PART.hand,
      mesh: ellipsoid(
        [hand[0], hand[1] - 0.018, hand[2]],
        [0.015, 0.03, 0.02],
        {
          rows: 5,
          columns: 7,
        },
      ),
    });
  }

  parts.push(...headParts(identity, nuisance.headTurn, up(0.895)));
  parts.push(...hemParts(identity, { hips, waist: up(0.2), thick, legs }));
  const bag = bagPart(identity, { up, hips, hands, shoulderX, thick });
  if (bag !== undefined) parts.push(bag);
  return parts;
}

/** Skirt, dress or the tails of a coat: a bell around hips and legs. */
function hemParts(
  identity: PedestrianIdentity,
  { hips, waist, thick, legs }: {
    hips: number;
    waist: number;
    thick: number;
    legs: { knee: Point }[];
  },
): BodyPart[] {
  const { bottom, bottomWidth, topLength } = identity;
  const skirt = bottom === "skirt" ? 0.35 + 0.35 * bottomWidth : 0;
  const long = Math.max(topLength > 0.15 ? topLength : 0, skirt);
  if (long === 0) return [];
  const hem = hips * (1 - 0.72 * long);
  // Wide enough for the step.
  const step = Math.max(...legs.map(({ knee }) => Math.abs(knee[2])));
  const flare = 1 + 0.35 * bottomWidth * long;
  return [{
    part: PART.hem,
    mesh: tube([
      {
        at: [0, hem, 0],
        width: 0.093 * thick * flare,
        depth: (0.07 + 0.75 * step * long) * thick,
      },
      {
        at: [0, hips * (1 - 0.3 * long), 0],
        width: 0.095 * thick,
        depth: (0.071 + 0.3 * step * long) * thick,
      },
      { at: [0, hips + 0.02, 0], width: 0.093 * thick, depth: 0.07 * thick },
      { at: [0, waist, 0], width: 0.083 * thick, depth: 0.062 * thick },
    ], 17),
  }];
}

function bagPart(
  identity: PedestrianIdentity,
  { up, hips, hands, shoulderX, thick }: {
    up: (y: number) => number;
    hips: number;
    hands: Point[];
    shoulderX: number;
    thick: number;
  },
): BodyPart | undefined {
  const { bag, bagSize, bagSide } = identity;
  const grown = 0.75 + 0.5 * bagSize;
  const box = { squareness: 4, rows: 7, columns: 13 };
  if (bag === "backpack") {
    return {
      part: PART.bag,
      mesh: ellipsoid([0, up(0.4), -0.062 * thick - 0.035 * grown], [
        0.075 * grown,
        0.105 * grown,
        0.045 * grown,
      ], box),
    };
  }
  if (bag === "shoulder") {
    return {
      part: PART.bag,
      mesh: ellipsoid([bagSide * (shoulderX + 0.012), hips + 0.01, -0.01], [
        0.026,
        0.06 * grown,
        0.075 * grown,
      ], box),
    };
  }
  if (bag === "hand") {
    const [x, y, z] = hands[bagSide < 0 ? 0 : 1];
    return {
      part: PART.bag,
      mesh: ellipsoid([x, y - 0.05 - 0.06 * grown, z], [
        0.022,
        0.06 * grown,
        0.07 * grown,
      ], box),
    };
  }
  return undefined;
}

function leg(hip: Point, thigh: number, bent: number) {
  const knee = along(hip, 0.245, thigh, 0);
  const ankle = along(knee, 0.235, thigh - bent, 0);
  return { hip, knee, ankle };
}

/** From a joint down by a length, swung forward and outward by angles. */
function along(
  from: Point,
  length: number,
  forward: number,
  out: number,
): Point {
  return [
    from[0] + length * Math.sin(out),
    from[1] - length * Math.cos(forward) * Math.cos(out),
    from[2] + length * Math.sin(forward),
  ];
}

function between(a: Point, b: Point, share: number): Point {
  return [
    a[0] + (b[0] - a[0]) * share,
    a[1] + (b[1] - a[1]) * share,
    a[2] + (b[2] - a[2]) * share,
  ];
}
