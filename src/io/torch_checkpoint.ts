/**
 * Opens checkpoints of `torch.save`, without PyTorch and without running anything that is in them.
 *
 * @module
 */
import { unpickleFrom } from "./pickle.ts";
import { pickleFileInput } from "./pickle_input.ts";
import { openRanges, type RangeReader } from "./range_reader.ts";
import { storageOf, torchGlobals } from "./torch_objects.ts";
import { readLegacyCheckpoint } from "./torch_legacy.ts";
import { findStateDict } from "./torch_state_dict.ts";
import {
  broken,
  checkStorage,
  type StoragePlace,
  type TorchContent,
  torchTensors,
} from "./torch_tensors.ts";
import type { WeightsContent } from "./weights_file.ts";
import { readZipDirectory } from "./zip_directory.ts";

/** Options of {@linkcode openTorchCheckpoint}. */
export interface TorchCheckpointOptions {
  /**
   * Which weights, where there are several: `model`, `ema`, `state_dict`, with dots where they are nested; `.` for the
   * top, `*` for all, named as in `ema/pos_embed`. @default the only ones there are
   */
  group?: string;
  /**
   * Classes that the checkpoint may hold beside weights, as in `omegaconf.dictconfig.DictConfig`. They are passed over:
   * nothing of them runs, and what they hold is not seen. Names of Python, NumPy and PyTorch that are common around
   * weights are passed over anyway. @default []
   */
  opaque?: readonly string[];
  /** Whether damage is looked for with the checksums of the file. @default true */
  checksums?: boolean;
}

/**
 * Opens a `.pt`, `.pth`, `.bin` or `.ckpt` of any version of PyTorch: zip, or the format before.
 *
 * Tensors may be transposed, expanded or share their values; each is read when it is asked for, in row-major order.
 *
 * @param path File.
 * @param options Which weights.
 * @returns What is in it; to be closed by the caller.
 * @throws {SyntaxError} If it is truncated, damaged or malformed, or names code that is not known: nothing of it is run.
 * @throws {RangeError} If there is no such group, or several and none is chosen.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { openTorchCheckpoint } from "./torch_checkpoint.ts";
 *
 * const path = await Deno.makeTempFile({ suffix: ".pt" });
 * await assertRejects(() => openTorchCheckpoint(path), SyntaxError, "complete");
 * await Deno.remove(path);
 * ```
 */
export async function openTorchCheckpoint(
  path: string,
  options: TorchCheckpointOptions = {},
): Promise<WeightsContent> {
  const { group, opaque = [], checksums = true } = options;
  const reader = await openRanges(path);
  try {
    const pickleOptions = {
      source: path,
      globals: torchGlobals(opaque),
      persistentLoad: (id: unknown) => {
        const storage = storageOf(id);
        if (storage === undefined) {
          throw broken(path, "one whose values are in storages", "another id");
        }
        return storage;
      },
    };
    const start = reader.bytes(0, Math.min(4, reader.fileBytes));
    const isZip = start.toHex() === "504b0304";
    const content = isZip
      ? await readZipCheckpoint(reader, pickleOptions, checksums)
      : readLegacyCheckpoint(reader, pickleOptions);
    const found = findStateDict(content.value, path, group);
    const { tensors, skipped } = torchTensors(found.tensors, {
      ...content,
      reader,
    });
    return {
      ...found,
      tensors,
      skipped: [...skipped, ...found.skipped],
      format: isZip ? "PyTorch zip" : "PyTorch legacy",
      close: reader[Symbol.dispose],
    };
  } catch (error) {
    reader[Symbol.dispose]();
    throw error;
  }
}

async function readZipCheckpoint(
  reader: RangeReader,
  options: Parameters<typeof unpickleFrom>[1],
  checksums: boolean,
): Promise<TorchContent> {
  const { path } = reader;
  const records = readZipDirectory(reader);
  const pickles = [...records.keys()]
    .filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1) {
    throw broken(
      path,
      "an archive of torch.save, with one data.pkl",
      `an archive with ${pickles.length}`,
    );
  }
  const folder = pickles[0].slice(0, -"data.pkl".length);
  if (records.has(`${folder}constants.pkl`)) {
    throw broken(path, "weights of torch.save", "a program of TorchScript");
  }
  const placeOf = (name: string): StoragePlace | undefined => {
    const record = records.get(`${folder}${name}`);
    if (record !== undefined && !record.isStored) {
      throw broken(
        path,
        "of records that are stored as they are, as torch.save writes them",
        `${name}, compressed or encrypted`,
      );
    }
    // PyTorch can be told to leave checksums out.
    if (record === undefined || (checksums && record.checksum !== 0)) {
      return record;
    }
    return { offset: record.offset, size: record.size };
  };
  const { offset, size } = placeOf("data.pkl")!;
  await checkStorage(reader, "data.pkl", placeOf("data.pkl")!);
  const input = pickleFileInput(reader, [offset, offset + size]);
  return {
    value: unpickleFrom(input, options),
    locate: ({ key }) => placeOf(`data/${key}`),
    isBigEndian: await isBigEndian(reader, placeOf("byteorder")),
  };
}

async function isBigEndian(
  reader: RangeReader,
  record: StoragePlace | undefined,
): Promise<boolean> {
  // Versions before 2.1 wrote no such record, and big-endian machines were not supported.
  if (record === undefined) return false;
  await checkStorage(reader, "byteorder", record);
  const length = Math.min(record.size, 16);
  const order = new TextDecoder().decode(
    reader.bytes(record.offset, length),
  );
  if (order !== "little" && order !== "big") {
    throw broken(reader.path, "of byte order little or big", order);
  }
  return order === "big";
}
