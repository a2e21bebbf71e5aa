/**
 * Tells formats of weights apart by what files hold, and refuses what is none by name.
 *
 * @module
 */

/** A format that is read. */
export type WeightsFormat = "safetensors" | "index" | "PyTorch";

/** How many bytes of a file tell its format. */
export const TELLING_BYTES = 512;

/** Endings of names, and the format they promise. */
const ENDINGS: readonly (readonly [RegExp, WeightsFormat])[] = [
  [/\.index\.json$/i, "index"],
  [/\.safetensors$/i, "safetensors"],
  [/\.(pt|pth|bin|ckpt)(\.tar)?$/i, "PyTorch"],
];

/** Beginnings of files that are taken for weights and are none, as Latin-1 text. */
const STRANGERS: readonly (readonly [RegExp | string, string])[] = [
  [
    /^version https:\/\/git-lfs/,
    "a Git LFS pointer, which `git lfs pull` replaces by the file",
  ],
  [/^\s*(<!doctype html|<html|<\?xml|<head)/i, "a web page"],
  ["\x89HDF\r\n", "an HDF5 file of Keras"],
  ["\x1f\x8b", "a gzip archive, to be unpacked first"],
  ["GGUF", "a GGUF file"],
  ["\x93NUMPY", "a NumPy file"],
  [/^[^]{257}ustar/, "a tar archive, as of PyTorch before 0.1.10"],
];

/**
 * Tells the format of a file.
 *
 * @param start Its first bytes, {@linkcode TELLING_BYTES} or all there are.
 * @param path Its name.
 * @returns Its format.
 * @throws {SyntaxError} If it is none that is read, or another than its name promises.
 *
 * @example
 * ```ts
 * import { weightsFormat } from "./weights_format.ts";
 *
 * weightsFormat(new Uint8Array([0x50, 0x4b, 3, 4]), "model.pth"); // "PyTorch"
 * ```
 */
export function weightsFormat(start: Uint8Array, path: string): WeightsFormat {
  const promised = ENDINGS.find(([ending]) => ending.test(path))?.[1];
  const found = contentFormat(start);
  const refuse = (value: string) =>
    new SyntaxError(
      `Cannot open weights as '${path}' must be ${
        promised === undefined
          ? "safetensors, a safetensors.index.json or a checkpoint of torch.save"
          : PROMISES[promised]
      }: current value is ${value}`,
    );
  if (start.length === 0) throw refuse("empty");
  if (found === undefined) {
    const text = String.fromCharCode(...start.subarray(0, TELLING_BYTES));
    const stranger = STRANGERS.find(([pattern]) =>
      typeof pattern === "string"
        ? text.startsWith(pattern)
        : pattern.test(text)
    );
    // What begins strangely may be a damaged file of the format it promises, whose reader says more.
    if (promised === undefined || stranger !== undefined) {
      throw refuse(stranger?.[1] ?? "another format");
    }
    return promised;
  }
  if (promised !== undefined && promised !== found) {
    throw refuse(`${CONTENTS[found]}, which another name belongs to`);
  }
  return found;
}

const PROMISES: Readonly<Record<WeightsFormat, string>> = {
  safetensors: "safetensors, as its name says",
  index: "an index of weights in JSON, as its name says",
  PyTorch: "a checkpoint of torch.save, as its name says",
};

const CONTENTS: Readonly<Record<WeightsFormat, string>> = {
  safetensors: "safetensors",
  index: "JSON",
  PyTorch: "a checkpoint of torch.save",
};

function contentFormat(start: Uint8Array): WeightsFormat | undefined {
  // A header of JSON behind its length, which is far below 2^32.
  const isHeader = start[8] === 0x7b &&
    start.subarray(4, 8).every((byte) => byte === 0);
  if (isHeader) return "safetensors";
  const isZip = start.subarray(0, 4).toHex() === "504b0304";
  const isPickle = start[0] === 0x80 && start[1] >= 2 && start[1] <= 5;
  if (isZip || isPickle) return "PyTorch";
  return /^\s*\{/.test(String.fromCharCode(...start.subarray(0, 16)))
    ? "index"
    : undefined;
}
