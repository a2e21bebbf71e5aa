/**
 * How the average head bends: one displacement field per shape or expression parameter.
 *
 * A head is the average plus the sum of parameter times field, as in morphable face models (Blanz and Vetter 1999),
 * with fields written down instead of learnt.
 *
 * @module
 */
import type { FaceIdentity } from "./identity.ts";
import type { FaceNuisance } from "./nuisance.ts";
import { bell, noseRelief } from "./head_profile.ts";
import { smoothStep } from "./noise.ts";

/** A vertex of the average head, as the fields see it. */
export type BasisPoint = {
  /** Coordinate around the head. */
  u: number;
  /** Its absolute value. */
  a: number;
  /** Its sign. */
  side: number;
  /** Height on the surface. */
  v: number;
  /** Position, head units. */
  x: number;
  /** Position, head units. */
  y: number;
  /** Position, head units. */
  z: number;
  /** 1 in front, 0 from the ears backward. */
  front: number;
};

/** A displacement field: per standard unit of its parameter, in head units. */
export type BasisField = {
  /** The parameter it belongs to. */
  name: keyof FaceIdentity | keyof FaceNuisance;
  /** The displacement at a vertex: x, y, z. */
  at: (point: BasisPoint) => [number, number, number];
};

/** Half width of the nose beyond which a wider nose pushes no further. */
const NOSE_HALF_WIDTH = 0.15;

/**
 * All fields.
 *
 * @example
 * ```ts
 * import { HEAD_BASIS } from "./head_basis.ts";
 * console.assert(HEAD_BASIS.some((field) => field.name === "jawWidth"));
 * ```
 */
