import golden from "../golden/torch_checkpoints.json" with { type: "json" };
import { openWeights, type OpenWeightsOptions } from "../../src/io/weights.ts";
import type { WeightsFile, WeightsTensor } from "../../src/io/weights_file.ts";

/** Name of a checkpoint in tests/golden/torch_checkpoints.json. */
export type GoldenFile = keyof typeof golden.files;

/** Tensors as the golden file lists them. */
export type Listed = {
  [name: string]: { dtype: string; shape: number[]; data: string[] };
};

/** The bytes of a checkpoint that PyTorch wrote. */
export async function goldenBytes(
  name: GoldenFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = Uint8Array.fromBase64(golden.files[name]);
  const plain = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

/** PyTorch's names of element types. */
const DTYPES: { readonly [name: string]: string } = {
  float64: "F64",
  float32: "F32",
  float16: "F16",
  bfloat16: "BF16",
  float8_e4m3fn: "F8_E4M3",
  float8_e5m2: "F8_E5M2",
  int64: "I64",
  int32: "I32",
  int16: "I16",
  int8: "I8",
  uint64: "U64",
  uint32: "U32",
  uint16: "U16",
  uint8: "U8",
  bool: "BOOL",
};

/** Tensors that were read, in the words of the golden file. */
export function listed(
  tensors: readonly (readonly [string, WeightsTensor])[],
): Listed {
  return Object.fromEntries(tensors.map(([name, { dtype, shape, data }]) => {
    const type = Object.entries(DTYPES).find(([, ours]) => ours === dtype)![0];
    const words = Array.from(
      data as ArrayLike<number>,
      (value) => dtype === "BOOL" ? (value ? "True" : "False") : String(value),
    );
    return [name, { dtype: type, shape, data: words }];
  }));
}

/** The golden file's words as JavaScript writes numbers. */
export function wanted(tensors: Listed): Listed {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data }]) => [name, {
      dtype,
      shape,
      data: data.map((text) =>
        dtype.includes("float") ? String(Number(text)) : text
      ),
    }]),
  );
}

/** Reads all tensors of an open file. */
export async function readAll(
  file: WeightsFile,
): Promise<[string, WeightsTensor][]> {
  const tensors: [string, WeightsTensor][] = [];
  for (const { name } of file.entries) {
    tensors.push([name, await file.read(name)]);
  }
  return tensors;
}

/** Writes a file, opens it as weights, reads them all and closes it. */
export async function readBytes(
  path: string,
  bytes: Uint8Array,
  options?: OpenWeightsOptions,
): Promise<Listed> {
  await Deno.writeFile(path, bytes);
  using file = await openWeights(path, options);
  return listed(await readAll(file));
}
