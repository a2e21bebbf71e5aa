/**
 * A person's class taken out of weights, in files.
 *
 * @module
 */
import { digestBytes, writeAtomic } from "../core/mod.ts";
import { zeroSlices } from "../io/mod.ts";
import { loadMemoryBank, MemoryBank, saveMemoryBank } from "../rewards/mod.ts";
import type { GeneratorConfig } from "./generator.ts";

/** A file of weights in which something was set to zero, or which merely saw the person. */
export interface RetiredWeights {
  /** Path within the folder. */
  path: string;
  /** SHA-256 before. */
  before: string;
  /** SHA-256 after. */
  after: string;
  /** Tensors whose part that stands for the person is zero now. */
  zeroed: string[];
}

/**
 * What stands for class `label` in a tensor: its row of the class table, and its column of a classifier; in checkpoints
 * with the moments and averages that go with them.
 *
 * @param label Class.
 * @param classes Number of classes.
 * @returns For `zeroSlices`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { classSlices } from "./retire_class.ts";
 *
 * const select = classSlices(2, 5);
 * assertEquals(select("weights/head.weight", [128, 5]), { axis: 1, index: 2 });
 * assertEquals(select("weights/stem.weight", [128, 5]), undefined);
 * ```
 */
export function classSlices(
  label: number,
  classes: number,
): (
  name: string,
  shape: readonly number[],
) => { axis: number; index: number } | undefined {
  return (name, shape) => {
    // The class table has a row more, for nobody.
    if (
      name.endsWith("y_embedder.embedding_table.weight") &&
      shape.length === 2 && shape[0] === classes + 1
    ) return { axis: 0, index: label };
    if (/(^|[/.])head\.(weight|bias)$/.test(name) && shape.length > 0) {
      const axis = shape.lastIndexOf(classes);
      if (axis >= 0) return { axis, index: label };
    }
    return undefined;
  };
}

/** Which class of which files. */
export interface RetireWeightsOptions {
  /** Paths of the files within the folder. */
  files: readonly string[];
  /** Where the changed files are written to. */
  out: string;
  /** Class of the person. */
  label: number;
  /** Number of classes. */
  classes: number;
}

/**
 * Sets what stands for a class to zero in files of weights; files without it are not written.
 *
 * A file is in memory as a whole, one at a time.
 *
 * @param folder Where the files are.
 * @param options Which files, which class, where to.
 * @returns All files with their hashes, before and after.
 * @throws {SyntaxError} If one is no safetensors.
 *
 * @example
 * ```ts
 * import { retireWeights } from "./retire_class.ts";
 *
 * const none = await retireWeights(".", { files: [], out: ".", label: 0, classes: 2 });
 * console.log(none.length); // 0
 * ```
 */
export async function retireWeights(
  folder: string,
  { files, out, label, classes }: RetireWeightsOptions,
): Promise<RetiredWeights[]> {
  const retired: RetiredWeights[] = [];
  for (const path of files) {
    const bytes = await Deno.readFile(`${folder}/${path}`);
    const before = digestBytes(bytes);
    const zeroed = zeroSlices(bytes, classSlices(label, classes), path);
    if (zeroed.length > 0) {
      const target = `${out}/${path}`;
      await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), {
        recursive: true,
      });
      // Whole and by another name first: the file there may be a link to the one that is still in use.
      await writeAtomic(target, bytes);
    }
    retired.push({ path, before, after: digestBytes(bytes), zeroed });
  }
  return retired;
}

/**
 * The configuration of a generator whose class has withdrawn: the class keeps its number, loses its name and is not
 * generated any more.
 *
 * @param config Configuration before.
 * @param label Class.
 * @returns Configuration after.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { retiredConfig } from "./retire_class.ts";
 *
 * const { identities, retired } = retiredConfig({ identities: ["ada", "bo"] }, 1);
 * assertEquals([identities, retired], [["ada", "withdrawn-1"], [1]]);
 * ```
 */
export function retiredConfig<
  Config extends Pick<GeneratorConfig, "identities" | "retired">,
>(config: Config, label: number): Config & { retired: number[] } {
  return {
    ...config,
    identities: config.identities.map((name, i) =>
      i === label ? `withdrawn-${label}` : name
    ),
    retired: [...new Set([...config.retired ?? [], label])]
      .sort((a, b) => a - b),
  };
}

/**
 * Writes a memory bank again without one identity.
 *
 * @param path File of the bank.
 * @param name Name of the identity.
 * @param out Where to; nothing is written without, nor where nobody else is in the bank.
 * @returns Number of reference features taken out, 0 where the bank does not know the name; and whether others are left.
 * @throws {SyntaxError} If the file is no memory bank.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { MemoryBank, saveMemoryBank } from "@outis/outis/rewards";
 * import { retireFromBank } from "./retire_class.ts";
 *
 * await useBackend("auto");
 * const path = await Deno.makeTempFile();
 * const features = tf.tensor2d([[1, 0], [0, 1], [1, 1], [2, 1]]);
 * using bank = MemoryBank.fromFeatures(features, [0, 0, 1, 1], {
 *   identities: ["ada", "bo"],
 *   fingerprint: "an embedder's",
 * });
 * await saveMemoryBank(path, bank);
 * console.log(await retireFromBank(path, "ada", path)); // 2 taken, others left
 * await Deno.remove(path);
 * ```
 */
export async function retireFromBank(
  path: string,
  name: string,
  out?: string,
): Promise<{ taken: number; isEmpty: boolean }> {
  using bank = await loadMemoryBank(path);
  const label = bank.identities.indexOf(name);
  if (label < 0) return { taken: 0, isEmpty: false };
  const { features, labels, width, identities, ...rest } = bank.toArrays();
  const kept = [...labels.keys()].filter((i) => labels[i] !== label);
  const taken = labels.length - kept.length;
  if (kept.length === 0) return { taken, isEmpty: true };
  if (out === undefined) return { taken, isEmpty: false };
  const own = new Float32Array(kept.length * width);
  for (const [at, i] of kept.entries()) {
    own.set(features.subarray(i * width, (i + 1) * width), at * width);
  }
  using left = MemoryBank.fromArrays({
    ...rest,
    width,
    features: own,
    labels: Int32Array.from(kept, (i) => labels[i] - Number(labels[i] > label)),
    identities: identities.filter((_, y) => y !== label),
  });
  await saveMemoryBank(out, left);
  return { taken, isEmpty: false };
}
