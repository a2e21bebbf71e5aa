/**
 * The format of `torch.save` before version 1.6: five pickles, then the values of one storage after another.
 *
 * @module
 */
import { unpickleFrom, type UnpickleOptions } from "./pickle.ts";
import { pickleFileInput } from "./pickle_input.ts";
import type { RangeReader } from "./range_reader.ts";
import { DTYPE_BYTES } from "./safetensors_format.ts";
import { textOf, type TorchStorage } from "./torch_objects.ts";
import {
  broken,
  type StoragePlace,
  type TorchContent,
} from "./torch_tensors.ts";

/** First pickle of a file. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
/** Second pickle of a file. */
const PROTOCOL = 1001;

/**
 * Reads the pickles, and finds where the values of each storage are.
 *
 * @param reader Reads the checkpoint. Borrowed.
 * @param options What the pickles may name.
 * @returns The object that was saved, and where the values are.
 * @throws {SyntaxError} If it is no such checkpoint, or is truncated or malformed.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { openRanges } from "./range_reader.ts";
 * import { readLegacyCheckpoint } from "./torch_legacy.ts";
 *
 * const path = await Deno.makeTempFile();
 * using reader = await openRanges(path);
 * assertThrows(() => readLegacyCheckpoint(reader, {}), SyntaxError);
 * await Deno.remove(path);
 * ```
 */
export function readLegacyCheckpoint(
  reader: RangeReader,
  options: UnpickleOptions,
): TorchContent {
  const { path, fileBytes } = reader;
  const input = pickleFileInput(reader, [0, fileBytes]);
  const storages = new Map<string, TorchStorage>();
  const persistentLoad = (id: unknown) => {
    const storage = options.persistentLoad?.(id) as TorchStorage;
    const known = storages.get(storage.key);
    if (known !== undefined && known.type !== storage.type) {
      throw broken(path, `one with storage ${storage.key} of one type`, "two");
    }
    storages.set(storage.key, storage);
    return storage;
  };
  const magic = unpickleFrom(input, options);
  const protocol = magic === MAGIC ? unpickleFrom(input, options) : undefined;
  if (protocol !== PROTOCOL) {
    throw broken(
      path,
      `a checkpoint of torch.save, in protocol ${PROTOCOL}`,
      "another pickle",
    );
  }
  unpickleFrom(input, options); // The machine it was written on; the values are little endian on all.
  const value = unpickleFrom(input, { ...options, persistentLoad });
  const keys = unpickleFrom(input, options);
  const places = new Map<string, StoragePlace>();
  for (const item of Array.isArray(keys) ? keys : []) {
    const key = textOf(item);
    const storage = key === undefined ? undefined : storages.get(key);
    if (key === undefined || storage === undefined || places.has(key)) {
      throw broken(path, "one that tells the type of each storage", `${key}`);
    }
    const count = input.unsigned(8);
    const width = storage.dtype === undefined
      ? unreadWidth(storage)
      : DTYPE_BYTES[storage.dtype];
    const size = count * width;
    const offset = input.position();
    input.skip(size);
    places.set(key, { offset, size });
  }
  return {
    value,
    locate: ({ key }) => places.get(key),
    isBigEndian: false,
  };
}

/** Bytes of one element of the types that are passed over. */
function unreadWidth({ type }: TorchStorage): number {
  if (type.endsWith("ComplexDoubleStorage")) return 16;
  if (type.endsWith("ComplexFloatStorage")) return 8;
  return type.endsWith("QInt32Storage") ? 4 : 1;
}
