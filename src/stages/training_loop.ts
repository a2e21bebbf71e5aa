/**
 * The loop every training shares: one step at a time, with checkpoints, an end on demand, and a guard against NaN.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import {
  arraysFromParams,
  disposeParams,
  type Params,
  paramsFromArrays,
  stopSignal,
} from "../core/mod.ts";
import { readSafetensors, writeSafetensors } from "../io/mod.ts";

/** Numbers of one step, by name. */
export type StepMetrics = { [name: string]: number };

/** What every training stage takes. */
export interface TrainingOptions {
  /**
   * Where the state is kept between checkpoints and found again: a safetensors file. Without it nothing is written.
   */
  checkpoint?: string;
  /**
   * Steps between checkpoints.
   *
   * @default {50}
   */
  checkpointEvery?: number;
  /**
   * Ends the training after the present step: the state is written first, then the signal's reason is thrown.
   *
   * @default {stopSignal()} in a notebook, the Stop button
   */
  signal?: AbortSignal;
  /** Called after each step with the number of steps done, out of how many, and the step's numbers. */
  onStep?: (
    done: number,
    steps: number,
    metrics: StepMetrics,
  ) => void | Promise<void>;
}

/** Options of {@linkcode trainingLoop}. */
export interface TrainingLoopOptions extends TrainingOptions {
  /** Called after each step with the state, borrowed, and the number of steps done. */
  onState?: (state: Params, done: number) => void | Promise<void>;
  /** Name of the training, for messages. */
  name: string;
  /** Number of steps. */
  steps: number;
  /** All that changes: weights, optimiser, averages, in one record. Taken over. */
  state: Params;
  /**
   * One step: a pure function of the state and the step's number, so that a resumed training goes on as if never
   * stopped. The state is borrowed, results are owned by the loop. `metrics` are scalars.
   */
  step: (
    state: Params,
    index: number,
  ) => { state: Params; metrics: { [name: string]: tf.Scalar } };
}

/**
 * Runs a training, from its checkpoint where there is one.
 *
 * @param options The step, the state it begins with, and everything around it.
 * @returns The state after the last step. Owned by the caller.
 * @throws {Error} If a number of a step is not finite: step and number are named, the last checkpoint stays.
 * @throws {RangeError} If the checkpoint belongs to another training, holds other weights, or has more steps behind it.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { trainingLoop } from "./training_loop.ts";
 *
 * await useBackend("auto");
 * const { x } = await trainingLoop({
 *   name: "a descent",
 *   steps: 3,
 *   state: { x: tf.scalar(8) },
 *   step: ({ x }) =>
 *     tf.tidy(() => ({
 *       state: { x: tf.mul(x, 0.5) },
 *       metrics: { loss: tf.square(x) as tf.Scalar },
 *     })),
 * });
 * console.log(x.dataSync()[0]); // 1
 * ```
 */
export async function trainingLoop(
  options: TrainingLoopOptions,
): Promise<Params> {
  const { name, steps, step, checkpoint, checkpointEvery = 50 } = options;
  const { signal = stopSignal() } = options;
  let state = byName(options.state);
  let done = 0;
  try {
    const found = await loadCheckpoint(checkpoint, options);
    if (found !== undefined) {
      disposeParams(state);
      state = byName(found.state);
      done = found.done;
    }
    while (done < steps) {
      if (signal?.aborted) {
        await saveCheckpoint(checkpoint, name, done, state);
        signal.throwIfAborted();
      }
      const next = step(state, done);
      disposeParams(state);
      state = byName(next.state);
      done++;
      const metrics = readMetrics(next.metrics);
      for (const [key, value] of Object.entries(metrics)) {
        if (Number.isFinite(value)) continue;
        throw new Error(
          `Cannot go on with ${name} as '${key}' must be finite: current value is ${value} at step ${done} of ${steps}`,
        );
      }
      // Before the checkpoint: killed in between, the step is done and told again; the other way round never told.
      await options.onStep?.(done, steps, metrics);
      await options.onState?.(state, done);
      if (done % checkpointEvery === 0 || done === steps) {
        await saveCheckpoint(checkpoint, name, done, state);
      }
      // Lets signal handlers and other tasks run; a busy loop would never see Ctrl-C.
      await new Promise((resolve) => setTimeout(resolve));
    }
  } catch (error) {
    disposeParams(state);
    throw error;
  }
  return state;
}

/**
 * The same weights in the order of their names, whatever step or file they come from: sums over all of them, as the norm
 * of a gradient, round by their order.
 */
function byName(state: Params): Params {
  return Object.fromEntries(
    Object.keys(state).sort().map((name) => [name, state[name]]),
  );
}

/** Reads all scalars of a step by one transfer, and frees them. */
function readMetrics(metrics: { [name: string]: tf.Scalar }): StepMetrics {
  const names = Object.keys(metrics);
  if (names.length === 0) return {};
  try {
    const values = tf.tidy(() =>
      tf.stack(names.map((name) => tf.reshape(metrics[name], []))).dataSync()
    );
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
  } finally {
    tf.dispose(metrics);
  }
}

async function saveCheckpoint(
  path: string | undefined,
  name: string,
  done: number,
  state: Params,
): Promise<void> {
  if (path === undefined) return;
  await writeSafetensors(path, await arraysFromParams(state), {
    metadata: { training: name, steps_done: String(done) },
  });
}

async function loadCheckpoint(
  path: string | undefined,
  { name, steps, state: like }: Pick<
    TrainingLoopOptions,
    "name" | "steps" | "state"
  >,
): Promise<{ state: Params; done: number } | undefined> {
  if (path === undefined) return undefined;
  let file;
  try {
    file = await readSafetensors(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  if (file.metadata.training !== name) {
    throw new RangeError(
      `Cannot resume ${name} as '${path}' must be one of its checkpoints: current value belongs to ${file.metadata.training}`,
    );
  }
  checkSameShapes(name, path, like, file.tensors);
  const done = Number(file.metadata.steps_done);
  if (!(done <= steps)) {
    throw new RangeError(
      `Cannot resume ${name} as 'steps' must be at least the ${done} that '${path}' has behind it: current value is ${steps}`,
    );
  }
  const arrays = file.tensors as {
    [name: string]: { shape: number[]; data: Float32Array };
  };
  return { state: paramsFromArrays(arrays), done };
}

/** A checkpoint of other sizes is a mistake of the caller; all differences are told at once. */
function checkSameShapes(
  name: string,
  path: string,
  expected: Params,
  found: { [name: string]: { shape: number[] } },
): void {
  const wrong = [
    ...Object.keys(expected).filter((key) => !(key in found)).map((key) =>
      `${key} is missing`
    ),
    ...Object.keys(found).filter((key) => !(key in expected)).map((key) =>
      `${key} is unexpected`
    ),
    ...Object.keys(expected)
      .filter((key) =>
        key in found && String(found[key].shape) !== String(expected[key].shape)
      )
      .map((key) =>
        `${key} is [${found[key].shape}] instead of [${expected[key].shape}]`
      ),
  ];
  if (wrong.length > 0) {
    throw new RangeError(
      `Cannot resume ${name} as '${path}' must hold the same weights: current value differs in ${wrong.length} (${
        wrong.slice(0, 5).join(", ")
      })`,
    );
  }
}
