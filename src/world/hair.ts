/**
 * Hair: a shell around the head with a hairline, and strands painted on it.
 *
 * @module
 */
import type { HeadSurface } from "./head_mesh.ts";
import { bell } from "./head_profile.ts";
import type { FaceIdentity } from "./identity.ts";
import { type Mesh, updateNormals } from "./mesh.ts";
import type { Painter } from "./paint.ts";
import { smoothStep, valueNoise } from "./noise.ts";

const FAIR = [0.5, 0.34, 0.16];
const BLACK = [0.009, 0.007, 0.006];
const GREY = [0.42, 0.42, 0.43];
const RED = [1.5, 0.75, 0.5];

/** Height on the head below which long hair falls straight instead of following the skull. */
const FALL_FROM = 0.18;

/** Hair shorter than this stays on the skull. */
const SHORT = 0.35;

/** Cover below which no strand can fill the hole. */
const CERTAIN_HOLE = -0.12;

/**
 * Colour of a person's hair.
 *
 * @param identity Who.
 * @returns Red, green, blue, linear: geometric from fair to black, tinted red, then mixed with grey.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { hairColor } from "./hair.ts";
 * import { faceIdentity } from "@outis/outis/world";
 * const person = { ...faceIdentity(randomStream(1)), hairGrey: 0, hairDarkness: 1 };
 * console.assert(hairColor(person)[0] < 0.05);
 * ```
 */
export function hairColor(identity: FaceIdentity): number[] {
  const { hairDarkness, hairRedness, hairGrey } = identity;
  return FAIR.map((fair, i) => {
    const base = fair * (BLACK[i] / fair) ** hairDarkness *
      RED[i] ** (hairRedness * (1 - 0.6 * hairDarkness));
    return base + (GREY[i] - base) * Math.min(0.9, hairGrey);
  });
}

/**
 * Builds the shell of hair. `extra` is the cover: positive where there is hair, about the distance from the hairline.
 *
 * @param surface The head it grows on.
 * @param identity Who.
 * @returns A mesh whose `u` is the angle around the head (radians) and whose `v` is the height on the head.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { hairMesh } from "./hair.ts";
 * import { headMesh, thinHead } from "./head_mesh.ts";
 * import { faceIdentity, faceNuisance } from "@outis/outis/world";
 * const random = randomStream(1);
 * const person = { ...faceIdentity(random), hair: 1 };
 * const head = thinHead(headMesh(person, faceNuisance(random)));
 * const hair = hairMesh(head, person);
 * console.assert(hair.extra.some((cover) => cover > 0));
 * ```
 */
export function hairMesh(
  surface: HeadSurface,
  identity: FaceIdentity,
): Mesh {
  const { mesh: head, angles } = surface;
  const { rows, columns, v, normals, positions: scalp } = head;
  const { hairVolume, hairLength, curl } = identity;
  const positions = scalp.slice();
  const extra = new Float32Array(v.length);
  const offset = identity.textureSeed % 173;
  const long = smoothStep(SHORT, SHORT + 0.08, hairLength);
  const drop = 0.35 + 1.15 * hairLength;
  const body = 0.04 + 0.17 * hairVolume + 0.04 * curl * (0.3 + hairVolume) +
    0.04 * long;
  const fallRow = rowNear(head, FALL_FROM);
  const line = Array.from(
    { length: columns },
    (_, column) => hairline(identity, angles[column]),
  );
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      const at = i * 3;
      const angle = angles[i];
      const height = v[i];
      const cover = height - line[column];
      extra[i] = cover;
      const ramp = smoothStep(-0.03, 0.24, cover);
      const tuft =
        valueNoise(angle * 4 + offset, height * 5) * (0.012 + 0.05 * curl) +
        valueNoise(angle * 11 + offset, height * 12) * (0.004 + 0.03 * curl);
      const sides = 0.55 + 0.45 * smoothStep(0.2, 0.75, height) + 0.3 * long;
      const thickness = 0.012 +
        ramp * (body * sides + tuft * (0.4 + hairVolume));
      let from = at;
      let y = scalp[at + 1];
      const fall = long * smoothStep(FALL_FROM, FALL_FROM - 0.1, height);
      if (fall > 0) {
        from = (fallRow * columns + column) * 3;
        y = scalp[from + 1] + (height - FALL_FROM) * drop;
      }
      const wave = fall * 0.04 * (0.4 + curl) *
        Math.sin(height * (6 + 10 * curl) + offset + angle * 3);
      for (let axis = 0; axis < 3; axis++) {
        const flat = axis === 1
          ? y
          : scalp[at + axis] + (scalp[from + axis] - scalp[at + axis]) * fall;
        const outward = axis === 1
          ? normals[at + 1] * (1 - fall)
          : normals[at + axis] +
            (normals[from + axis] - normals[at + axis]) * fall;
        positions[at + axis] = flat + outward * (thickness + wave);
      }
    }
  }
  const mesh = {
    ...head,
    positions,
    normals: new Float32Array(positions.length),
    u: angles,
    extra,
    triangles: head.triangles,
  };
  updateNormals(mesh, true);
  mesh.triangles = coveredTriangles(mesh);
  return mesh;
}

