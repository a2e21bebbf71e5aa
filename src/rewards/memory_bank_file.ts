/**
 * Memory banks in files.
 *
 * @module
 */
import { readSafetensors, writeSafetensors } from "../io/mod.ts";
import { MemoryBank, type MemoryBankArrays } from "./memory_bank.ts";

const FORMAT = "outis-memory-bank";

/** What the file's metadata says beside the format, as JSON. */
type Settings = Omit<MemoryBankArrays, "features" | "labels" | "width">;

/**
 * Writes a memory bank to a safetensors file, whole or not at all.
 *
 * The file is biometric data of real people: keep it with the photographs it comes from.
 *
 * @param path File; replaced if it exists.
 * @param bank Memory bank. Borrowed.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { loadMemoryBank, MemoryBank, saveMemoryBank } from "@outis/outis/rewards";
 *
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * using bank = MemoryBank.fromFeatures(tf.tensor2d([[1, 0], [0, 1]]), [0, 0], {
 *   fingerprint: "an embedder's",
 * });
 * await saveMemoryBank(path, bank);
 * using copy = await loadMemoryBank(path);
 * console.assert(copy.fingerprint === bank.fingerprint);
 * await Deno.remove(path);
 * ```
 */
export async function saveMemoryBank(
  path: string,
  bank: MemoryBank,
): Promise<void> {
  const { features, labels, width, ...settings } = bank.toArrays();
  await writeSafetensors(path, {
    features: { shape: [labels.length, width], data: features },
    labels: { shape: [labels.length], data: labels },
  }, { metadata: { format: FORMAT, settings: JSON.stringify(settings) } });
}

/**
 * Reads a memory bank from a file.
 *
 * @param path File that {@linkcode saveMemoryBank} wrote.
 * @returns The bank, to be disposed.
 * @throws {SyntaxError} If the file is no memory bank.
 * @throws {RangeError} If its schema is another.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts
 * import { loadMemoryBank } from "@outis/outis/rewards";
 *
 * await loadMemoryBank("no such file").catch((error) => {
 *   console.assert(error instanceof Deno.errors.NotFound);
 * });
 * ```
 */
export async function loadMemoryBank(path: string): Promise<MemoryBank> {
  const { tensors, metadata } = await readSafetensors(path);
  const { features, labels } = tensors;
  if (
    metadata.format !== FORMAT || metadata.settings === undefined ||
    !(features?.data instanceof Float32Array) ||
    !(labels?.data instanceof Int32Array) || features.shape.length !== 2
  ) {
    throw new SyntaxError(
      `Cannot read a memory bank as '${path}' must be a file of format ${FORMAT} with features and labels: current value is of format ${metadata.format}`,
    );
  }
  return MemoryBank.fromArrays({
    ...JSON.parse(metadata.settings) as Settings,
    features: features.data,
    labels: labels.data,
    width: features.shape[1],
  });
}
