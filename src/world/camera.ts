/**
 * From head units to pixels.
 *
 * @module
 */
import type { FaceNuisance } from "./nuisance.ts";

/** Height of the picture at scale 1, in head units. */
const FRAME_HEIGHT = 2.35;

/** Point about which the head turns, head units: y and z. */
const PIVOT_Y = -0.12;
const PIVOT_Z = 0.12;

/** Share of the head's turn that the shoulders follow. */
const BUST_FOLLOWS = 0.35;

/** Whoever crops a picture centres partly on the face and not on the neck: this share of the face's shift is undone. */
const CROP_FOLLOWS = 0.5;

/** The middle of the face, before the pivot, head units. */
const FACE_DEPTH = 0.55;

/** A rigid motion followed by a perspective projection. */
export type Camera = {
  /** Rows of the rotation matrix, 9 numbers. */
  rotation: number[];
  /** Pixels per head unit across. */
  scaleX: number;
  /** Pixels per head unit upward. */
  scaleY: number;
  /** Pixel column of the pivot. */
  centerX: number;
  /** Pixel row of the pivot. */
  centerY: number;
  /** Distance of the viewer from the pivot, head units. */
  distance: number;
  /** The point about which things turn: its y. */
  pivotY: number;
  /** Its z; its x is 0. */
  pivotZ: number;
};

/**
 * The camera for a picture.
 *
 * @param nuisance Pose and framing.
 * @param side Side of the square picture, pixels.
 * @param part The head turns as told; the bust follows partly and neither nods nor tilts.
 * @returns A camera.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceCamera, project } from "./camera.ts";
 * import { faceNuisance } from "@outis/outis/world";
 * const shot = { ...faceNuisance(randomStream(1), { poseRange: 0 }), yaw: 30 };
 * const camera = faceCamera(shot, 64, "head");
 * const tip = new Float32Array(3);
 * project(camera, 0, -0.1, 1, tip);
 * console.assert(tip[0] > 32); // a nose turned to the right
 * ```
 */
export function faceCamera(
  nuisance: FaceNuisance,
  side: number,
  part: "head" | "bust",
): Camera {
  const radians = Math.PI / 180;
  const head = part === "head";
  const yaw = nuisance.yaw * (head ? 1 : BUST_FOLLOWS);
  const pitch = head ? nuisance.pitch : 0;
  const roll = head ? nuisance.roll : 0;
  const rotation = turnMatrix(yaw, pitch, roll);
  const perUnit = side * nuisance.scale / FRAME_HEIGHT;
  const follow = CROP_FOLLOWS * FACE_DEPTH * perUnit;
  return {
    rotation,
    scaleX: perUnit * nuisance.aspect,
    scaleY: perUnit,
    centerX: side * (0.5 + nuisance.shiftX) -
      follow * nuisance.aspect * Math.sin(nuisance.yaw * radians),
    centerY: side * (0.5 + nuisance.shiftY) +
      follow * Math.sin(nuisance.pitch * radians),
    distance: nuisance.distance,
    pivotY: PIVOT_Y,
    pivotZ: PIVOT_Z,
  };
}

/**
 * The rotation of a turn, a nod and a tilt: Rz(roll) Rx(pitch) Ry(yaw).
 *
 * @param yaw Turn, degrees; positive moves the front to the right of the picture.
 * @param pitch Nod, degrees; positive looks up.
 * @param roll Tilt, degrees; positive is clockwise in the picture.
 * @returns Rows of the matrix, 9 numbers.
 *
 * @example
 * ```ts
 * import { turnMatrix } from "./camera.ts";
 * const [, , frontToRight] = turnMatrix(90, 0, 0);
 * console.assert(Math.abs(frontToRight - 1) < 1e-12);
 * ```
 */
export function turnMatrix(yaw: number, pitch: number, roll: number): number[] {
  const [y, p, r] = [yaw, pitch, roll].map((angle) => angle * Math.PI / 180);
  const cy = Math.cos(y), sy = Math.sin(y);
  const cp = Math.cos(p), sp = Math.sin(p);
  const cr = Math.cos(r), sr = Math.sin(r);
  const a = [cy, 0, sy];
  const b = [-sp * sy, cp, sp * cy];
  const c = [-cp * sy, -sp, cp * cy];
  return [
    ...a.map((value, i) => cr * value + sr * b[i]),
    ...a.map((value, i) => -sr * value + cr * b[i]),
    ...c,
  ];
}

/**
 * Projects a point.
 *
 * @param camera The camera.
 * @param x Head coordinates of the point.
 * @param y Head coordinates of the point.
 * @param z Head coordinates of the point.
 * @param out Receives pixel column, pixel row (both with 0 at the picture's edge) and depth (head units, larger is
 * nearer).
 *
 * @example
 * ```ts
 * import { project, type Camera } from "./camera.ts";
 * const camera: Camera = { rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], scaleX: 1, scaleY: 1, centerX: 0, centerY: 0,
 *   distance: 10, pivotY: -0.12, pivotZ: 0.12 };
 * const out = new Float32Array(3);
 * project(camera, 1, -0.12, 0.12, out);
 * console.assert(out[0] === 1 && out[2] === 0);
 * ```
 */
export function project(
  camera: Camera,
  x: number,
  y: number,
  z: number,
  out: Float32Array,
): void {
  const r = camera.rotation;
  const dy = y - camera.pivotY;
  const dz = z - camera.pivotZ;
  const depth = r[6] * x + r[7] * dy + r[8] * dz;
  const near = camera.distance / Math.max(0.5, camera.distance - depth);
  out[0] = camera.centerX +
    camera.scaleX * near * (r[0] * x + r[1] * dy + r[2] * dz);
  out[1] = camera.centerY -
    camera.scaleY * near * (r[3] * x + r[4] * dy + r[5] * dz);
  out[2] = depth;
}
