import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { readSafetensors } from "../../src/io/mod.ts";
import {
  trainingLoop,
  type TrainingLoopOptions,
} from "../../src/stages/training_loop.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Some weights, not round. */
function start(): Params {
  const values = randomStream(1, "start").normals(6);
  return { w: tf.tensor2d(values, [2, 3]), age: tf.scalar(0) };
}

/** A training whose every step rounds: only the same steps in the same order give the same bits. */
function training(
  options: Partial<TrainingLoopOptions> = {},
): TrainingLoopOptions {
  return {
    name: "a game",
    steps: 7,
    state: options.state ?? start(),
    step: ({ w, age }, index) =>
      tf.tidy(() => {
        const noise = randomStream(2).fork("noise", index).normals(6);
        const moved = tf.add(
          tf.mul(w, 1.1),
          tf.div(tf.sin(tf.tensor2d(noise, [2, 3])), 3),
        );
        return {
          state: { w: moved, age: tf.add(age, 1) },
          metrics: { size: tf.sum(tf.abs(moved)), index: tf.scalar(index) },
        };
      }),
    ...options,
  };
}

/** Values of a state, which is disposed. */
function take(state: Params): { [name: string]: number[] } {
  const values = Object.fromEntries(
    Object.entries(state).map(([name, w]) => [name, [...w.dataSync()]]),
  );
  tf.dispose(state);
  return values;
}

async function stepsDone(checkpoint: string): Promise<number> {
  const { metadata } = await readSafetensors(checkpoint);
  return Number(metadata.steps_done);
}

testOnBackends(
  "trainingLoop() runs the steps in order and tells their numbers",
  async () => {
    const told: number[][] = [];
    const ages: number[] = [];
    const state = await trainingLoop(training({
      steps: 3,
      onStep: (done, steps, { index }) => {
        told.push([done, steps, index]);
      },
      onState: ({ age }, done) => {
        ages.push(age.dataSync()[0], done);
      },
    }));
    assertEquals(take(state).age, [3]);
    assertEquals(told, [[1, 3, 0], [2, 3, 1], [3, 3, 2]]);
    assertEquals(ages, [1, 1, 2, 2, 3, 3]);
  },
);

testOnBackends(
  "trainingLoop() goes on after a stop as if it had never been",
  async () => {
    await using folder = await tempFolder();
    const checkpoint = `${folder.path}/game.safetensors`;
    const whole = take(await trainingLoop(training()));
    for (const last of [2, 5]) {
      const controller = new AbortController();
      const reason = new Error("enough");
      const onStep = (done: number) => {
        if (done === last) controller.abort(reason);
      };
      const { signal } = controller;
      const error = await assertRejects(() =>
        trainingLoop(training({ checkpoint, signal, onStep }))
      );
      assertEquals(error, reason);
      assertEquals(await stepsDone(checkpoint), last);
    }
    const seen: number[] = [];
    const onStep = (done: number) => void seen.push(done);
    const state = await trainingLoop(training({ checkpoint, onStep }));
    assertEquals(take(state), whole);
    assertEquals(seen, [6, 7]);
    // Nothing is left to do, but the result is there.
    assertEquals(take(await trainingLoop(training({ checkpoint }))), whole);
  },
);

// A sum over all weights, as the norm of a gradient, rounds by their order.
testOnBackends(
  "trainingLoop() hands the weights out in one order, before a stop and after",
  async () => {
    await using folder = await tempFolder();
    const checkpoint = `${folder.path}/game.safetensors`;
    const orders: string[] = [];
    for (const steps of [2, 4]) {
      const plain = training({ checkpoint, steps });
      const state = await trainingLoop({
        ...plain,
        step: (state, index) => {
          orders.push(String(Object.keys(state)));
          return plain.step(state, index); // as w and age
        },
      });
      orders.push(String(Object.keys(state)));
      tf.dispose(state);
    }
    assertEquals(orders, Array(6).fill("age,w"));
  },
);

