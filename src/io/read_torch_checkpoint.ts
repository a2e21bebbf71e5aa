/**
 * Reads a whole checkpoint of PyTorch.
 *
 * @module
 */
import {
  openTorchCheckpoint,
  type TorchCheckpointOptions,
} from "./torch_checkpoint.ts";
import {
  weightsFile,
  type WeightsFileOptions,
  type WeightsTensor,
} from "./weights_file.ts";

/** Options of {@linkcode readTorchCheckpoint}. */
export interface ReadTorchCheckpointOptions
  extends TorchCheckpointOptions, WeightsFileOptions {}

/**
 * Reads all tensors of a `.pt`, `.pth`, `.bin` or `.ckpt`; `openWeights` reads them one at a time.
 *
 * @param path File.
 * @param options Which weights, and what may be passed over.
 * @returns Tensors by name, and numbers and texts beside them.
 * @throws {SyntaxError} If it is truncated, damaged or malformed, or names code that is not known: nothing of it is run.
 * @throws {RangeError} If there is no such group or prefix, or several groups and none is chosen.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { readTorchCheckpoint } from "@outis/outis/io";
 *
 * const path = await Deno.makeTempFile({ suffix: ".pt" });
 * await Deno.writeTextFile(path, "cposix\nsystem\n.");
 * await assertRejects(() => readTorchCheckpoint(path), SyntaxError, "posix.system");
 * await Deno.remove(path);
 * ```
 */
export async function readTorchCheckpoint(
  path: string,
  options: ReadTorchCheckpointOptions = {},
): Promise<{
  tensors: { [name: string]: WeightsTensor };
  metadata: { readonly [name: string]: string };
}> {
  const content = await openTorchCheckpoint(path, options);
  try {
    const file = weightsFile(content, path, options);
    const tensors: [string, WeightsTensor][] = [];
    for (const { name } of file.entries) {
      tensors.push([name, await file.read(name)]);
    }
    return {
      tensors: Object.fromEntries(tensors),
      metadata: file.metadata,
    };
  } finally {
    content.close();
  }
}
