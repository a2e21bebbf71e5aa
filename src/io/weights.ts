/**
 * Opens weights in any format that is read.
 *
 * @module
 */
import { openSafetensors } from "./open_safetensors.ts";
import { openSharded } from "./sharded_weights.ts";
import {
  openTorchCheckpoint,
  type TorchCheckpointOptions,
} from "./torch_checkpoint.ts";
import {
  type WeightsContent,
  type WeightsFile,
  weightsFile,
  type WeightsFileOptions,
} from "./weights_file.ts";
import { TELLING_BYTES, weightsFormat } from "./weights_format.ts";

/** Options of {@linkcode openWeights}. */
export interface OpenWeightsOptions
  extends TorchCheckpointOptions, WeightsFileOptions {}

/**
 * Opens weights: safetensors (one file, or several with a `.index.json`), or a checkpoint of PyTorch (`.pt`, `.pth`,
 * `.bin`, `.ckpt`; zip or the format before). What it holds is known at once; each tensor is read when it is asked for,
 * so that files larger than the memory can be read.
 *
 * Nothing in a checkpoint is executed: code that it names is refused by name.
 *
 * @param path File. Its name, where it promises a format, has to be right.
 * @param options Which of several groups of weights, which names, and what may be passed over.
 * @returns The open file, to be disposed of.
 * @throws {SyntaxError} If it is truncated, damaged, malformed, of another format, or names code that is not known.
 * @throws {RangeError} If there is no such group or prefix, or several groups and none is chosen.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openWeights, writeSafetensors } from "@outis/outis/io";
 *
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * await writeSafetensors(path, {
 *   "module.scale": { shape: [2], data: new Float32Array([1, 2]) },
 * });
 * using file = await openWeights(path);
 * assertEquals(file.entries, [{ name: "scale", dtype: "F32", shape: [2] }]);
 * assertEquals([...(await file.read("scale")).data], [1, 2]);
 * await Deno.remove(path);
 * ```
 */
export async function openWeights(
  path: string,
  options: OpenWeightsOptions = {},
): Promise<WeightsFile> {
  const content = await openContent(path, options, true);
  try {
    return weightsFile(content, path, options);
  } catch (error) {
    content.close();
    throw error;
  }
}

async function openContent(
  path: string,
  options: OpenWeightsOptions,
  mayBeIndex: boolean,
): Promise<WeightsContent> {
  const format = weightsFormat(await readStart(path), path);
  if (format === "PyTorch") return await openTorchCheckpoint(path, options);
  if (format === "index" && mayBeIndex) {
    return await openSharded(
      path,
      (shard) => openContent(shard, options, false),
    );
  }
  return await openSafetensors(path);
}

async function readStart(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const { isFile } = await file.stat();
  if (!isFile) {
    throw new SyntaxError(
      `Cannot open weights as '${path}' must be a file: current value is a folder or a device`,
    );
  }
  const bytes = new Uint8Array(TELLING_BYTES);
  let length = 0;
  while (length < bytes.length) {
    const count = await file.read(bytes.subarray(length));
    if (count === null) break;
    length += count;
  }
  return bytes.subarray(0, length);
}
