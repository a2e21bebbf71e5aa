/**
 * The head of one person with one expression.
 *
 * @module
 */
import type { FaceIdentity } from "./identity.ts";
import type { FaceNuisance } from "./nuisance.ts";
import { type BasisField, HEAD_BASIS } from "./head_basis.ts";
import { averageHead } from "./head_profile.ts";
import { type Mesh, thinMesh, updateNormals } from "./mesh.ts";
import { smoothStep } from "./noise.ts";

/** One axis of one field, over the vertices where it is not nothing. */
type Component = {
  name: BasisField["name"];
  indices: Uint16Array;
  values: Float32Array;
};

/** Displacements smaller than this (head units, a twentieth of a pixel at 512) are left out. */
const NEGLIGIBLE = 2e-4;

let average: ReturnType<typeof averageHead> | undefined;
let components: Component[] | undefined;

/** The average head: half a second of work, done when the first head is built and not when the room is imported. */
function averageSurface(): ReturnType<typeof averageHead> {
  return average ??= averageHead();
}

/**
 * Angle around the head of each vertex of {@linkcode headMesh}, radians in [-π, π].
 *
 * @returns One angle a vertex; the same array at every call, not to be written to.
 *
 * @example
 * ```ts
 * import { headAngles } from "./head_mesh.ts";
 * console.assert(headAngles().some((angle) => angle === 0));
 * ```
 */
export function headAngles(): Float32Array {
  return averageSurface().angles;
}

/**
 * Builds a head: the average plus parameter times field, and its normals.
 *
 * @param identity Who.
 * @param nuisance With which expression.
 * @returns A mesh that shares `u`, `v`, `extra` and `triangles` with all other heads.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { headMesh } from "./head_mesh.ts";
 * import { faceIdentity, faceNuisance } from "@outis/outis/world";
 * const random = randomStream(1);
 * const head = headMesh(faceIdentity(random), faceNuisance(random));
 * console.assert(head.positions.length === head.u.length * 3);
 * ```
 */
export function headMesh(identity: FaceIdentity, nuisance: FaceNuisance): Mesh {
  const { mesh: base } = averageSurface();
  components ??= HEAD_BASIS.flatMap(fieldComponents);
  const positions = base.positions.slice();
  // Only a beard that is there can be long.
  const beardLength = identity.beardLength *
    Math.max(identity.beard, 0.6 * identity.goatee);
  const parameters = { ...identity, ...nuisance, beardLength };
  for (const { name, indices, values } of components) {
    const amount = parameters[name];
    if (amount === 0) continue;
    for (let i = 0; i < indices.length; i++) {
      positions[indices[i]] += amount * values[i];
    }
  }
  const mesh = {
    ...base,
    positions,
    normals: new Float32Array(positions.length),
  };
  updateNormals(mesh, true);
  return mesh;
}

/** A head's surface with the angle of each vertex around it. */
export type HeadSurface = {
  /** The surface. */
  mesh: Mesh;
  /** Angle around the head of each vertex, radians in [-π, π]. */
  angles: Float32Array;
};

/**
 * The head for a small picture: every second row and column of its vertices.
 *
 * @param head A mesh of {@linkcode headMesh}.
 * @returns A quarter of it.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { headMesh, thinHead } from "./head_mesh.ts";
 * import { faceIdentity, faceNuisance } from "@outis/outis/world";
 * const random = randomStream(1);
 * const head = headMesh(faceIdentity(random), faceNuisance(random));
 * console.assert(thinHead(head).mesh.u.length < 0.3 * head.u.length);
 * ```
 */
export function thinHead(head: Mesh): HeadSurface {
  const { mesh, further } = thinMesh(head, headAngles());
  return { mesh, angles: further };
}

/**
 * Index of the vertex of the average head nearest to surface coordinates, for hanging things on a head.
 *
 * @param u Coordinate around the head.
 * @param v Height on the surface.
 * @returns Index of a vertex.
 *
 * @example
 * ```ts
 * import { headMesh, nearestVertex } from "./head_mesh.ts";
 * console.assert(nearestVertex(0, -0.37) > 0);
 * ```
 */
export function nearestVertex(u: number, v: number): number {
  const { mesh } = averageSurface();
  let best = 0;
  let bestDistance = Infinity;
  for (let i = 0; i < mesh.u.length; i++) {
    const distance = (mesh.u[i] - u) ** 2 + (mesh.v[i] - v) ** 2;
    if (distance < bestDistance) {
      bestDistance = distance;
      best = i;
    }
  }
  return best;
}

function fieldComponents(field: BasisField): Component[] {
  const { mesh: { u, v, positions }, angles } = averageSurface();
  const entries: [number, number][][] = [[], [], []];
  for (let i = 0; i < u.length; i++) {
    const displacement = field.at({
      u: u[i],
      a: Math.abs(u[i]),
      side: Math.sign(u[i]),
      v: v[i],
      x: positions[i * 3],
      y: positions[i * 3 + 1],
      z: positions[i * 3 + 2],
      front: smoothStep(-0.1, 0.35, Math.cos(angles[i])),
    });
    displacement.forEach((value, axis) => {
      if (Math.abs(value) > NEGLIGIBLE) {
        entries[axis].push([i * 3 + axis, value]);
      }
    });
  }
  return entries.filter((list) => list.length > 0).map((list) => ({
    name: field.name,
    indices: Uint16Array.from(list, ([index]) => index),
    values: Float32Array.from(list, ([, value]) => value),
  }));
}
