/**
 * Which backend computes.
 *
 * @module
 */
import { quietTensorFlow } from "./environment.ts";
import { findLibrary, type LibraryFile } from "./tensorflow/library.ts";
import { startTensorFlow } from "./tensorflow/backend.ts";
import { tf } from "./tf.ts";

/** Names of the backends. */
export type BackendName = "tensorflow" | "wasm" | "webgpu";

/** Options of {@linkcode useBackend}. */
export interface UseBackendOptions {
  /**
   * Threads of the backend. TensorFlow takes their number once per process: a backend that runs already can be asked
   * for again only with the same number, or with none.
   *
   * @default {0} all cores
   */
  threads?: number;
  /** File or folder of libtensorflow; otherwise it is looked for. */
  library?: string;
}

/** What was chosen. */
export interface BackendInfo {
  /** The backend. */
  name: BackendName;
  /** Version of what computes. */
  version: string;
  /** What was chosen and why, one line. */
  description: string;
}

/** The TensorFlow that runs. Starting it again would leave a second set of threads and memory behind. */
let running:
  | { info: BackendInfo; library: string; threads: number | undefined }
  | undefined;

/**
 * Chooses what computes.
 *
 * - `"tensorflow"`: libtensorflow, CPU or CUDA, called directly. The fast one.
 * - `"wasm"`: comes with the package and needs nothing; ten times slower and more.
 * - `"webgpu"`: the GPU through Deno's WebGPU (`--unstable-webgpu`).
 * - `"auto"`: tensorflow where the library is found, else wasm.
 *
 * Only looks for libtensorflow; `deno task setup` installs it. A backend that runs already is kept: asking for it again,
 * or going to another and back, costs nothing.
 *
 * @throws {RangeError} If there is no backend of that name, `threads` is no whole number from 0 on or differs from what
 * the running backend was started with, or the library the user named is no good.
 * @throws {Error} If the backend cannot be started; `"auto"` falls back only where no library was found at all, never
 * past a broken one.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 *
 * const { description } = await useBackend("auto");
 * console.log(description);
 * ```
 */
export async function useBackend(
  name: BackendName | "auto" = "auto",
  options: UseBackendOptions = {},
): Promise<BackendInfo> {
  checkThreads(options.threads);
  const info = await start(name, options);
  await tf.setBackend(info.name);
  await tf.ready();
  return info;
}

async function start(
  name: BackendName | "auto",
  options: UseBackendOptions,
): Promise<BackendInfo> {
  switch (name) {
    case "tensorflow":
    case "auto": {
      const { library, places } = findLibrary({ library: options.library });
      if (library !== undefined) return await startFound(library, options);
      if (name === "auto") {
        const wasm = await start("wasm", options);
        return {
          ...wasm,
          description:
            `${wasm.description}, because no libtensorflow was found; 'deno task setup' installs it and makes everything at least ten times faster`,
        };
      }
      throw new Error(
        `Cannot use the tensorflow backend as libtensorflow must be installed ('deno task setup' does it): looked in ${
          places.join("; ")
        }`,
      );
    }
    // Loaded only where chosen: the other backends need neither.
    case "wasm": {
      const { startWasm } = await import("./wasm/backend.ts");
      return { name, ...await startWasm({ threads: options.threads }) };
    }
    case "webgpu": {
      const { startWebgpu } = await import("./webgpu/backend.ts");
      return { name, ...await startWebgpu() };
    }
    default:
      throw new RangeError(
        `Cannot choose a backend as 'name' must be auto, tensorflow, wasm or webgpu: current value is ${name}`,
      );
  }
}

async function startFound(
  { path, source }: LibraryFile,
  { threads }: UseBackendOptions,
): Promise<BackendInfo> {
  if (running?.library !== path) {
    quietTensorFlow();
    const { backend, version } = await startTensorFlow(path, { threads });
    const device = backend.isUsingGpuDevice ? "GPU" : "CPU";
    const info: BackendInfo = {
      name: "tensorflow",
      version,
      description:
        `tensorflow ${version} on ${device}, from ${path} (${source})`,
    };
    running = { info, library: path, threads };
  } else if (threads !== undefined && threads !== (running.threads ?? 0)) {
    throw new RangeError(
      `Cannot use the tensorflow backend as 'threads' must be what it was started with in this process (${
        running.threads || "all cores"
      }): current value is ${threads}`,
    );
  }
  return running!.info;
}

function checkThreads(threads: number | undefined): void {
  if (threads === undefined) return;
  if (!(Number.isInteger(threads) && threads >= 0)) {
    throw new RangeError(
      `Cannot choose a backend as 'threads' must be a whole number from 0 on: current value is ${threads}`,
    );
  }
}