export const HEAD_BASIS: readonly BasisField[] = [
  { name: "headWidth", at: ({ x }) => [0.045 * x, 0, 0] },
  { name: "headDepth", at: ({ z }) => [0, 0, 0.035 * z] },
  { name: "faceLength", at: ({ y }) => [0, 0.045 * y, 0] },
  {
    name: "jawWidth",
    at: ({ x, v }) => [0.075 * x * smoothStep(-0.2, -0.62, v), 0, 0],
  },
  {
    name: "chinWidth",
    at: ({ x, v, a }) => [
      0.13 * x * smoothStep(-0.72, -0.92, v),
      -0.012 * bell(a - 0.16, v + 0.97, 0.08, 0.1),
      0,
    ],
  },
  {
    name: "chinLength",
    at: ({ v, front }) => [0, -0.05 * smoothStep(-0.62, -1, v) * front, 0],
  },
  {
    name: "chinProminence",
    at: ({ a, v }) => [0, 0, 0.04 * bell(a, v + 0.92, 0.18, 0.12)],
  },
  {
    name: "cheekboneWidth",
    at: ({ x, v }) => [0.045 * x * bell(0, v + 0.18, 1, 0.16), 0, 0],
  },
  {
    name: "cheekbones",
    at: ({ a, v }) => [0, 0, 0.032 * bell(a - 0.42, v + 0.2, 0.14, 0.1)],
  },
  {
    name: "cheekFullness",
    at: ({ x, a, v }) => [
      0.05 * x * bell(0, v + 0.5, 1, 0.2),
      0,
      0.035 * bell(a - 0.38, v + 0.47, 0.16, 0.17),
    ],
  },
  {
    name: "foreheadWidth",
    at: ({ x, v }) => [0.05 * x * smoothStep(0.1, 0.5, v), 0, 0],
  },
  {
    name: "foreheadSlope",
    at: ({ v, front }) => [0, 0, -0.05 * smoothStep(0.2, 0.7, v) * front],
  },
  {
    name: "browRidge",
    at: ({ a, v }) => [0, 0, 0.02 * bell(a - 0.22, v - 0.14, 0.2, 0.05)],
  },
  {
    name: "eyeSpacing",
    at: ({ side, a, v }) => [
      side * 0.02 * bell(a - 0.28, v - 0.05, 0.15, 0.16),
      0,
      0,
    ],
  },
  {
    name: "eyeHeight",
    at: ({ a, v }) => [0, 0.022 * bell(a - 0.26, v - 0.05, 0.22, 0.15), 0],
  },
  {
    name: "eyeDepth",
    at: ({ a, v }) => [0, 0, -0.022 * bell(a - 0.25, v - 0.03, 0.13, 0.08)],
  },
  {
    name: "eyeSlant",
    at: ({ a, v }) => [
      0,
      0.14 * (a - 0.28) * bell(a - 0.28, v, 0.16, 0.12),
      0,
    ],
  },
  {
    name: "noseLength",
    at: ({ a, v }) => [0, -0.032 * bell(a, v + 0.42, 0.2, 0.13), 0],
  },
  {
    name: "noseWidth",
    at: ({ side, a, v }) => [
      side * 0.17 * Math.min(a, NOSE_HALF_WIDTH) *
      bell(Math.max(0, a - NOSE_HALF_WIDTH), v + 0.39, 0.08, 0.1),
      0,
      0,
    ],
  },
  {
    name: "noseBridge",
    at: ({ a, v }) => [0, 0, 0.022 * bell(a, v + 0.03, 0.055, 0.1)],
  },
  {
    name: "noseProtrusion",
    at: ({ a, v, front }) => [0, 0, 0.16 * noseRelief(a, v) * front],
  },
  {
    name: "noseTip",
    at: ({ a, v }) => [0, 0.022 * bell(a, v + 0.37, 0.08, 0.06), 0],
  },
  {
    name: "noseHump",
    at: ({ a, v }) => [0, 0, 0.018 * bell(a, v + 0.15, 0.045, 0.07)],
  },
  {
    name: "mouthHeight",
    at: ({ a, v }) => [0, 0.02 * bell(a, v + 0.63, 0.3, 0.12), 0],
  },
  {
    name: "mouthWidth",
    at: ({ u, a, v }) => [
      0.1 * u * bell(Math.max(0, a - 0.2), v + 0.63, 0.1, 0.08),
      0,
      0,
    ],
  },
  {
    name: "upperLip",
    at: ({ a, v }) => [0, 0, 0.012 * bell(a, v + 0.585, 0.14, 0.03)],
  },
  {
    name: "lowerLip",
    at: ({ a, v }) => [0, 0, 0.014 * bell(a, v + 0.685, 0.12, 0.035)],
  },
  {
    name: "asymmetry",
    at: ({ u, a, v, front }) => [
      0.014 * bell(0, v + 0.6, 1, 0.3) * front,
      0.03 * u * bell(a - 0.25, v - 0.05, 0.2, 0.2),
      0,
    ],
  },
  {
    name: "beardLength",
    at: ({ x, a, v, front }) => [
      -0.08 * x * smoothStep(-0.85, -1, v) * front,
      -0.2 * bell(a, v + 1.02, 0.3, 0.12) * front,
      0.07 * bell(a, v + 0.98, 0.25, 0.15),
    ],
  },
  {
    name: "smile",
    at: ({ side, a, v }) => [
      side * 0.035 * bell(a - 0.22, v + 0.62, 0.09, 0.08),
      0.03 * bell(a - 0.24, v + 0.6, 0.1, 0.1),
      0.035 * bell(a - 0.36, v + 0.36, 0.11, 0.1) -
      0.015 * bell(a - 0.24, v + 0.52, 0.05, 0.1),
    ],
  },
  {
    name: "mouthOpen",
    at: ({ v, front }) => [
      0,
      -0.13 * smoothStep(-0.62, -0.82, v) * front,
      -0.03 * smoothStep(-0.62, -0.9, v) * front,
    ],
  },
  {
    name: "browRaise",
    at: ({ a, v }) => [0, 0.045 * bell(a - 0.25, v - 0.17, 0.25, 0.08), 0],
  },
];
