/**
 * What PyTorch's checkpoints name in their pickles: tensors and where their values lie. Nothing of PyTorch runs.
 *
 * @module
 */
import { PickleGlobal, type PickleObject } from "./pickle_objects.ts";
import { latin1 } from "./pickle_literals.ts";
import type { SafetensorsDtype } from "./safetensors_format.ts";

/** Values of one or several tensors. */
export interface TorchStorage {
  /** Its name in the checkpoint. */
  key: string;
  /** Element type; undefined if bytes are counted, or if it is none that is read. */
  dtype: SafetensorsDtype | undefined;
  /** The type as PyTorch calls it. */
  type: string;
  /** How many elements, or bytes, there are. */
  count: number;
  /** Where a view of another storage starts in it, in elements. */
  start: number;
}

/**
 * A tensor, as far as the pickle tells; nothing of it is checked yet.
 *
 * @example
 * ```ts
 * import { TorchTensor } from "./torch_objects.ts";
 *
 * const type = "torch.FloatStorage";
 * const storage = { key: "0", dtype: "F32", type, count: 6, start: 0 } as const;
 * new TorchTensor(storage, 0, [2, 3], [3, 1], "F32").shape;
 * ```
 */
export class TorchTensor {
  /**
   * @param storage Where the values are.
   * @param offset First value, in elements.
   * @param shape Length along each axis.
   * @param strides Elements from one value to the next along each axis.
   * @param dtype Element type; undefined if it is none that is read.
   */
  constructor(
    /** Where the values are. */
    readonly storage: TorchStorage,
    /** First value, in elements. */
    readonly offset: unknown,
    /** Length along each axis. */
    readonly shape: unknown,
    /** Elements from one value to the next along each axis. */
    readonly strides: unknown,
    /** Element type; undefined if it is none that is read. */
    readonly dtype: SafetensorsDtype | undefined,
  ) {}
}

/**
 * Stands for an object that is passed over: it takes what the pickle puts into it, and forgets it.
 *
 * @example
 * ```ts
 * import { OpaqueObject } from "./torch_objects.ts";
 *
 * new OpaqueObject("argparse.Namespace").setState();
 * ```
 */
export class OpaqueObject implements PickleObject {
  /** @param name Its class, as the pickle calls it. */
  constructor(
    /** Its class, as the pickle calls it. */
    readonly name: string,
  ) {}
  /** Forgets the state. */
  setState(): void {}
  /** Forgets the entry. */
  setItem(): void {}
  /** Forgets the item. */
  append(): void {}
}

type Callable = (...args: unknown[]) => unknown;

const DTYPES: { readonly [name: string]: SafetensorsDtype } = {
  float64: "F64",
  double: "F64",
  float32: "F32",
  float: "F32",
  float16: "F16",
  half: "F16",
  bfloat16: "BF16",
  float8_e4m3fn: "F8_E4M3",
  float8_e5m2: "F8_E5M2",
  int64: "I64",
  long: "I64",
  int32: "I32",
  int: "I32",
  int16: "I16",
  short: "I16",
  int8: "I8",
  uint64: "U64",
  uint32: "U32",
  uint16: "U16",
  uint8: "U8",
  bool: "BOOL",
};

const STORAGES: { readonly [name: string]: SafetensorsDtype | undefined } = {
  DoubleStorage: "F64",
  FloatStorage: "F32",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  ShortStorage: "I16",
  CharStorage: "I8",
  ByteStorage: "U8",
  BoolStorage: "BOOL",
  ComplexFloatStorage: undefined,
  ComplexDoubleStorage: undefined,
  QInt8Storage: undefined,
  QUInt8Storage: undefined,
  QInt32Storage: undefined,
};

/** Types that are counted in bytes. */
const UNTYPED = ["torch.storage.UntypedStorage", "torch.UntypedStorage"];

/** Classes and functions around weights that say nothing about them: they are passed over wherever they stand. */
const HARMLESS = [
  "argparse.Namespace",
  "types.SimpleNamespace",
  "collections.Counter",
  "collections.deque",
  "copyreg._reconstructor",
  "copy_reg._reconstructor",
  ...["object", "int", "float", "complex", "str", "list", "dict", "tuple"]
    .flatMap((name) => [`builtins.${name}`, `__builtin__.${name}`]),
  ...["bool", "slice", "range"]
    .flatMap((name) => [`builtins.${name}`, `__builtin__.${name}`]),
  ...["date", "datetime", "time", "timedelta", "timezone"]
    .map((name) => `datetime.${name}`),
  ...["PosixPath", "WindowsPath", "PurePosixPath", "Path"]
    .flatMap((name) => [`pathlib.${name}`, `pathlib._local.${name}`]),
  ...["numpy.core.multiarray", "numpy._core.multiarray"]
    .flatMap((module) => [`${module}.scalar`, `${module}._reconstruct`]),
  ...["dtype", "ndarray", "bool_", "float32", "float64", "int32", "int64"]
    .map((name) => `numpy.${name}`),
  ...["pytorch_lightning", "lightning.pytorch"].flatMap((module) => [
    `${module}.callbacks.model_checkpoint.ModelCheckpoint`,
    `${module}.callbacks.early_stopping.EarlyStopping`,
    `${module}.utilities.parsing.AttributeDict`,
  ]),
  "torch.device",
  "torch.serialization._get_layout",
  "torch.Generator",
  "torch._utils._rebuild_sparse_tensor",
  "torch._utils._rebuild_sparse_csr_tensor",
  "torch._utils._rebuild_qtensor",
  "torch._utils._rebuild_meta_tensor_no_storage",
  "torch.per_tensor_affine",
  "torch.per_channel_affine",
  "torch.sparse_coo",
  "torch.strided",
];

