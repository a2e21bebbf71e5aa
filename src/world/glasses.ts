/**
 * Glasses: frames drawn as thick lines in space, lenses as a flag for the shading.
 *
 * @module
 */
import { type Camera, project } from "./camera.ts";
import { nearestVertex } from "./head_mesh.ts";
import type { FaceIdentity } from "./identity.ts";
import { MATERIAL, type Mesh } from "./mesh.ts";
import type { SurfaceBuffer } from "./raster.ts";

/** Segments of the frame around one lens. */
const SEGMENTS = 36;

/** How far the glasses stand before the eyes and how strongly they wrap around the face, head units. */
const STAND_OFF = 0.13;
const WRAP = 0.28;

/** Where in `positions` the vertices beneath an eye and above an ear begin. */
let anchors: { eye: number; ear: number } | undefined;

/** Options of {@linkcode drawGlasses}. */
export interface DrawGlassesOptions {
  /** Which glasses. */
  identity: FaceIdentity;
  /** From where. */
  camera: Camera;
}

/**
 * Draws a person's glasses: nothing if the person wears none.
 *
 * @param buffer Buffer with the head already drawn.
 * @param head The head that wears them.
 * @param options Which, and from where.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { faceCamera } from "./camera.ts";
 * import { drawGlasses } from "./glasses.ts";
 * import { headMesh } from "./head_mesh.ts";
 * import { faceIdentity, faceNuisance } from "@outis/outis/world";
 * import { surfaceBuffer } from "./raster.ts";
 * const random = randomStream(1);
 * const person = { ...faceIdentity(random), glasses: 1 };
 * const shot = faceNuisance(random);
 * const buffer = surfaceBuffer(64);
 * const camera = faceCamera(shot, 64, "head");
 * drawGlasses(buffer, headMesh(person, shot), { identity: person, camera });
 * console.assert(buffer.lens.includes(1));
 * ```
 */
export function drawGlasses(
  buffer: SurfaceBuffer,
  head: Mesh,
  options: DrawGlassesOptions,
): void {
  const { identity, camera } = options;
  if (identity.glasses < 0.5) return;
  anchors ??= {
    eye: 3 * nearestVertex(0.28, 0),
    ear: 3 * nearestVertex(1.05, 0.03),
  };
  const { eye, ear } = anchors;
  const p = head.positions;
  const radius = 0.009 + 0.02 * identity.glassesThickness;
  const halfWidth = 0.165 + 0.06 * identity.glassesWidth;
  const halfHeight = 0.1 + 0.09 * identity.glassesHeight;
  const middle = Math.max(p[eye] + 0.01, halfWidth + 0.055);
  const level = p[eye + 1] - 0.02 - 0.25 * (halfHeight - 0.1);
  const plane = p[eye + 2] + STAND_OFF;
  const power = 2 / (2 + 3.5 * (1 - identity.glassesRoundness));
  const depthAt = (x: number): number => plane - WRAP * x * x;

  for (const side of [-1, 1]) {
    const ring: number[][] = [];
    for (let k = 0; k <= SEGMENTS; k++) {
      const angle = 2 * Math.PI * k / SEGMENTS;
      const c = Math.cos(angle), s = Math.sin(angle);
      const x = side *
        (middle + halfWidth * Math.sign(c) * Math.abs(c) ** power);
      ring.push([
        x,
        level + halfHeight * Math.sign(s) * Math.abs(s) ** power,
        depthAt(x),
      ]);
    }
    fillLens(buffer, ring, camera);
    stroke(buffer, ring, camera, radius);
    const hinge = side * (middle + halfWidth);
    stroke(
      buffer,
      [
        [hinge, level + 0.5 * halfHeight, depthAt(hinge)],
        [side * (Math.abs(p[ear]) + 0.03), p[ear + 1] + 0.04, p[ear + 2]],
      ],
      camera,
      radius,
    );
  }
  const inner = middle - halfWidth;
  const bridge: number[][] = [];
  for (let k = 0; k <= 6; k++) {
    const t = k / 3 - 1;
    bridge.push([
      inner * t,
      level + 0.03 + 0.03 * (1 - t * t),
      plane + 0.03 * (1 - t * t),
    ]);
  }
  stroke(buffer, bridge, camera, radius);
}

function stroke(
  buffer: SurfaceBuffer,
  points: number[][],
  camera: Camera,
  radius: number,
): void {
  const from = new Float32Array(3);
  const to = new Float32Array(3);
  const pixels = Math.max(0.55, radius * camera.scaleY);
  for (let k = 0; k + 1 < points.length; k++) {
    project(camera, points[k][0], points[k][1], points[k][2], from);
    project(camera, points[k + 1][0], points[k + 1][1], points[k + 1][2], to);
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const steps = Math.max(1, Math.ceil(length / Math.max(0.5, pixels * 0.7)));
    for (let i = 0; i <= steps; i++) {
      const t = i / steps;
      stamp(
        buffer,
        from[0] + (to[0] - from[0]) * t,
        from[1] + (to[1] - from[1]) * t,
        from[2] + (to[2] - from[2]) * t,
        pixels,
      );
    }
  }
}

function stamp(
  buffer: SurfaceBuffer,
  cx: number,
  cy: number,
  depth: number,
  radius: number,
): void {
  const { width, height } = buffer;
  const x0 = Math.max(0, Math.ceil(cx - radius - 0.5));
  const x1 = Math.min(width - 1, Math.floor(cx + radius - 0.5));
  const y0 = Math.max(0, Math.ceil(cy - radius - 0.5));
  const y1 = Math.min(height - 1, Math.floor(cy + radius - 0.5));
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      const dx = (x + 0.5 - cx) / radius;
      const dy = (y + 0.5 - cy) / radius;
      const at = y * width + x;
      if (dx * dx + dy * dy > 1 || buffer.depth[at] > depth) continue;
      buffer.depth[at] = depth;
      buffer.material[at] = MATERIAL.frame;
      buffer.lens[at] = 0;
      buffer.nx[at] = 0.7 * dx;
      buffer.ny[at] = -0.7 * dy;
      buffer.nz[at] = 0.8;
    }
  }
}

/** Marks what lies behind a convex ring, by the crossing rule on its rows. */
function fillLens(
  buffer: SurfaceBuffer,
  ring: number[][],
  camera: Camera,
): void {
  const { width, height } = buffer;
  const points = ring.map(([x, y, z]) => {
    const out = new Float32Array(3);
    project(camera, x, y, z, out);
    return out;
  });
  const rows = points.map((point) => point[1]);
  const depth = Math.min(...points.map((point) => point[2]));
  const top = Math.max(0, Math.ceil(Math.min(...rows) - 0.5));
  const bottom = Math.min(height - 1, Math.floor(Math.max(...rows) - 0.5));
  for (let y = top; y <= bottom; y++) {
    let left = Infinity;
    let right = -Infinity;
    for (let k = 0; k + 1 < points.length; k++) {
      const a = points[k], b = points[k + 1];
      if ((a[1] <= y + 0.5) === (b[1] <= y + 0.5)) continue;
      const x = a[0] + (b[0] - a[0]) * (y + 0.5 - a[1]) / (b[1] - a[1]);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    for (
      let x = Math.max(0, Math.ceil(left - 0.5));
      x <= Math.min(width - 1, right - 0.5);
      x++
    ) {
      const at = y * width + x;
      if (buffer.depth[at] < depth) buffer.lens[at] = 1;
    }
  }
}
