/**
 * The diffusion transformer (Peebles and Xie, 2023): a class-conditional denoiser of latent grids.
 *
 * Weights bear the names of the published PyTorch model.
 *
 * @module
 */
import { attention, gelu, layerNorm, tf } from "../engine/mod.ts";
import { checkShape, type Params, type RandomStream } from "../core/mod.ts";
import {
  convolution,
  dense,
  embedding,
  initAll,
  normalTensor,
  type ShapedLayer,
  shapesOf,
  type WeightShapes,
} from "../nn/mod.ts";
import type { DitConfig } from "./dit_sizes.ts";
import { positionEmbedding, TIME_WIDTH, timeEmbedding } from "./sinusoids.ts";

/** A diffusion transformer: how to make its weights and how to use them. */
export interface Dit {
  /** The sizes it was made with. */
  config: DitConfig;
  /** Shapes of the weights by name. */
  shapes: WeightShapes;
  /** Makes the weights, with zeros where the paper has them: gates and final layer. Owned by the caller. */
  init: (random: RandomStream) => Params;
  /**
   * The prediction for noisy latents.
   *
   * @param latents `[B, H, W, C]`.
   * @param times Time steps of the training schedule, `[B]`, float32.
   * @param labels Class numbers, `[B]`, int32; `config.classes` is the null class.
   * @returns `[B, H, W, C]`, or `[B, H, W, 2C]` with `learnSigma`: the prediction, then the variance's raw output.
   */
  apply: (
    params: Params,
    latents: tf.Tensor4D,
    times: tf.Tensor1D,
    labels: tf.Tensor1D,
  ) => tf.Tensor4D;
  /**
   * What steers blocks and final layer: embeddings of time and class, `[B, hidden]`; every adaLN layer takes its SiLU.
   */
  condition: (
    params: Params,
    times: tf.Tensor1D,
    labels: tf.Tensor1D,
  ) => tf.Tensor2D;
  /** Blocks alone, without positions and final layer: tokens `[B, T, hidden]` under condition `[B, hidden]`. */
  trunk: (
    params: Params,
    tokens: tf.Tensor3D,
    condition: tf.Tensor2D,
  ) => tf.Tensor3D;
}

const EPSILON = 1e-6;

/**
 * A class-conditional diffusion transformer with adaLN-Zero.
 *
 * @throws {RangeError} If a size does not divide another as it must.
 * @throws {TypeError} At a call with latents, times or labels of other shapes.
 *
 * @example
 * ```ts
 * import { dit, smallDit } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const model = dit(smallDit({ depth: 1, classes: 3 }));
 * const params = model.init(randomStream(1));
 * const latents = tf.zeros([2, 8, 8, 8]) as tf.Tensor4D;
 * const times = tf.tensor1d([10, 500]);
 * const labels = tf.tensor1d([0, 3], "int32"); // 3 is the null class
 * console.log(model.apply(params, latents, times, labels).shape); // [2, 8, 8, 8]
 * ```
 */
export function dit(config: DitConfig): Dit {
  const { height, width, channels, patch, hidden, depth, heads, classes } =
    config;
  const { sharedModulation = false } = config;
  checkDivides("height", height, "patch", patch);
  checkDivides("width", width, "patch", patch);
  checkDivides("hidden", hidden, "heads", heads);
  checkDivides("hidden", hidden, "four", 4);
  const outputs = config.learnSigma ? 2 * channels : channels;
  const rows = height / patch;
  const columns = width / patch;
  const positions = positionEmbedding(rows, columns, hidden);

  const patchEmbedding = convolution("x_embedder.proj", {
    inputs: channels,
    outputs: hidden,
    kernel: patch,
    stride: patch,
    padding: 0,
    gain: Math.SQRT1_2,
  });
  const time1 = dense("t_embedder.mlp.0", {
    inputs: TIME_WIDTH,
    outputs: hidden,
  });
  const time2 = dense("t_embedder.mlp.2", { inputs: hidden, outputs: hidden });
  const labelTable = embedding("y_embedder.embedding_table", {
    count: classes + 1,
    width: hidden,
  });
  const blocks = Array.from(
    { length: depth },
    (_, i) => ditBlock(`blocks.${i}`, { hidden, heads, sharedModulation }),
  );
  const shared = sharedModulation
    ? [dense("adaLN_modulation.1", {
      inputs: hidden,
      outputs: 6 * hidden,
      initial: "zeros",
    })]
    : [];
  const finalModulation = dense("final_layer.adaLN_modulation.1", {
    inputs: hidden,
    outputs: 2 * hidden,
    initial: "zeros",
  });
  const finalLinear = dense("final_layer.linear", {
    inputs: hidden,
    outputs: patch * patch * outputs,
    initial: "zeros",
  });
  const parts = [
    patchEmbedding,
    time1,
    time2,
    labelTable,
    ...shared,
    ...blocks,
    finalModulation,
    finalLinear,
  ];

  function trunk(
    params: Params,
    tokens: tf.Tensor3D,
    condition: tf.Tensor2D,
  ): tf.Tensor3D {
    return tf.tidy(() => {
      // Every adaLN begins with it; a shared one is the same for all blocks.
      const active = silu(condition);
      const c = shared.length > 0 ? shared[0].apply(params, active) : active;
      let x = tokens;
      for (const block of blocks) x = block.apply(params, { x, c });
      return x;
    });
  }

  function conditionOf(
    params: Params,
    times: tf.Tensor1D,
    labels: tf.Tensor1D,
  ): tf.Tensor2D {
    return tf.tidy(() => {
      const t = timeEmbedding(times); // [B, 256]
      const time = time2.apply(params, silu(time1.apply(params, t)));
      const label = labelTable.apply(params, labels);
      return tf.add(time, label) as tf.Tensor2D; // [B, hidden]
    });
  }

  return {
    config,
    shapes: shapesOf(parts),
    init(random) {
      const params = initAll(parts, random);
      for (const layer of ["t_embedder.mlp.0", "t_embedder.mlp.2"]) {
        const name = `${layer}.weight`;
        const { shape } = params[name];
        params[name].dispose();
        params[name] = normalTensor(random, name, shape, 0.02);
      }
      return params;
    },
    condition: conditionOf,
    trunk,
    apply(params, latents, times, labels) {
      const batch = latents.shape[0];
      const grid = [batch, height, width, channels];
      checkShape("apply a DiT", "latents", latents, grid);
      checkShape("apply a DiT", "times", times, [batch]);
      checkShape("apply a DiT", "labels", labels, [batch]);
      return tf.tidy(() => {
        const patches = patchEmbedding.apply(params, latents); // [B, rows, columns, hidden]
        const tokens = tf.reshape(patches, [batch, rows * columns, hidden]);
        const x = tf.add(tokens, positions()) as tf.Tensor3D; // [B, T, hidden]
        const condition = conditionOf(params, times, labels); // [B, hidden]
        const h = trunk(params, x, condition);
        const modulation = finalModulation.apply(params, silu(condition));
        const [shift, scale] = tf.split(modulation, 2, 1);
        const normal = modulate(h, shift, scale);
        const y = finalLinear.apply(params, normal); // [B, T, p p outputs]
        return unpatchify(y, rows, columns, patch, outputs);
      });
    },
  };
}

