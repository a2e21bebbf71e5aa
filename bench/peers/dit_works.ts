/**
 * The blocks of DiT-S/2: forward, and a step of training; DiT-XL/2 as it is sampled from.
 *
 * @module
 */
import {
  disposeParams,
  type Params,
  randomStream,
  selectParams,
} from "../../src/core/mod.ts";
import { jit, tf } from "../../src/engine/mod.ts";
import { guided } from "../../src/diffusion/mod.ts";
import { dit, ditNames, ditS2, ditXL2 } from "../../src/models/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import { adam } from "../../src/optim/mod.ts";
import { fromPublished, publishedTensors } from "./published_tensors.ts";
import { trainingWork } from "./training_work.ts";
import type { Work } from "./work.ts";

/** Options of {@linkcode ditGuided}. */
export interface DitGuidedOptions {
  /** In what the products are computed; PyTorch's side is autocast. */
  precision: "float32" | "bfloat16";
}

/** One denoising forward of DiT-XL/2 with guidance: 2 x 256 tokens, from latents to prediction. */
export function ditGuided({ precision }: DitGuidedOptions): Work {
  const config = ditXL2();
  const model = dit(config);
  const scheme = ditNames(config, model.shapes);
  const half = precision === "bfloat16";
  return {
    name: `DiT-XL/2 guided, 2 x 256 tokens${half ? ", bfloat16" : ""}`,
    peer: half ? "ditGuidedBfloat16" : "ditGuided",
    variants: ["compile"],
    repeats: 1,
    ...(half ? { tolerance: 0.1 } : {}),
    tensors: () => ({
      ...publishedTensors(model.shapes, scheme),
      latents: normalTensor(randomStream(2), "latents", [1, 32, 32, 4], 1),
      times: tf.tensor1d([417]),
      labels: tf.tensor1d([2], "int32"),
    }),
    start({ latents, times, labels, ...theirs }) {
      const params = fromPublished(theirs, model.shapes, scheme);
      const forward = jit((
        params: Params,
        x: tf.Tensor4D,
        t: tf.Tensor1D,
        y: tf.Tensor1D,
      ) =>
        guided((x, t, y) => model.apply(params, x, t, y), {
          scale: 4,
          nullLabel: config.classes,
          channels: 3,
        })(x, t, y), { precision });
      return {
        run: () => [
          forward(
            params,
            latents as tf.Tensor4D,
            times as tf.Tensor1D,
            labels as tf.Tensor1D,
          ),
        ],
        dispose() {
          forward.dispose();
          disposeParams(params);
        },
      };
    },
  };
}

/** How much goes through the blocks at once. */
export interface DitWorkSizes {
  batch: number;
  tokens: number;
}

const model = dit(ditS2());

/** Tokens under conditions through twelve blocks. */
export function ditForward({ batch, tokens }: DitWorkSizes): Work {
  return {
    name: `DiT-S/2 forward, ${batch} x ${tokens} tokens`,
    peer: "ditForward",
    variants: ["compile"],
    repeats: 1,
    tensors: () => ditTensors({ batch, tokens }),
    start({ tokens, condition, ...params }) {
      // As in long sampling loops, where the second it takes to compile is soon repaid.
      const forward = jit(
        (params: Params, x: tf.Tensor, c: tf.Tensor) =>
          model.trunk(params, x as tf.Tensor3D, c as tf.Tensor2D),
        { compiler: "xla" },
      );
      return {
        run: () => [forward(params, tokens, condition)],
        dispose: forward.dispose,
      };
    },
  };
}

/** The same forward, the gradient of the mean square of its result, and an update by Adam. */
export function ditStep({ batch, tokens }: DitWorkSizes): Work {
  return {
    name: `DiT-S/2 step, ${batch} x ${tokens} tokens`,
    peer: "ditStep",
    variants: ["compile"],
    repeats: 1,
    tensors: () => ditTensors({ batch, tokens }),
    start({ tokens, condition, ...params }) {
      return trainingWork(params, {
        inputs: { tokens, condition },
        optimizer: adam(),
        rate: 1e-4,
        loss: (params, { tokens, condition }) => {
          const y = model.trunk(
            params,
            tokens as tf.Tensor3D,
            condition as tf.Tensor2D,
          );
          return { loss: tf.mean(tf.square(y)), statistics: {} };
        },
      });
    },
  };
}

/** Weights, all of them away from zero: gates that start shut would hide half of the work from the check. */
function ditTensors({ batch, tokens }: DitWorkSizes): Params {
  const random = randomStream(1);
  const { hidden } = model.config;
  const initial = model.init(random);
  const weights = Object.entries(selectParams(initial, /^blocks\./))
    .map(([name, { shape }]) => [
      name,
      normalTensor(random, name, shape, 0.03),
    ]);
  disposeParams(initial);
  return {
    ...Object.fromEntries(weights),
    tokens: normalTensor(random, "tokens", [batch, tokens, hidden], 1),
    condition: normalTensor(random, "condition", [batch, hidden], 1),
  };
}
