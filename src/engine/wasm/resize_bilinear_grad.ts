import type { tf } from "../tf.ts";
import { numbers, wasmKernel } from "./heap.ts";
import { type ResizeAttributes, sourcePosition } from "./resize_position.ts";

interface Inputs {
  images: tf.TensorInfo;
  dy: tf.TensorInfo;
}

/**
 * `ResizeBilinearGrad` for wasm: adds the gradient of every output pixel to the four pixels it was mixed from, in the
 * same parts. The compiled kernel is wrong for `halfPixelCenters`.
 */
export const resizeBilinearGrad: tf.KernelConfig = wasmKernel<
  Inputs,
  ResizeAttributes
>("ResizeBilinearGrad", ({ inputs: { images, dy }, attributes, backend }) => {
  const [batch, inHeight, inWidth, channels] = images.shape;
  const [, height, width] = dy.shape;
  const out = backend.makeOutput(images.shape, "float32");
  const from = numbers(backend, dy);
  const to = numbers(backend, out).fill(0);
  const rows = neighbours(inHeight, height, attributes);
  const columns = neighbours(inWidth, width, attributes);
  let at = 0;
  for (let n = 0; n < batch; n++) {
    for (const { low: top, high: bottom, part: down } of rows) {
      const topLine = (n * inHeight + top) * inWidth;
      const bottomLine = (n * inHeight + bottom) * inWidth;
      for (const { low: left, high: right, part: across } of columns) {
        const topLeft = (topLine + left) * channels;
        const topRight = (topLine + right) * channels;
        const bottomLeft = (bottomLine + left) * channels;
        const bottomRight = (bottomLine + right) * channels;
        for (let i = 0; i < channels; i++) {
          const upper = from[at] * (1 - down);
          const lower = from[at++] * down;
          to[topLeft + i] += upper * (1 - across);
          to[topRight + i] += upper * across;
          to[bottomLeft + i] += lower * (1 - across);
          to[bottomRight + i] += lower * across;
        }
      }
    }
  }
  return out;
});

interface Neighbours {
  low: number;
  high: number;
  /** How much of the higher one is in the mixture, 0 to 1. */
  part: number;
}

function neighbours(
  inSize: number,
  outSize: number,
  attributes: ResizeAttributes,
): Neighbours[] {
  const position = sourcePosition(inSize, outSize, attributes);
  return Array.from({ length: outSize }, (_, i) => {
    const at = Math.min(inSize - 1, Math.max(0, position(i)));
    const low = Math.floor(at);
    return { low, high: Math.min(inSize - 1, low + 1), part: at - low };
  });
}