/**
 * The functions and classes that a checkpoint may name, for `unpickle`.
 *
 * @param opaque More names that are passed over: nothing of them runs, and what they hold is not seen.
 * @returns What stands for each of them.
 *
 * @example
 * ```ts
 * import { torchGlobals } from "./torch_objects.ts";
 *
 * Object.hasOwn(torchGlobals(), "os.system"); // false
 * ```
 */
export function torchGlobals(
  opaque: readonly string[] = [],
): { readonly [name: string]: Callable } {
  // Types stand for themselves in arguments; a pickle that calls them is refused.
  const uncalled = () => undefined;
  const passOver = [...HARMLESS, ...opaque]
    .map((name) => [name, () => new OpaqueObject(name)] as const);
  const types = [
    ...Object.keys(DTYPES).map((name) => `torch.${name}`),
    ...Object.keys(STORAGES)
      .flatMap((name) => [`torch.${name}`, `torch.cuda.${name}`]),
    ...UNTYPED,
    "torch.Tensor",
    "torch.nn.parameter.Parameter",
    "torch.nn.Parameter",
  ].map((name) => [name, uncalled] as const);
  return {
    ...Object.fromEntries<Callable>([...types, ...passOver]),
    "collections.OrderedDict": (items = []) => mapOf(items),
    "collections.defaultdict": () => new Map(),
    "torch.Size": (items = []) => items,
    "torch._utils._rebuild_tensor": rebuild,
    "torch._utils._rebuild_tensor_v2": rebuild,
    "torch._utils._rebuild_tensor_v3": (
      storage,
      offset,
      shape,
      strides,
      ...rest
    ) => rebuildAs(rest[2], storage, offset, shape, strides),
    "torch._utils._rebuild_parameter": tensorItself,
    "torch._utils._rebuild_parameter_with_state": tensorItself,
    "torch._tensor._rebuild_from_type_v2": (callee, _type, args) =>
      callee instanceof PickleGlobal && Array.isArray(args) &&
        callee.name.startsWith("torch._utils.")
        ? callee.call(...args)
        : undefined,
  };
}

/**
 * Reads the persistent id of a storage, for `unpickle`.
 *
 * @param id The id.
 * @returns The storage; undefined if it is none.
 *
 * @example
 * ```ts
 * import { PickleGlobal } from "./pickle_objects.ts";
 * import { storageOf } from "./torch_objects.ts";
 *
 * const type = new PickleGlobal("torch.FloatStorage", () => undefined);
 * storageOf(["storage", type, "0", "cpu", 6])?.dtype; // "F32"
 * ```
 */
export function storageOf(id: unknown): TorchStorage | undefined {
  if (!Array.isArray(id)) return undefined;
  const [kind, type, key, , count, view] = id;
  if (
    textOf(kind) !== "storage" || !(type instanceof PickleGlobal) ||
    textOf(key) === undefined || !isCount(count)
  ) return undefined;
  const start = Array.isArray(view) ? view[1] : 0;
  if (!isCount(start)) return undefined;
  const name = type.name.replace(/^torch\.(cuda\.)?/, "");
  if (!UNTYPED.includes(type.name) && !Object.hasOwn(STORAGES, name)) {
    return undefined;
  }
  return {
    key: textOf(key)!,
    dtype: STORAGES[name],
    type: type.name,
    count,
    start,
  };
}

/**
 * Text of a pickle, which Python 2 wrote as bytes.
 *
 * @param value Text or bytes.
 * @returns Text; undefined if it is neither.
 *
 * @example
 * ```ts
 * import { textOf } from "./torch_objects.ts";
 *
 * textOf(new Uint8Array([0x61])); // "a"
 * ```
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? latin1(value) : undefined;
}

function rebuild(
  storage: unknown,
  offset?: unknown,
  shape?: unknown,
  strides?: unknown,
): unknown {
  if (!isStorage(storage)) return undefined;
  return new TorchTensor(storage, offset, shape, strides, storage.dtype);
}

function rebuildAs(
  type: unknown,
  storage: unknown,
  offset: unknown,
  shape: unknown,
  strides: unknown,
): unknown {
  if (!isStorage(storage) || !(type instanceof PickleGlobal)) return undefined;
  const dtype = DTYPES[type.name.replace(/^torch\./, "")];
  const named = { ...storage, type: type.name };
  return new TorchTensor(named, offset, shape, strides, dtype);
}

function tensorItself(tensor: unknown): unknown {
  return tensor instanceof TorchTensor || tensor instanceof OpaqueObject
    ? tensor
    : undefined;
}

function mapOf(items: unknown): Map<unknown, unknown> | undefined {
  if (!Array.isArray(items)) return undefined;
  const isPairs = items.every((item) =>
    Array.isArray(item) && item.length === 2
  );
  return isPairs ? new Map(items) : undefined;
}

function isStorage(value: unknown): value is TorchStorage {
  return typeof value === "object" && value !== null && "key" in value &&
    "count" in value;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
