import { tf } from "../tf.ts";
import { numbers, wasmKernel } from "./heap.ts";

interface Inputs {
  dy: tf.TensorInfo;
  input: tf.TensorInfo;
}

interface Attributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: "same" | "valid" | number | tf.backend_util.ExplicitPadding;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * `MaxPoolGrad` for wasm: the gradient of every window goes to its largest number, to the first of equals. Goes along
 * the channels, which lie together; the compiled kernel takes them one by one, 20 ns a number.
 */
export const maxPoolGrad: tf.KernelConfig = wasmKernel<Inputs, Attributes>(
  "MaxPoolGrad",
  ({ inputs: { dy, input }, attributes, backend }) => {
    const channels = input.shape[3];
    const out = backend.makeOutput(input.shape, "float32");
    const gradient = numbers(backend, dy);
    const from = numbers(backend, input);
    const to = numbers(backend, out).fill(0);
    const largest = new Float32Array(channels);
    const place = new Int32Array(channels);
    forEachWindow(input.shape, attributes, (target, pixels) => {
      const first = pixels[0] * channels;
      for (let i = 0; i < channels; i++) {
        largest[i] = from[first + i];
        place[i] = first + i;
      }
      for (let k = 1; k < pixels.length; k++) {
        for (let i = 0, at = pixels[k] * channels; i < channels; i++, at++) {
          largest[i] = Math.max(largest[i], from[at]);
        }
      }
      // Backwards, so that the first of equals is the one that stays.
      for (let k = pixels.length - 1; k >= 0; k--) {
        for (let i = 0, at = pixels[k] * channels; i < channels; i++, at++) {
          if (from[at] === largest[i]) place[i] = at;
        }
      }
      for (let i = 0; i < channels; i++) {
        to[place[i]] += gradient[target * channels + i];
      }
    });
    return out;
  },
);

/**
 * `AvgPoolGrad` for wasm: the gradient of every window in equal parts to the pixels inside the image, which are those
 * the average was taken over; the compiled kernel divides by the whole window at the border as well.
 */
export const avgPoolGrad: tf.KernelConfig = wasmKernel<Inputs, Attributes>(
  "AvgPoolGrad",
  ({ inputs: { dy, input }, attributes, backend }) => {
    const channels = input.shape[3];
    const out = backend.makeOutput(input.shape, "float32");
    const gradient = numbers(backend, dy);
    const to = numbers(backend, out).fill(0);
    forEachWindow(input.shape, attributes, (target, pixels) => {
      const part = 1 / pixels.length;
      for (const pixel of pixels) {
        for (let i = 0; i < channels; i++) {
          to[pixel * channels + i] += gradient[target * channels + i] * part;
        }
      }
    });
    return out;
  },
);

/** Calls back with every output pixel and the input pixels of its window that lie inside the image. */
function forEachWindow(
  shape: number[],
  { filterSize, strides, pad, dimRoundingMode }: Attributes,
  use: (outputPixel: number, inputPixels: number[]) => void,
): void {
  const pool = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const rows = spans(
    pool.outHeight,
    pool.inHeight,
    pool.filterHeight,
    pool.strideHeight,
    pool.padInfo.top,
  );
  const columns = spans(
    pool.outWidth,
    pool.inWidth,
    pool.filterWidth,
    pool.strideWidth,
    pool.padInfo.left,
  );
  let outputPixel = 0;
  for (let n = 0; n < pool.batchSize; n++) {
    for (const [top, bottom] of rows) {
      for (const [left, right] of columns) {
        const pixels: number[] = [];
        for (let y = top; y < bottom; y++) {
          const line = (n * pool.inHeight + y) * pool.inWidth;
          for (let x = left; x < right; x++) pixels.push(line + x);
        }
        use(outputPixel++, pixels);
      }
    }
  }
}

/** First and last + 1 input position of each window along one dimension. */
function spans(
  outSize: number,
  inSize: number,
  filter: number,
  stride: number,
  padding: number,
): [number, number][] {
  return Array.from({ length: outSize }, (_, i) => {
    const start = i * stride - padding;
    return [Math.max(0, start), Math.min(inSize, start + filter)];
  });
}
