/**
 * The part of the TensorFlow C API the engine calls, opened with `Deno.dlopen`. These functions are stable since
 * TensorFlow 2.4 and the same in CPU and CUDA builds, so any libtensorflow from 2.9 on will do.
 *
 * @module
 */

/** `TF_Output`: one output of a graph operation, passed by value. */
const OUTPUT = { struct: ["pointer", "i32"] } as const;

const SYMBOLS = {
  TF_Version: { parameters: [], result: "pointer" },
  TF_NewStatus: { parameters: [], result: "pointer" },
  TF_GetCode: { parameters: ["pointer"], result: "i32" },
  TF_Message: { parameters: ["pointer"], result: "pointer" },
  TF_SetStatus: { parameters: ["pointer", "i32", "buffer"], result: "void" },
  TF_NewBuffer: { parameters: [], result: "pointer" },
  TF_DeleteBuffer: { parameters: ["pointer"], result: "void" },
  // Tensors
  TF_AllocateTensor: {
    parameters: ["i32", "buffer", "i32", "usize"],
    result: "pointer",
  },
  TF_DeleteTensor: { parameters: ["pointer"], result: "void" },
  TF_TensorData: { parameters: ["pointer"], result: "pointer" },
  TF_TensorByteSize: { parameters: ["pointer"], result: "usize" },
  TF_StringInit: { parameters: ["pointer"], result: "void" },
  TF_StringCopy: { parameters: ["pointer", "buffer", "usize"], result: "void" },
  TF_StringDealloc: { parameters: ["pointer"], result: "void" },
  TF_StringGetDataPointer: { parameters: ["pointer"], result: "pointer" },
  TF_StringGetSize: { parameters: ["pointer"], result: "usize" },
  // Eager execution
  TFE_NewContextOptions: { parameters: [], result: "pointer" },
  TFE_ContextOptionsSetConfig: {
    parameters: ["pointer", "buffer", "usize", "pointer"],
    result: "void",
  },
  TFE_DeleteContextOptions: { parameters: ["pointer"], result: "void" },
  TFE_NewContext: { parameters: ["pointer", "pointer"], result: "pointer" },
  TFE_ContextListDevices: {
    parameters: ["pointer", "pointer"],
    result: "pointer",
  },
  TF_DeviceListCount: { parameters: ["pointer"], result: "i32" },
  TF_DeviceListType: {
    parameters: ["pointer", "i32", "pointer"],
    result: "pointer",
  },
  TF_DeleteDeviceList: { parameters: ["pointer"], result: "void" },
  TFE_ContextAddFunction: {
    parameters: ["pointer", "pointer", "pointer"],
    result: "void",
  },
  TFE_ContextRemoveFunction: {
    parameters: ["pointer", "buffer", "pointer"],
    result: "void",
  },
  TFE_NewTensorHandle: {
    parameters: ["pointer", "pointer"],
    result: "pointer",
  },
  TFE_DeleteTensorHandle: { parameters: ["pointer"], result: "void" },
  TFE_TensorHandleResolve: {
    parameters: ["pointer", "pointer"],
    result: "pointer",
  },
  TFE_TensorHandleNumDims: {
    parameters: ["pointer", "pointer"],
    result: "i32",
  },
  TFE_TensorHandleDim: {
    parameters: ["pointer", "i32", "pointer"],
    result: "i64",
  },
  TFE_TensorHandleDataType: { parameters: ["pointer"], result: "i32" },
  TFE_NewOp: {
    parameters: ["pointer", "buffer", "pointer"],
    result: "pointer",
  },
  TFE_DeleteOp: { parameters: ["pointer"], result: "void" },
  TFE_OpAddInput: {
    parameters: ["pointer", "pointer", "pointer"],
    result: "void",
  },
  TFE_OpSetAttrString: {
    parameters: ["pointer", "buffer", "buffer", "usize"],
    result: "void",
  },
  TFE_OpSetAttrInt: {
    parameters: ["pointer", "buffer", "i64"],
    result: "void",
  },
  TFE_OpSetAttrFloat: {
    parameters: ["pointer", "buffer", "f32"],
    result: "void",
  },
  TFE_OpSetAttrBool: {
    parameters: ["pointer", "buffer", "u8"],
    result: "void",
  },
  TFE_OpSetAttrType: {
    parameters: ["pointer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrShape: {
    parameters: ["pointer", "buffer", "buffer", "i32", "pointer"],
    result: "void",
  },
  TFE_OpSetAttrIntList: {
    parameters: ["pointer", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrFloatList: {
    parameters: ["pointer", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrTypeList: {
    parameters: ["pointer", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_Execute: {
    parameters: ["pointer", "buffer", "buffer", "pointer"],
    result: "void",
  },
  // Graphs and functions
  TF_NewGraph: { parameters: [], result: "pointer" },
  TF_DeleteGraph: { parameters: ["pointer"], result: "void" },
  TF_GraphGetOpDef: {
    parameters: ["pointer", "buffer", "pointer", "pointer"],
    result: "void",
  },
  TF_NewOperation: {
    parameters: ["pointer", "buffer", "buffer"],
    result: "pointer",
  },
  TF_AddInput: { parameters: ["pointer", OUTPUT], result: "void" },
  TF_AddInputList: { parameters: ["pointer", "buffer", "i32"], result: "void" },
  TF_SetAttrString: {
    parameters: ["pointer", "buffer", "buffer", "usize"],
    result: "void",
  },
  TF_SetAttrInt: { parameters: ["pointer", "buffer", "i64"], result: "void" },
  TF_SetAttrFloat: { parameters: ["pointer", "buffer", "f32"], result: "void" },
  TF_SetAttrBool: { parameters: ["pointer", "buffer", "u8"], result: "void" },
  TF_SetAttrType: { parameters: ["pointer", "buffer", "i32"], result: "void" },
  TF_SetAttrShape: {
    parameters: ["pointer", "buffer", "buffer", "i32"],
    result: "void",
  },
  TF_SetAttrIntList: {
    parameters: ["pointer", "buffer", "buffer", "i32"],
    result: "void",
  },
  TF_SetAttrFloatList: {
    parameters: ["pointer", "buffer", "buffer", "i32"],
    result: "void",
  },
  TF_SetAttrTypeList: {
    parameters: ["pointer", "buffer", "buffer", "i32"],
    result: "void",
  },
  TF_SetAttrTensor: {
    parameters: ["pointer", "buffer", "pointer", "pointer"],
    result: "void",
  },
  TF_FinishOperation: { parameters: ["pointer", "pointer"], result: "pointer" },
  TF_OperationNumOutputs: { parameters: ["pointer"], result: "i32" },
  TF_OperationOutputType: { parameters: [OUTPUT], result: "i32" },
  TF_GraphGetTensorNumDims: {
    parameters: ["pointer", OUTPUT, "pointer"],
    result: "i32",
  },
  TF_GraphGetTensorShape: {
    parameters: ["pointer", OUTPUT, "buffer", "i32", "pointer"],
    result: "void",
  },
  TF_GraphToFunction: {
    parameters: [
      "pointer",
      "buffer",
      "u8",
      "i32",
      "pointer",
      "i32",
      "buffer",
      "i32",
      "buffer",
      "pointer",
      "pointer",
      "pointer",
      "pointer",
    ],
    result: "pointer",
  },
  TF_DeleteFunction: { parameters: ["pointer"], result: "void" },
} as const;

/** A non-null address inside libtensorflow. */
export type Pointer = Deno.PointerObject;

/** The opened library: its functions, its version, and the few conventions every caller needs. */
export interface TensorFlowLibrary {
  /** The C functions by name. */
  symbols: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];
  /** Version of the library, such as `"2.21.0"`. */
  version: string;
  /** The one status object every call reports to. */
  status: Pointer;
  /** A NUL-terminated copy of a string, made once per distinct string. */
  cString: (text: string) => Uint8Array<ArrayBuffer>;
  /** Throws what the last call reported, behind `during()`; does nothing where it went well. */
  check: (during: () => string) => void;
}

/**
 * Opens libtensorflow.
 *
 * @param path The shared library: `libtensorflow_cc.so.2` of a Python wheel or `libtensorflow.so` of the C archive.
 * @returns The library, ready to be called.
 * @throws {Error} If the file cannot be loaded, or lacks a function of the C API (older than 2.9, or another library).
 *
 * @example
 * ```ts
 * import { openTensorFlow } from "./c_api.ts";
 * import { findLibrary } from "./library.ts";
 *
 * const { library } = findLibrary();
 * if (library !== undefined) {
 *   console.log(openTensorFlow(library.path).version); // 2.21.0
 * }
 * ```
 */
export function openTensorFlow(path: string): TensorFlowLibrary {
  const { symbols } = open(path);
  const version = text(symbols.TF_Version());
  const status = symbols.TF_NewStatus()!;
  const strings = new Map<string, Uint8Array<ArrayBuffer>>();
  const encoder = new TextEncoder();

  function cString(value: string): Uint8Array<ArrayBuffer> {
    let bytes = strings.get(value);
    if (bytes === undefined) {
      bytes = encoder.encode(value + "\0");
      strings.set(value, bytes);
    }
    return bytes;
  }

  function check(during: () => string): void {
    if (symbols.TF_GetCode(status) === 0) return;
    const message = text(symbols.TF_Message(status));
    symbols.TF_SetStatus(status, 0, cString(""));
    throw new Error(`${during()}: ${message}`);
  }

  return { symbols, version, status, cString, check };
}

function open(path: string): Deno.DynamicLibrary<typeof SYMBOLS> {
  try {
    const library = Deno.dlopen(path, SYMBOLS);
    pin(path);
    return library;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot open libtensorflow as '${path}' must be a loadable TensorFlow 2.9 or newer: ${reason}`,
    );
  }
}

/** Where `dlopen` is (in older glibc apart), and its flags RTLD_NOW | RTLD_NODELETE. */
const LOADERS = {
  linux: { files: ["libc.so.6", "libdl.so.2"], flags: 2 | 0x1000 },
  darwin: { files: ["libSystem.B.dylib"], flags: 2 | 0x80 },
};

/**
 * Keeps a library in memory until the process ends. Deno unloads it together with the worker or test file that opened
 * it, which TensorFlow's threads and registries do not survive.
 */
function pin(path: string): void {
  const { os } = Deno.build;
  if (os !== "linux" && os !== "darwin") return;
  const { files, flags } = LOADERS[os];
  for (const file of files) {
    // Not worth asking the user for.
    const permission = { name: "ffi", path: file } as const;
    if (Deno.permissions.querySync(permission).state !== "granted") return;
    try {
      const loader = Deno.dlopen(file, {
        dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
      });
      loader.symbols.dlopen(new TextEncoder().encode(path + "\0"), flags);
      loader.close();
      return;
    } catch {
      // The next file has it.
    }
  }
}

/**
 * Reads a C string owned by the library.
 *
 * @param pointer Where it begins.
 * @returns A copy; nothing where there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { text } from "./c_api.ts";
 *
 * const bytes = new TextEncoder().encode("2.21.0\0");
 * assertEquals(text(Deno.UnsafePointer.of(bytes)), "2.21.0");
 * assertEquals(text(null), "");
 * ```
 */
export function text(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}
