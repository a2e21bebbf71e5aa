/**
 * A pedestrian's head: face, hair and cap.
 *
 * @module
 */
import { type BodyPart, PART } from "./body_part.ts";
import type { PedestrianIdentity } from "./pedestrian_identity.ts";
import { ellipsoid, type Point, tube } from "./solids.ts";

/** Vertices around falling hair. */
const ROUND = 11;

/**
 * Builds a head.
 *
 * @param identity Whose.
 * @param headTurn Turn against the body, degrees.
 * @param height Where its middle is, statures.
 * @returns Its parts.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { headParts } from "./body_head.ts";
 * import { pedestrianIdentity } from "@outis/outis/world";
 * const bald = { ...pedestrianIdentity(randomStream(1)), hairLength: 0, cap: 0 };
 * console.assert(headParts(bald, 0, 0.93).length === 1);
 * ```
 */
export function headParts(
  identity: PedestrianIdentity,
  headTurn: number,
  height: number,
): BodyPart[] {
  const size = 1 + 0.05 * identity.head;
  const turn = headTurn * Math.PI / 180;
  const middle: Point = [0, height, 0.014];
  const head = { turn, rows: 9, columns: 15 };
  const parts: BodyPart[] = [{
    part: PART.head,
    mesh: ellipsoid(middle, [0.042 * size, 0.062 * size, 0.051 * size], head),
  }];
  const { hairLength, hairVolume, cap } = identity;
  if (hairLength > 0.05) {
    const grown = size * (1.08 + 0.16 * hairVolume);
    const low = 0.42 - 0.3 * hairLength;
    parts.push({
      part: PART.hair,
      mesh: ellipsoid([0, height + 0.008, 0.006], [
        0.042 * grown,
        0.062 * grown,
        0.053 * grown,
      ], head),
      // A face looks out in front; the nape stays free.
      hole: (u, v) =>
        v < (Math.abs(u) < 0.95 ? 0.72 : Math.abs(u) < 1.5 ? low + 0.1 : low),
    });
    if (hairLength > 0.5) {
      const fall = 0.05 + 0.17 * (hairLength - 0.5) * 2;
      parts.push({
        part: PART.mane,
        mesh: tube([
          { at: [0, height - fall, -0.045], width: 0.036, depth: 0.014 },
          { at: [0, height - 0.03, -0.03], width: 0.05, depth: 0.03 },
          { at: [0, height + 0.02, -0.018], width: 0.046, depth: 0.034 },
        ], ROUND),
      });
    }
  }
  if (cap > 0.5) {
    const over = size * (1.14 + 0.16 * hairVolume);
    parts.push({
      part: PART.cap,
      mesh: ellipsoid([0, height + 0.012, 0.008], [
        0.042 * over,
        0.06 * over,
        0.053 * over,
      ], head),
      hole: (_u, v) => v < 0.62,
    }, {
      part: PART.cap,
      mesh: ellipsoid(
        [0.05 * Math.sin(turn), height + 0.026, 0.012 + 0.05 * Math.cos(turn)],
        [0.034, 0.006, 0.03],
        { turn, rows: 5, columns: 9 },
      ),
    });
  }
  return parts;
}
