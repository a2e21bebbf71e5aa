import { tf } from "../tf.ts";
import {
  type Conv2DAttributes,
  conv2DInfo,
  type Shape4D,
} from "./conv2d_info.ts";
import {
  address,
  copyRun,
  type Numbers,
  numbers,
  wasmKernel,
  withScratch,
} from "./heap.ts";
import { multiplyMatrices, type ProductAddresses } from "./matrix_product.ts";

interface Inputs {
  x: tf.TensorInfo;
  dy: tf.TensorInfo;
}

interface Attributes extends Conv2DAttributes {
  filterShape: Shape4D;
}

/** Positions per matrix product: few enough for both matrices to stay in the processor's cache. */
const positionsPerProduct = 4096;

/**
 * `Conv2DBackpropFilter` for wasm, which tfjs does not have: the gradient of a convolution for its filter,
 * dW[i, j, c, d] = sum_{n, y, x} X[n, s y + i - p, s x + j - p, c] dY[n, y, x, d].
 *
 * Both sides are laid on one grid as large as dY plus the filter's reach. There, moving by a filter tap is moving by a
 * number of positions, so every tap is one matrix product [C, positions] x [positions, D] from an address further on,
 * and no patch is ever copied out. dY is zero beyond its own size, which cancels whatever X has there. With a stride
 * s, X falls into s x s grids of every s-th pixel, each of which serves the taps of its own remainder.
 */
export const conv2DBackpropFilter: tf.KernelConfig = wasmKernel<
  Inputs,
  Attributes
>("Conv2DBackpropFilter", ({ inputs: { x, dy }, attributes, backend }) => {
  const { filterShape } = attributes;
  const conv = conv2DInfo(x.shape, filterShape, attributes);
  const dw = backend.makeOutput(filterShape, "float32");
  numbers(backend, dw).fill(0);
  const grid = gridOf(conv);
  const { images, positions } = grid;
  const { inChannels, outChannels } = conv;
  const tapBytes = inChannels * outChannels * 4;
  const phaseBytes = (inChannels * positions + grid.reach) * 4;
  const size = { rows: inChannels, inner: positions, columns: outChannels };

  withScratch(
    backend,
    [
      grid.phases.length * phaseBytes / 4,
      positions * outChannels,
      tf.util.sizeFromShape(filterShape),
    ],
    (xGrids, dyGrid, part) => {
      const products = grid.phases.flatMap(({ taps }, phase) =>
        taps.map(({ tap, offset }): ProductAddresses => [
          address(backend, xGrids) + phase * phaseBytes + offset * 4,
          address(backend, dyGrid),
          address(backend, part) + tap * tapBytes,
        ])
      );
      for (let image = 0; image < conv.batchSize; image += images) {
        layGradient(
          numbers(backend, dy),
          numbers(backend, dyGrid),
          conv,
          grid,
          image,
        );
        const xNumbers = numbers(backend, x);
        const grids = numbers(backend, xGrids).fill(0);
        grid.phases.forEach((phase, i) => {
          const start = i * phaseBytes / 4;
          layImage(xNumbers, grids.subarray(start), conv, grid, image, phase);
        });
        multiplyMatrices(backend, size, products);
        const sum = numbers(backend, dw);
        const summand = numbers(backend, part);
        for (let i = 0; i < sum.length; i++) sum[i] += summand[i];
      }
    },
  );
  return dw;
});

type Convolution = tf.backend_util.Conv2DInfo;

interface Grid {
  /** Images laid side by side in one product. */
  images: number;
  height: number;
  width: number;
  /** images * height * width. */
  positions: number;
  /** The largest distance of a tap. */
  reach: number;
  phases: Phase[];
}

/** Every s-th pixel of X. */
interface Phase {
  /** Its first row and column, counted from the padded corner. */
  row: number;
  column: number;
  /** The filter taps it serves, each with its distance on the grid. */
  taps: { tap: number; offset: number }[];
}

function gridOf(conv: Convolution): Grid {
  const { strideHeight, strideWidth, filterHeight, filterWidth } = conv;
  const height = conv.outHeight + Math.floor((filterHeight - 1) / strideHeight);
  const width = conv.outWidth + Math.floor((filterWidth - 1) / strideWidth);
  const phases: Phase[] = [];
  for (let row = 0; row < Math.min(strideHeight, filterHeight); row++) {
    for (
      let column = 0;
      column < Math.min(strideWidth, filterWidth);
      column++
    ) {
      const taps: Phase["taps"] = [];
      for (let i = row; i < filterHeight; i += strideHeight) {
        for (let j = column; j < filterWidth; j += strideWidth) {
          taps.push({
            tap: i * filterWidth + j,
            offset: Math.floor(i / strideHeight) * width +
              Math.floor(j / strideWidth),
          });
        }
      }
      phases.push({ row, column, taps });
    }
  }
  const products = Math.ceil(
    conv.batchSize * height * width / positionsPerProduct,
  );
  const images = Math.ceil(conv.batchSize / products);
  return {
    images,
    height,
    width,
    positions: images * height * width,
    reach: (height - conv.outHeight) * width + width - conv.outWidth,
    phases,
  };
}

/** dY of some images on the grid, `[positions, outChannels]`, zero elsewhere. */
function layGradient(
  from: Numbers,
  to: Numbers,
  { outHeight, outWidth, outChannels, batchSize }: Convolution,
  { images, height, width }: Grid,
  firstImage: number,
): void {
  to.fill(0);
  const rowLength = outWidth * outChannels;
  for (let n = 0; n < Math.min(images, batchSize - firstImage); n++) {
    for (let row = 0; row < outHeight; row++) {
      const start = ((firstImage + n) * outHeight + row) * rowLength;
      const target = (n * height + row) * width * outChannels;
      copyRun(from, start, to, target, rowLength);
    }
  }
}

/** X of some images on the grid of one phase, `[inChannels, positions]`; what lies outside the image is left. */
function layImage(
  from: Numbers,
  to: Numbers,
  conv: Convolution,
  { images, height, width, positions }: Grid,
  firstImage: number,
  phase: Phase,
): void {
  const { inHeight, inWidth, inChannels, batchSize } = conv;
  const { strideHeight, strideWidth, padInfo } = conv;
  const left = phase.column - padInfo.left;
  const firstColumn = Math.max(0, Math.ceil(-left / strideWidth));
  const endColumn = Math.min(width, Math.ceil((inWidth - left) / strideWidth));
  for (let n = 0; n < Math.min(images, batchSize - firstImage); n++) {
    for (let row = 0; row < height; row++) {
      const y = row * strideHeight + phase.row - padInfo.top;
      if (y < 0 || y >= inHeight) continue;
      const source = (((firstImage + n) * inHeight + y) * inWidth + left) *
        inChannels;
      const target = (n * height + row) * width;
      const step = strideWidth * inChannels;
      for (let channel = 0; channel < inChannels; channel++) {
        let at = source + firstColumn * step + channel;
        const line = channel * positions + target;
        for (
          let column = firstColumn;
          column < endColumn;
          column++, at += step
        ) {
          to[line + column] = from[at];
        }
      }
    }
  }
}
