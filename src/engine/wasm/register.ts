import { tf } from "../tf.ts";
import { batchMatMul } from "./batch_mat_mul.ts";
import { cast } from "./cast.ts";
import { safeConv2D } from "./conv2d.ts";
import { conv2DBackpropFilter } from "./conv2d_backprop_filter.ts";
import { conv2DBackpropInput } from "./conv2d_backprop_input.ts";
import { erf } from "./erf.ts";
import { fusedMatMul } from "./fused_mat_mul.ts";
import { avgPoolGrad, maxPoolGrad } from "./pool_grad.ts";
import { resizeBilinearGrad } from "./resize_bilinear_grad.ts";
import {
  resizeNearestNeighbor,
  resizeNearestNeighborGrad,
} from "./resize_nearest.ts";
import { reverse } from "./reverse.ts";
import { stridedSlice } from "./strided_slice.ts";
import { mean, sum } from "./sum.ts";
import { tanh } from "./tanh.ts";
import { tile } from "./tile.ts";
import { transpose } from "./transpose.ts";
import { unsortedSegmentSum } from "./unsorted_segment_sum.ts";

const kernels: readonly tf.KernelConfig[] = [
  avgPoolGrad,
  batchMatMul,
  cast,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  erf,
  fusedMatMul,
  maxPoolGrad,
  mean,
  resizeBilinearGrad,
  resizeNearestNeighbor,
  resizeNearestNeighborGrad,
  reverse,
  stridedSlice,
  sum,
  tanh,
  tile,
  transpose,
  unsortedSegmentSum,
];

/**
 * Registers this folder's kernels for the wasm backend, in the place of the compiled ones where there are any.
 *
 * Call it after tfjs's wasm package was imported, and once its backend is initialised: tfjs sets up the compiled
 * kernels then, and some here go on using them.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { registerKernels } from "./register.ts";
 *
 * await useBackend("wasm"); // registers them, too
 * registerKernels();
 * assertEquals(tf.tile([1, 2], [2]).arraySync(), [1, 2, 1, 2]);
 * ```
 */
export function registerKernels(): void {
  const convolutions = ["Conv2D", "FusedConv2D"].map((name) =>
    safeConv2D(tf.getKernel(name, "wasm"))
  );
  for (const kernel of [...kernels, ...convolutions]) {
    if (tf.getKernel(kernel.kernelName, "wasm")) {
      tf.unregisterKernel(kernel.kernelName, "wasm");
    }
    tf.registerKernel(kernel);
  }
}