/** Those triangles of a shell that are not certain holes all over. */
function coveredTriangles({ triangles, extra }: Mesh): Uint16Array {
  const covered = new Uint16Array(triangles.length);
  let count = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const a = triangles[t], b = triangles[t + 1], c = triangles[t + 2];
    if (
      extra[a] < CERTAIN_HOLE && extra[b] < CERTAIN_HOLE &&
      extra[c] < CERTAIN_HOLE
    ) continue;
    covered[count++] = a;
    covered[count++] = b;
    covered[count++] = c;
  }
  return covered.subarray(0, count);
}

/**
 * Makes the test for gaps between strands at the hairline and the tips.
 *
 * @param identity Who.
 * @returns A function of angle, height and cover that is true where one sees through.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { hairHoles } from "./hair.ts";
 * import { faceIdentity } from "@outis/outis/world";
 * const isHole = hairHoles(faceIdentity(randomStream(1)));
 * console.assert(isHole(0, 0, -1) && !isHole(0, 0.9, 0.5));
 * ```
 */
export function hairHoles(
  identity: FaceIdentity,
): (angle: number, height: number, cover: number) => boolean {
  const offset = identity.textureSeed % 173;
  const { fringe, hairSweep, curl } = identity;
  const ragged = 0.022 + 0.035 * fringe + 0.025 * curl;
  const lean = 5 * hairSweep;
  return (angle, height, cover) => {
    if (cover < CERTAIN_HOLE) return true;
    // Noise is in [-1, 1].
    if (height < -0.88) {
      const tip = -0.98 + 0.1 * valueNoise(angle * 9 + offset, 5);
      if (height < tip) return true;
    }
    if (cover > -CERTAIN_HOLE) return false;
    return cover +
        ragged *
          (0.6 * valueNoise(angle * 13 + lean * height + offset, height * 4) +
            1.1 * valueNoise(angle * 60 + lean * height + offset, height * 7)) <
      0;
  };
}

/**
 * Makes the painter of the strands.
 *
 * @param identity Who.
 * @returns A painter over angle and height.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { hairPainter } from "./hair.ts";
 * import { faceIdentity } from "@outis/outis/world";
 * import { blankPaint } from "./paint.ts";
 * const paint = blankPaint();
 * hairPainter(faceIdentity(randomStream(1)))(0, 0.8, paint);
 * console.assert(paint.r > 0);
 * ```
 */
export function hairPainter(identity: FaceIdentity): Painter {
  const color = hairColor(identity);
  const { curl, hairSweep } = identity;
  const offset = identity.textureSeed % 173;
  const across = 26 - 10 * curl;
  const along = 2 + 14 * curl;
  const lean = 7 * hairSweep;
  const gloss = (0.035 + 0.12 * (1 - identity.hairDarkness)) * (1 - 0.7 * curl);
  const depth = 0.38 + 0.25 * curl;
  return (angle, height, paint) => {
    const s = angle * across * 0.5 + lean * height + offset;
    const coarse = valueNoise(s * 0.55, height * along * 0.6 + 9);
    const fine = valueNoise(s * 1.7, height * along * 1.4 + 31);
    const light = Math.exp(depth * (coarse + 0.8 * fine));
    paint.r = color[0] * light;
    paint.g = color[1] * light;
    paint.b = color[2] * light;
    paint.gloss = gloss * light;
    paint.shininess = 9;
    paint.tiltX = (0.25 + 0.5 * curl) * coarse;
    paint.tiltY = (0.1 + 0.6 * curl) * fine;
    paint.ambient = 0.75 + 0.25 * coarse;
  };
}

function hairline(identity: FaceIdentity, angle: number): number {
  const a = Math.abs(angle);
  const { fringe, hairSweep, recession, widowsPeak, sideburns } = identity;
  const long = smoothStep(SHORT, SHORT + 0.08, identity.hairLength);
  const front = identity.hairline + 0.04 - (0.3 - 0.12 * fringe) * a * a -
    fringe * (identity.hairline - 0.24) +
    (0.08 + 0.2 * fringe) * hairSweep * angle +
    recession * 0.22 * bell(a - 0.6, 0, 0.22, 1) -
    0.07 * widowsPeak * bell(angle, 0, 0.16, 1);
  const burn = -0.02 - 0.3 * sideburns;
  const short = a < 1.3
    ? burn
    : a < 1.72
    ? burn + (0.12 - burn) * smoothStep(1.3, 1.42, a)
    : 0.12 + (-0.62 - 0.12) * smoothStep(1.72, 1.95, a);
  const low = short + long * (-1.3 - short) * smoothStep(0.9, 1.15, a);
  const edge = 0.95 + 0.12 * long * (identity.hairVolume - 0.8);
  return front + (low - front) * smoothStep(edge, edge + 0.27, a);
}

function rowNear(mesh: Mesh, height: number): number {
  let best = 0;
  for (let row = 0; row < mesh.rows; row++) {
    const distance = Math.abs(mesh.v[row * mesh.columns] - height);
    if (distance < Math.abs(mesh.v[best * mesh.columns] - height)) best = row;
  }
  return best;
}
