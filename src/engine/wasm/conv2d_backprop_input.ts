import type { tf } from "../tf.ts";
import {
  type Conv2DAttributes,
  conv2DInfo,
  type Shape4D,
} from "./conv2d_info.ts";
import {
  address,
  numbers,
  runKernel,
  type WasmBackend,
  wasmKernel,
  withScratch,
} from "./heap.ts";
import { multiplyMatrices } from "./matrix_product.ts";

interface Inputs {
  dy: tf.TensorInfo;
  filter: tf.TensorInfo;
}

interface Attributes extends Conv2DAttributes {
  inputShape: Shape4D;
}

/** Contributions held at once: enough for the product to be worth it, few enough to stay in the cache. */
const numbersPerProduct = 2 ** 18;

type Convolution = tf.backend_util.Conv2DInfo;

/**
 * `Conv2DBackpropInput` for wasm: the gradient of a convolution for its input, and the transposed convolution,
 * dX[n, s y + i - p, s x + j - p, c] = sum_d dY[n, y, x, d] W[i, j, c, d].
 *
 * At stride 1 it is the convolution of dY with the filter turned by 180 degrees, its channels exchanged; otherwise a
 * matrix product gives the contribution of every output position, and these are added where they belong. The compiled
 * kernel loops over single numbers: 13 times slower at 32 channels.
 */
export const conv2DBackpropInput: tf.KernelConfig = wasmKernel<
  Inputs,
  Attributes
>("Conv2DBackpropInput", ({ inputs: { dy, filter }, attributes, backend }) => {
  const conv = conv2DInfo(attributes.inputShape, filter.shape, attributes);
  const top = conv.filterHeight - 1 - conv.padInfo.top;
  const left = conv.filterWidth - 1 - conv.padInfo.left;
  const bottom = conv.inHeight - conv.outHeight + conv.padInfo.top;
  const right = conv.inWidth - conv.outWidth + conv.padInfo.left;
  const convolves = conv.strideHeight === 1 && conv.strideWidth === 1 &&
    Math.min(top, bottom, left, right) >= 0;
  return convolves
    ? convolve(backend, dy, filter, [[0, 0], [top, bottom], [left, right], [
      0,
      0,
    ]])
    : scatter(backend, dy, filter, conv);
});

/** dX at stride 1: dY convolved with the turned filter. */
function convolve(
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  pad: tf.backend_util.ExplicitPadding,
): tf.TensorInfo {
  const [height, width, inChannels, outChannels] = filter.shape;
  const turned = backend.makeOutput(
    [height, width, outChannels, inChannels],
    "float32",
  );
  const from = numbers(backend, filter);
  const to = numbers(backend, turned);
  const tapSize = inChannels * outChannels;
  for (let tap = 0; tap < height * width; tap++) {
    const target = (height * width - 1 - tap) * tapSize;
    for (let c = 0; c < inChannels; c++) {
      for (let d = 0; d < outChannels; d++) {
        to[target + d * inChannels + c] =
          from[tap * tapSize + c * outChannels + d];
      }
    }
  }
  const dx = runKernel(backend, "Conv2D", { x: dy, filter: turned }, {
    strides: 1,
    dilations: 1,
    pad,
    dataFormat: "NHWC",
  });
  backend.disposeData(turned.dataId);
  return dx;
}

/** dX at any stride: the product of dY and the filter, added up image by image. */
function scatter(
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  conv: Convolution,
): tf.TensorInfo {
  const { outChannels, filterHeight, filterWidth, inChannels } = conv;
  const patch = filterHeight * filterWidth * inChannels;
  const positions = conv.outHeight * conv.outWidth;
  const dx = backend.makeOutput(conv.inShape, "float32");
  numbers(backend, dx).fill(0);
  const flat = { ...filter, shape: [patch, outChannels] };
  const transposed = runKernel(backend, "Transpose", { x: flat }, {
    perm: [1, 0],
  });
  const step = Math.min(
    conv.batchSize,
    Math.max(1, Math.floor(numbersPerProduct / (positions * patch))),
  );
  withScratch(backend, [step * positions * patch], (patches) => {
    const right = address(backend, transposed);
    const result = address(backend, patches);
    for (let image = 0; image < conv.batchSize; image += step) {
      const images = Math.min(step, conv.batchSize - image);
      const left = address(backend, dy) + image * positions * outChannels * 4;
      multiplyMatrices(
        backend,
        { rows: images * positions, inner: outChannels, columns: patch },
        [[left, right, result]],
      );
      addPatches(
        numbers(backend, patches),
        numbers(backend, dx),
        conv,
        image,
        images,
      );
    }
  });
  backend.disposeData(transposed.dataId);
  return dx;
}

/** Adds `[positions, filterHeight, filterWidth, inChannels]` to the pixels each patch covers. */
function addPatches(
  patches: ArrayLike<number>,
  dx: { [index: number]: number },
  conv: Convolution,
  firstImage: number,
  images: number,
): void {
  const { inHeight, inWidth, inChannels, filterHeight, filterWidth } = conv;
  let at = 0;
  for (let line = 0; line < images * conv.outHeight; line++) {
    const image = firstImage + Math.floor(line / conv.outHeight);
    const row = line % conv.outHeight;
    const top = row * conv.strideHeight - conv.padInfo.top;
    for (let column = 0; column < conv.outWidth; column++) {
      const left = column * conv.strideWidth - conv.padInfo.left;
      const first = Math.max(0, -left) * inChannels;
      const end = Math.min(filterWidth, inWidth - left) * inChannels;
      for (let i = 0; i < filterHeight; i++, at += filterWidth * inChannels) {
        const y = top + i;
        if (y < 0 || y >= inHeight) continue;
        const target = ((image * inHeight + y) * inWidth + left) * inChannels;
        for (let k = first; k < end; k++) dx[target + k] += patches[at + k];
      }
    }
  }
}
