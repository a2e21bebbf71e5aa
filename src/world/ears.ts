/**
 * Ears: two small bowls at the sides of the head.
 *
 * @module
 */
import { nearestVertex } from "./head_mesh.ts";
import type { FaceIdentity } from "./identity.ts";
import { gridMesh, type Mesh, updateNormals } from "./mesh.ts";
import { darken, type Painter } from "./paint.ts";
import { smoothStep } from "./noise.ts";

const RINGS = 7;
const SPOKES = 15;

/** Half height and half width of an average ear, head units. */
const HALF_HEIGHT = 0.17;
const HALF_WIDTH = 0.105;

/** Where ears hang: surface coordinates around and up. */
const EAR_U = 1.06;
const EAR_V = -0.1;

/** Vertices of the head that ears hang from, left and right. */
let anchors: readonly number[] | undefined;

/**
 * Builds one ear.
 *
 * @param head The head it hangs on.
 * @param identity Who.
 * @param side -1 for the one at the left of the picture, 1 for the right.
 * @returns A mesh with `u`, `v` in the ear's disc (radius 1 at the rim).
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { earMesh } from "./ears.ts";
 * import { headMesh } from "./head_mesh.ts";
 * import { faceIdentity, faceNuisance } from "@outis/outis/world";
 * const random = randomStream(1);
 * const person = faceIdentity(random);
 * const ear = earMesh(headMesh(person, faceNuisance(random)), person, 1);
 * console.assert(ear.positions[0] > 0);
 * ```
 */
export function earMesh(
  head: Mesh,
  identity: FaceIdentity,
  side: -1 | 1,
): Mesh {
  const mesh = gridMesh(RINGS, SPOKES);
  anchors ??= [-EAR_U, EAR_U].map((u) => nearestVertex(u, EAR_V));
  const anchor = anchors[side < 0 ? 0 : 1] * 3;
  const size = 1 + 0.1 * identity.earSize;
  const out = 0.55 + 0.17 * identity.earProtrusion;
  const outX = Math.sin(out), outZ = Math.cos(out);
  for (let ring = 0; ring < RINGS; ring++) {
    const rho = ring / (RINGS - 1);
    for (let spoke = 0; spoke < SPOKES; spoke++) {
      const i = ring * SPOKES + spoke;
      const angle = 2 * Math.PI * spoke / (SPOKES - 1);
      const back = rho * Math.cos(angle) * HALF_WIDTH * size;
      const up = rho * Math.sin(angle) * HALF_HEIGHT * size;
      // Wider above than at the lobe.
      const width = (back + 0.045) * (1 + 1.1 * up);
      const cup =
        (0.045 * smoothStep(0.45, 0.85, rho) - 0.03 * smoothStep(0.8, 1, rho)) *
        size;
      mesh.positions[i * 3] = head.positions[anchor] +
        side * (width * outX + cup * outZ - 0.02);
      mesh.positions[i * 3 + 1] = head.positions[anchor + 1] + up - 0.15 * back;
      mesh.positions[i * 3 + 2] = head.positions[anchor + 2] - width * outZ +
        cup * outX;
      mesh.u[i] = rho * Math.cos(angle);
      mesh.v[i] = rho * Math.sin(angle);
    }
  }
  updateNormals(mesh, true);
  return mesh;
}

/**
 * Makes the painter of the ears, to be laid over bare skin.
 *
 * @param identity Who.
 * @returns A painter over the ear's disc.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { earPainter } from "./ears.ts";
 * import { faceIdentity } from "@outis/outis/world";
 * import { blankPaint } from "./paint.ts";
 * const paint = { ...blankPaint(), g: 1 };
 * earPainter(faceIdentity(randomStream(1)))(0, 0, paint);
 * console.assert(paint.g < 1);
 * ```
 */
export function earPainter(identity: FaceIdentity): Painter {
  const red = 0.1 + 0.15 * identity.redness;
  return (u, v, paint) => {
    paint.g *= 1 - red;
    paint.b *= 1 - red;
    const x = (u + 0.15) / 0.5;
    const y = (v - 0.05) / 0.55;
    darken(paint, 0.55 * Math.exp(-x * x - y * y));
    const groove = (Math.sqrt(u * u + v * v) - 0.72) / 0.1;
    darken(paint, 0.25 * Math.exp(-groove * groove) * smoothStep(-0.5, 0.1, v));
  };
}