/**
 * One block: attention and feed-forward, each shifted, scaled and gated by the condition `c`: `[B, hidden]`, or what a
 * shared adaLN layer has made of it, `[B, 6 hidden]`.
 */
function ditBlock(
  name: string,
  { hidden, heads, sharedModulation }: {
    hidden: number;
    heads: number;
    sharedModulation: boolean;
  },
): ShapedLayer<{ x: tf.Tensor3D; c: tf.Tensor }, tf.Tensor3D> {
  const size = (inputs: number, outputs: number) => ({ inputs, outputs });
  const qkv = dense(`${name}.attn.qkv`, size(hidden, 3 * hidden));
  const projection = dense(`${name}.attn.proj`, size(hidden, hidden));
  const fc1 = dense(`${name}.mlp.fc1`, size(hidden, 4 * hidden));
  const fc2 = dense(`${name}.mlp.fc2`, size(4 * hidden, hidden));
  const modulation = sharedModulation
    ? offsets(`${name}.adaLN_modulation.table`, 6 * hidden)
    : dense(`${name}.adaLN_modulation.1`, {
      ...size(hidden, 6 * hidden),
      initial: "zeros",
    });
  const parts = [qkv, projection, fc1, fc2, modulation];
  return {
    shapes: shapesOf(parts),
    init: (random) => initAll(parts, random),
    apply: (params, { x, c }) =>
      tf.tidy(() => {
        const [batch, count] = x.shape;
        const parts = tf.split(modulation.apply(params, c), 6, 1);
        const [shift1, scale1, gate1, shift2, scale2, gate2] = parts; // [B, hidden] each
        let h = qkv.apply(params, modulate(x, shift1, scale1)); // [B, T, 3 hidden]
        h = tf.reshape(h, [batch, count, 3, heads, hidden / heads]);
        const [q, k, v] = tf.unstack(tf.transpose(h, [2, 0, 3, 1, 4])); // [B, heads, T, d] each
        h = attention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D);
        h = tf.reshape(tf.transpose(h, [0, 2, 1, 3]), [batch, count, hidden]);
        const y = tf.add(x, gated(projection.apply(params, h), gate1));
        h = fc1.apply(params, modulate(y, shift2, scale2)); // [B, T, 4 hidden]
        h = fc2.apply(params, gelu(h, { approximate: "tanh" }));
        return tf.add(y, gated(h, gate2)) as tf.Tensor3D; // [B, T, hidden]
      }),
  };
}

/** A block's own addition to what the shared adaLN layer says. */
function offsets(
  name: string,
  width: number,
): ShapedLayer<tf.Tensor, tf.Tensor> {
  return {
    shapes: { [name]: [width] },
    init: () => ({ [name]: tf.zeros([width]) }),
    apply: (params, c) => tf.add(c, params[name]),
  };
}

/** LayerNorm(x) (1 + scale) + shift, with the condition broadcast over tokens. */
function modulate(x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  const normal = layerNorm(x, { epsilon: EPSILON });
  const factor = tf.expandDims(tf.add(scale, 1), 1);
  return tf.add(tf.mul(normal, factor), tf.expandDims(shift, 1));
}

function gated(x: tf.Tensor, gate: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.expandDims(gate, 1));
}

function silu(x: tf.Tensor): tf.Tensor2D {
  return tf.mul(x, tf.sigmoid(x)) as tf.Tensor2D;
}

/** Tokens `[B, T, p p C]` to a grid `[B, rows p, columns p, C]`. */
function unpatchify(
  y: tf.Tensor,
  rows: number,
  columns: number,
  patch: number,
  channels: number,
): tf.Tensor4D {
  const batch = y.shape[0];
  const squares = tf.transpose(
    tf.reshape(y, [batch, rows, columns, patch, patch, channels]),
    [0, 1, 3, 2, 4, 5],
  );
  return tf.reshape(squares, [batch, rows * patch, columns * patch, channels]);
}

function checkDivides(
  name: string,
  value: number,
  by: string,
  divisor: number,
): void {
  if (!(value > 0 && value % divisor === 0)) {
    throw new RangeError(
      `Cannot make a DiT as '${name}' must be a multiple of ${by} (${divisor}): current value is ${value}`,
    );
  }
}