testOnBackends(
  "trainingLoop() writes a checkpoint every so many steps, after telling",
  async () => {
    await using folder = await tempFolder();
    const checkpoint = `${folder.path}/game.safetensors`;
    const written: number[] = [];
    const state = await trainingLoop(training({
      checkpoint,
      checkpointEvery: 3,
      // A record that is there twice after a kill can be dropped; one that is missing cannot be made up.
      onState: async () => {
        written.push(await stepsDone(checkpoint).catch(() => 0));
      },
    }));
    tf.dispose(state);
    assertEquals(written, [0, 0, 0, 3, 3, 3, 6]);
    assertEquals(await stepsDone(checkpoint), 7);
  },
);

testOnBackends("trainingLoop() lets timers run between steps", async () => {
  const signal = AbortSignal.timeout(20);
  await assertRejects(
    () => trainingLoop(training({ signal, steps: 1_000_000 })),
    DOMException,
  );
});

testOnBackends(
  "trainingLoop() stops at a number that is not finite",
  async () => {
    await using folder = await tempFolder();
    const checkpoint = `${folder.path}/game.safetensors`;
    const plain = training();
    const fails: TrainingLoopOptions = {
      ...plain,
      checkpoint,
      checkpointEvery: 2,
      step: (state, index) => {
        const { state: next, metrics } = plain.step(state, index);
        if (index < 3) return { state: next, metrics };
        tf.dispose(metrics);
        return {
          state: next,
          metrics: { size: tf.scalar(1), loss: tf.scalar(NaN) },
        };
      },
    };
    await assertRejects(
      () => trainingLoop(fails),
      Error,
      "Cannot go on with a game as 'loss' must be finite: current value is NaN at step 4 of 7",
    );
    assertEquals(await stepsDone(checkpoint), 2);
  },
);

testOnBackends(
  "trainingLoop() tells all that is wrong with a checkpoint at once",
  async () => {
    await using folder = await tempFolder();
    const checkpoint = `${folder.path}/game.safetensors`;
    tf.dispose(await trainingLoop(training({ checkpoint })));
    const state = { w: tf.zeros([3, 3]), bias: tf.zeros([2]) };
    const error = await assertRejects(
      () => trainingLoop(training({ checkpoint, state })),
      RangeError,
    );
    assertEquals(
      error.message,
      `Cannot resume a game as '${checkpoint}' must hold the same weights: current value differs in 3 (bias is missing, age is unexpected, w is [2,3] instead of [3,3])`,
    );
  },
);

testOnBackends(
  "trainingLoop() refuses the checkpoint of another training, or of a longer one",
  async () => {
    await using folder = await tempFolder();
    const checkpoint = `${folder.path}/game.safetensors`;
    tf.dispose(await trainingLoop(training({ checkpoint })));
    await assertRejects(
      () => trainingLoop(training({ checkpoint, name: "chess" })),
      RangeError,
      "belongs to a game",
    );
    await assertRejects(
      () => trainingLoop(training({ checkpoint, steps: 6 })),
      RangeError,
      "'steps' must be at least the 7",
    );
  },
);

// The count of tensors before and after is part of every test here; these three end in an error of another's making.
testOnBackends(
  "trainingLoop() frees its state whatever goes wrong",
  async () => {
    await using folder = await tempFolder();
    const broken = `${folder.path}/broken.safetensors`;
    await Deno.writeTextFile(broken, "no checkpoint");
    const fail = () => {
      throw new Error("mine");
    };
    await assertRejects(() => trainingLoop(training({ checkpoint: broken })));
    for (const where of ["step", "onStep", "onState"]) {
      await assertRejects(
        () => trainingLoop(training({ [where]: fail })),
        Error,
        "mine",
      );
    }
  },
);

testOnBackends(
  "trainingLoop() holds the same number of tensors at every step",
  async () => {
    const counts = new Set<number>();
    const state = await trainingLoop(training({
      onStep: () => void counts.add(tf.memory().numTensors),
    }));
    tf.dispose(state);
    assert(counts.size === 1, `${[...counts]}`);
  },
);
