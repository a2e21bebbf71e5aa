/**
 * What residual networks with batch normalisation are made of, by torchvision's names.
 *
 * @module
 */
import { relu, tf } from "../engine/mod.ts";
import {
  batchNormalization,
  convolution,
  type ConvolutionOptions,
  initAll,
  type PassLayer,
  shapesOf,
} from "../nn/mod.ts";

/** Sizes of a block. */
export interface BlockSizes {
  /** Channels in. */
  inputs: number;
  /** Channels inside. */
  inner: number;
  /** Step, pixels. */
  stride: number;
}

/**
 * A convolution without bias, then batch normalisation.
 *
 * The first weights are He-normal by fan-out, as the original's: the spread is kept in the backward pass.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { normalized } from "./residual_parts.ts";
 *
 * const part = normalized("conv1", "bn1", { inputs: 3, outputs: 8 });
 * assertEquals(part.shapes["conv1.weight"], [3, 3, 3, 8]);
 * ```
 */
export function normalized(
  convolutionName: string,
  normName: string,
  sizes: ConvolutionOptions,
): PassLayer {
  const { inputs, outputs } = sizes;
  const gain = Math.sqrt(inputs / outputs);
  const convolve = convolution(convolutionName, {
    ...sizes,
    bias: false,
    gain,
  });
  const norm = batchNormalization(normName, { channels: outputs });
  return {
    shapes: shapesOf([convolve, norm]),
    init: (random) => initAll([convolve, norm], random),
    apply: (pass, x) => norm.apply(pass, convolve.apply(pass.params, x)),
  };
}

/**
 * relu(bn(conv3x3(relu(bn(conv3x3(x))))) + x): as many channels out as inside.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { basicBlock } from "./residual_parts.ts";
 *
 * const block = basicBlock("layer1.0", { inputs: 8, inner: 8, stride: 1 });
 * assert(!("layer1.0.downsample.0.weight" in block.shapes));
 * ```
 */
export function basicBlock(name: string, sizes: BlockSizes): PassLayer {
  const { inputs, inner, stride } = sizes;
  return residual(name, sizes, inner, [
    { inputs, outputs: inner, stride },
    { inputs: inner, outputs: inner },
  ]);
}

/**
 * relu(bn(conv1x1(relu(bn(conv3x3(relu(bn(conv1x1(x)))))))) + x): four times as many channels out as inside. The step
 * is that of the 3 x 3 convolution, torchvision's "v1.5".
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bottleneck } from "./residual_parts.ts";
 *
 * const block = bottleneck("layer1.0", { inputs: 8, inner: 8, stride: 1 });
 * assertEquals(block.shapes["layer1.0.conv3.weight"], [1, 1, 8, 32]);
 * ```
 */
export function bottleneck(name: string, sizes: BlockSizes): PassLayer {
  const { inputs, inner, stride } = sizes;
  return residual(name, sizes, 4 * inner, [
    { inputs, outputs: inner, kernel: 1 },
    { inputs: inner, outputs: inner, stride },
    { inputs: inner, outputs: 4 * inner, kernel: 1 },
  ]);
}

/** A branch of convolutions added to its input, which is projected where its shape changes. */
function residual(
  name: string,
  { inputs, stride }: BlockSizes,
  outputs: number,
  convolutions: ConvolutionOptions[],
): PassLayer {
  const branch = convolutions.map((sizes, i) =>
    normalized(`${name}.conv${i + 1}`, `${name}.bn${i + 1}`, sizes)
  );
  const shortcut = stride === 1 && inputs === outputs
    ? undefined
    : normalized(`${name}.downsample.0`, `${name}.downsample.1`, {
      inputs,
      outputs,
      kernel: 1,
      stride,
    });
  const parts = shortcut === undefined ? branch : [...branch, shortcut];
  return {
    shapes: shapesOf(parts),
    init: (random) => initAll(parts, random),
    apply(pass, x) {
      let h = x;
      branch.forEach((part, i) => {
        h = part.apply(pass, i === 0 ? h : relu(h));
      });
      return relu(tf.add(h, shortcut?.apply(pass, x) ?? x));
    },
  };
}
