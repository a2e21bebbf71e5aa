import { tf } from "../tf.ts";
import type { WasmBackend } from "./heap.ts";
import { registerKernels } from "./register.ts";

/** Options of {@linkcode startWasm}. */
export interface StartWasmOptions {
  /** Threads wished for. The backend has one, and its description says so. @default {1} */
  threads?: number;
}

/** What {@linkcode startWasm} started. */
export interface StartedWasm {
  /** Version of tfjs's wasm package. */
  version: string;
  /** What computes, one line. */
  description: string;
}

let started: Promise<string> | undefined;

/**
 * Starts the WebAssembly backend and makes it tfjs's current one.
 *
 * Nothing needs to be installed: the compiled module (with SIMD where the runtime has it) lies in the npm package,
 * which is loaded here and not before. It needs read permission for Deno's npm cache, and no network once that is
 * filled.
 *
 * The kernels tfjs lacks, has slow or has wrong are replaced by the ones in this folder, so that everything this
 * project trains can be trained here. It computes on one thread: tfjs's threaded module can be started under Deno by a
 * detour, and then halves the time of convolutions on two idle cores, but takes up to fifteen times as long on two
 * busy ones, because its threads wait by spinning.
 *
 * Calling it again only makes the backend the current one.
 *
 * @throws {Error} If the compiled module cannot be read.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * const { description } = await useBackend("wasm");
 * console.log(description); // wasm 4.22.0 on the CPU, one thread
 * tf.matMul([[1, 2]], [[3], [4]]).print(); // [[11]]
 * ```
 */
export async function startWasm(
  { threads = 1 }: StartWasmOptions = {},
): Promise<StartedWasm> {
  started ??= start();
  let version: string;
  try {
    version = await started;
  } catch (error) {
    started = undefined;
    throw error;
  }
  await tf.setBackend("wasm");
  const instead = threads > 1 ? ` instead of ${threads}` : "";
  return {
    version,
    description: `wasm ${version} on the CPU, one thread${instead}`,
  };
}

async function start(): Promise<string> {
  const { version_wasm } = await import("@tensorflow/tfjs-backend-wasm");
  if (!await tf.setBackend("wasm")) {
    throw new Error(
      "Cannot start the wasm backend as its compiled module must be readable in Deno's npm cache: " +
        "run with --allow-read",
    );
  }
  refuseNullAddresses(tf.backend() as unknown as WasmBackend);
  registerKernels();
  return version_wasm;
}

/** tfjs takes the address 0 of a failed allocation for a tensor's place and writes there. */
function refuseNullAddresses({ wasm }: WasmBackend): void {
  // The first call replaces the function by the compiled one, and would replace ours.
  wasm._free(wasm._malloc(8));
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    // What does not fit into 32 bits would be cut down to them.
    const at = bytes < 2 ** 32 ? allocate(bytes) : 0;
    if (at === 0 && bytes > 0) {
      throw new RangeError(
        `Cannot allocate a tensor on wasm as 'bytes' must fit into what is left of the heap's 4 GiB: current value is ${bytes}`,
      );
    }
    return at;
  };
}
