import { tf } from "../tf.ts";
import { missingKernels } from "./missing_kernels.ts";
import { refuseWrongGradients } from "./refused_gradients.ts";
import { correctHighRank } from "./high_rank.ts";

/** What {@linkcode startWebgpu} started. */
export interface StartedWebgpu {
  /** Version of tfjs's webgpu package. */
  version: string;
  /** What computes, and what it cannot compute, one line. */
  description: string;
}

let started: Promise<string> | undefined;

/**
 * Starts the WebGPU backend on the system's graphics adapter and makes it tfjs's current one.
 *
 * The npm package is loaded here and not before. What the backend cannot do, each with an error that says so: give a
 * tensor's values at once (`dataSync`, `arraySync`; they come with `await tensor.data()`), differentiate average
 * pooling over a border and bilinear resizing with `halfPixelCenters`. Kernels this project uses and the backend
 * lacks are named in the description.
 *
 * Calling it again only makes the backend the current one.
 *
 * @throws {Error} If Deno does not offer WebGPU, the system has no adapter, or the adapter gives no device.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * async function multiply() {
 *   const { description } = await useBackend("webgpu");
 *   console.log(description); // webgpu 4.22.0 on NVIDIA GeForce RTX 4070
 *   return await tf.matMul([[1, 2]], [[3], [4]]).data(); // [11]
 * }
 * console.log(multiply.name); // to be called where there is an adapter
 * ```
 */
export async function startWebgpu(): Promise<StartedWebgpu> {
  started ??= start();
  let adapter: string;
  try {
    adapter = await started;
  } catch (error) {
    started = undefined;
    throw error;
  }
  await tf.setBackend("webgpu");
  const missing = missingKernels();
  const without = missing.length > 0 ? `, without ${missing.join(", ")}` : "";
  const version = tf.version_core;
  return { version, description: `webgpu ${version} on ${adapter}${without}` };
}

async function start(): Promise<string> {
  if (!navigator.gpu) {
    throw new Error(
      "Cannot start the webgpu backend as Deno must offer WebGPU: run with --unstable-webgpu",
    );
  }
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) {
    throw new Error(
      "Cannot start the webgpu backend as the system must have a graphics adapter with Vulkan, Metal or Direct3D 12: " +
        "none was found (on Debian, mesa-vulkan-drivers and libvulkan1 make one in software)",
    );
  }
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!await tf.setBackend("webgpu")) {
    throw new Error(
      `Cannot start the webgpu backend as the adapter must give a device: ${adapter.info.description} does not`,
    );
  }
  correctHighRank();
  refuseWrongGradients();
  refuseReadingAtOnce(tf.backend() as unknown as ReadableBackend);
  return adapter.info.description || adapter.info.vendor || "an adapter";
}

/** What is used of tfjs's backend. */
interface ReadableBackend {
  readonly tensorMap: { get(dataId: object): { values?: unknown } };
  readSync(dataId: object): tf.BackendValues;
}

/** tfjs reads at once by drawing on a canvas, which Deno does not have. */
function refuseReadingAtOnce(backend: ReadableBackend): void {
  const readSync = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    if (backend.tensorMap.get(dataId).values == null) {
      throw new Error(
        "Cannot read a tensor at once on webgpu as its values must come from the graphics adapter: use await tensor.data()",
      );
    }
    return readSync(dataId);
  };
}
