/**
 * Of what a body is put together.
 *
 * @module
 */
import type { Mesh } from "./mesh.ts";

/**
 * What a part of a body is; decides how it is painted.
 *
 * @example
 * ```ts
 * import { PART } from "./body_part.ts";
 * console.assert(new Set(Object.values(PART)).size === 11);
 * ```
 */
export const PART = {
  torso: 1,
  arm: 2,
  hand: 3,
  leg: 4,
  shoe: 5,
  head: 6,
  hair: 7,
  mane: 8,
  cap: 9,
  hem: 10,
  bag: 11,
} as const;

/** One part of a body. */
export type BodyPart = {
  /** One of `PART`. */
  part: number;
  /** Its surface. */
  mesh: Mesh;
  /** Tells from u and v whether a point of the surface is a hole. */
  hole?: (u: number, v: number) => boolean;
};
