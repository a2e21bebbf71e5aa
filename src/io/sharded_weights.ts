/**
 * Weights that lie in several files, with an index that tells which tensor is in which.
 *
 * @module
 */
import type { WeightsContent } from "./weights_file.ts";

/** Longest index, in bytes. */
const LONGEST_INDEX = 100_000_000;

/**
 * Opens the files of an index, as `model.safetensors.index.json` or `pytorch_model.bin.index.json`.
 *
 * @param path The index; the files lie beside it.
 * @param openShard Opens one of them.
 * @returns What is in all of them; to be closed by the caller.
 * @throws {SyntaxError} If the index is malformed, names files outside of its folder, or tensors that are not there.
 * @throws {Deno.errors.NotFound} If a file is missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openSafetensors } from "./open_safetensors.ts";
 * import { openSharded } from "./sharded_weights.ts";
 * import { writeSafetensors } from "./write_safetensors.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const scale = { shape: [1], data: new Float32Array([3]) };
 * await writeSafetensors(`${folder}/1.safetensors`, { scale });
 * const index = { weight_map: { scale: "1.safetensors" } };
 * const path = `${folder}/model.safetensors.index.json`;
 * await Deno.writeTextFile(path, JSON.stringify(index));
 * const { tensors, close } = await openSharded(path, openSafetensors);
 * assertEquals([...tensors.keys()], ["scale"]);
 * close();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openSharded(
  path: string,
  openShard: (path: string) => Promise<WeightsContent>,
): Promise<WeightsContent> {
  const refuse = (rule: string, value: string) =>
    new SyntaxError(
      `Cannot read the index of weights as '${path}' must be ${rule}: current value is ${value}`,
    );
  const { size } = await Deno.stat(path);
  if (size > LONGEST_INDEX) {
    throw refuse(`of at most ${LONGEST_INDEX} bytes`, `${size} bytes`);
  }
  const map = weightMap(await Deno.readTextFile(path), refuse);
  const folder = path.slice(
    0,
    Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1,
  );
  const shards = new Map<string, WeightsContent>();
  const close = () => shards.values().forEach((shard) => shard.close());
  try {
    for (const name of new Set(map.values())) {
      if (/[/\\]/.test(name) || name === ".." || name === "." || name === "") {
        throw refuse("of files in its own folder", name);
      }
      shards.set(name, await openShard(folder + name));
    }
    const tensors = Array.from(map, ([name, shard]) => {
      const tensor = shards.get(shard)!.tensors.get(name);
      if (tensor === undefined) {
        throw refuse(`right that ${shard} holds ${name}`, "a file without it");
      }
      return [name, tensor] as const;
    });
    const contents = [...shards.values()];
    return {
      format: `${contents[0]?.format ?? "safetensors"}, sharded`,
      metadata: Object.assign({}, ...contents.map(({ metadata }) => metadata)),
      tensors: new Map(tensors),
      skipped: contents.flatMap(({ skipped = [] }) => skipped),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function weightMap(
  text: string,
  refuse: (rule: string, value: string) => SyntaxError,
): Map<string, string> {
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch {
    throw refuse("JSON", text.slice(0, 40).replaceAll(/\s+/g, " "));
  }
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  const isMap = typeof map === "object" && map !== null &&
    Object.values(map).every((file) => typeof file === "string");
  if (!isMap) throw refuse("one with a weight_map of file names", "another");
  return new Map(Object.entries(map as { [name: string]: string }));
}
