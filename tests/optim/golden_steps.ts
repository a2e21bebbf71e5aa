import { tf } from "../../src/engine/mod.ts";
import type { Params } from "../../src/core/mod.ts";
import { adam, type Optimizer, sgd } from "../../src/optim/mod.ts";
import golden from "../golden/optim.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";

const shapes: Record<string, number[]> = { w: [2, 3], b: [3] };

function tensors(values: Record<string, number[]>): Params {
  return Object.fromEntries(
    Object.entries(values).map(([k, v]) => [k, tf.tensor(v, shapes[k])]),
  );
}

/** The update of an optimiser, which a test may wrap. */
export type Update = Optimizer["update"];

/**
 * Takes the five golden steps with every case of an optimiser and compares
 * the weights after each with PyTorch's.
 *
 * @param name Which optimiser.
 * @param wrap What to make of its update, jit for example.
 */
export function assertGoldenSteps(
  name: "adam" | "sgd",
  wrap: (update: Update) => Update = (update) => update,
): void {
  for (const { optimizer, options, steps } of golden.cases) {
    if (optimizer !== name) continue;
    // deno-lint-ignore no-explicit-any
    const made = { adam, sgd }[name](options as any);
    const update = wrap(made.update);
    let params = tensors(golden.start);
    let state = made.init(params);
    steps.forEach((expected, i) => {
      const gradients = tensors(golden.gradients[i]);
      const rate = tf.scalar(golden.rates[i]);
      const next = update(params, gradients, state, rate);
      tf.dispose([params, state, gradients, rate]);
      ({ params, state } = next);
      // Single precision, and Adam's 1 - β₂ᵗ starts from a difference of 1e-3.
      assertClose(params.w, expected.w, 1e-5);
      assertClose(params.b, expected.b, 1e-5);
    });
    tf.dispose([params, state]);
  }
}
