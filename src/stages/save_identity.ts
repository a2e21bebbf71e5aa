/**
 * Sampled identities in a run directory.
 *
 * @module
 */
import type { RunDirectory } from "../core/mod.ts";
import {
  encodePng,
  type Provenance,
  readSafetensors,
  type SafetensorsTensor,
  writeSafetensors,
} from "../io/mod.ts";
import type { SampledIdentity } from "./sample_identities.ts";

/** Everything of an identity but its pictures, which lie beside. */
export type SavedIdentity = Omit<
  SampledIdentity,
  "pixels" | "height" | "width"
>;

/**
 * Name of an identity.
 *
 * @param number From 0.
 * @returns As in `identity-00003`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { identityName } from "./save_identity.ts";
 *
 * assertEquals(identityName(3), "identity-00003");
 * ```
 */
export function identityName(number: number): string {
  return `identity-${String(number).padStart(5, "0")}`;
}

/**
 * Path of a picture within a run's `synthetic` folder; 0 is the reference.
 *
 * @param number Number of the identity.
 * @param k Number of the picture.
 * @returns A relative path.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { picturePath } from "./save_identity.ts";
 *
 * assertEquals(picturePath(3, 0), "identity-00003/000.png");
 * ```
 */
export function picturePath(number: number, k: number): string {
  return `${identityName(number)}/${String(k).padStart(3, "0")}.png`;
}

/**
 * Writes an identity: its pictures to `synthetic/`, marked as synthetic, then latents and features to `identities/`.
 *
 * @param run Where to.
 * @param identity What was sampled.
 * @param provenance What is written into every picture.
 *
 * @example
 * ```ts
 * import { openRunDirectory } from "@outis/outis/core";
 * import { readIdentity, saveIdentity } from "./save_identity.ts";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   using run = await openRunDirectory(folder, { manifest: { configuration: {} }, now: () => 0 });
 *   await saveIdentity(run, {
 *     number: 0,
 *     pixels: new Float32Array(12),
 *     height: 2,
 *     width: 2,
 *     latents: new Float32Array(3),
 *     embeddings: new Float32Array(4),
 *     redrawn: false,
 *     drawnBack: 0,
 *   }, { description: "Grey", generator: "an example" });
 *   console.log((await readIdentity(run, 0))?.embeddings.length); // 4
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function saveIdentity(
  run: RunDirectory,
  identity: SampledIdentity,
  provenance: Omit<Provenance, "label">,
): Promise<void> {
  const { number, pixels, height, width, nearestReal, audited } = identity;
  const size = height * width * 3;
  for (let k = 0; k < pixels.length / size; k++) {
    const image = pixels.slice(k * size, (k + 1) * size);
    const png = await encodePng({ pixels: image, height, width }, {
      synthetic: { ...provenance, label: identityName(number) },
    });
    await run.writeAtomic(`synthetic/${picturePath(number, k)}`, png);
  }
  const vector = (data: ArrayLike<number>) => ({
    shape: [data.length],
    data: Float32Array.from(data),
  });
  await Deno.mkdir(run.file("identities"), { recursive: true });
  // Last: an identity is there once this file is.
  await writeSafetensors(pathOf(run, number), {
    latents: vector(identity.latents),
    embeddings: vector(identity.embeddings),
    ...(audited && { audited: vector(audited) }),
    ...(nearestReal && {
      angles: vector(nearestReal.angles),
      indices: vector(nearestReal.indices),
    }),
  }, {
    metadata: {
      redrawn: String(identity.redrawn),
      drawn_back: String(identity.drawnBack),
    },
  });
}

/**
 * Reads what {@linkcode saveIdentity} wrote.
 *
 * @param run Where from.
 * @param number Number of the identity.
 * @returns The identity without its pictures; `undefined` where it is not there.
 * @throws {SyntaxError} If its file is damaged.
 *
 * @example
 * ```ts
 * import type { RunDirectory } from "@outis/outis/core";
 * import { readIdentity } from "./save_identity.ts";
 *
 * async function isThere(run: RunDirectory, number: number): Promise<boolean> {
 *   return await readIdentity(run, number) !== undefined;
 * }
 * console.log(isThere.length); // 2
 * ```
 */
export async function readIdentity(
  run: RunDirectory,
  number: number,
): Promise<SavedIdentity | undefined> {
  let file;
  try {
    file = await readSafetensors(pathOf(run, number));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const tensors = file.tensors as { [name: string]: SafetensorsTensor };
  const data = (name: string) => tensors[name].data as Float32Array;
  return {
    number,
    latents: data("latents"),
    embeddings: data("embeddings"),
    ...(tensors.audited && { audited: data("audited") }),
    ...(tensors.angles && {
      nearestReal: {
        angles: Float64Array.from(data("angles")),
        indices: Int32Array.from(data("indices")),
      },
    }),
    redrawn: file.metadata.redrawn === "true",
    drawnBack: Number(file.metadata.drawn_back),
  };
}

function pathOf(run: RunDirectory, number: number): string {
  return run.file("identities", `${identityName(number)}.safetensors`);
}
