import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { cosFace } from "../../src/losses/mod.ts";
import { smallRecognizer } from "../../src/models/mod.ts";
import { sgd } from "../../src/optim/mod.ts";
import {
  type TrainedRecognizer,
  trainRecognizer,
  type TrainRecognizerOptions,
} from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { TINY_SIZE, tinyFaces } from "../support/tiny_prior.ts";

const config = smallRecognizer({
  height: TINY_SIZE,
  width: TINY_SIZE,
  widths: [8, 8, 8, 32],
  features: 8,
});

const names = ["ada", "bob", "cyd"];

function train(
  real: ImageSet,
  options: Partial<TrainRecognizerOptions> = {},
): Promise<TrainedRecognizer> {
  return trainRecognizer(config, real, {
    steps: 3,
    batchSize: 6,
    candidates: 6,
    ...options,
  });
}

/** All weights' values, in the order of their names; the recogniser is freed. */
function take({ params, head }: TrainedRecognizer): number[] {
  const all: Params = { ...params, ...head };
  const values = Object.keys(all).sort().flatMap((name) => [
    ...all[name].dataSync(),
  ]);
  tf.dispose([params, head]);
  return values;
}

testOnBackends("trainRecognizer() learns to tell people apart", async () => {
  const losses: number[] = [];
  const real = tinyFaces(3, 4, { names });
  const trained = await train(real, {
    steps: 40,
    batchSize: 12,
    padding: 1,
    onStep: (_done, _steps, { loss }) => void losses.push(loss),
  });
  const mean = (values: number[]) =>
    values.reduce((a, b) => a + b) / values.length;
  const [first, last] = [mean(losses.slice(0, 5)), mean(losses.slice(-5))];
  assert(last < 0.5 * first, `${first} -> ${last}`);
  assertEquals(trained.head["head.weight"].shape, [8, 3]);
  assert(!("head.weight" in trained.params));
  take(trained);
});

testOnBackends(
  "trainRecognizer() on the same seed gives the same bits, on another not",
  async () => {
    const real = tinyFaces(3, 4, { names });
    const first = take(await train(real));
    assertEquals(take(await train(real)), first);
    assert(String(take(await train(real, { seed: 1 }))) !== String(first));
  },
);

testOnBackends(
  "lookahead that keeps all is training on all, one that keeps none is training on none",
  async () => {
    const real = tinyFaces(3, 4, { names });
    const synthetic = tinyFaces(3, 5, { names, seed: 8 });
    const lookahead = { synthetic, selection: "lookahead" } as const;
    const all = take(await train(real, { synthetic }));
    assertEquals(
      take(await train(real, { ...lookahead, keepFraction: 1 })),
      all,
    );
    const none = take(await train(real));
    assertEquals(
      take(await train(real, { ...lookahead, keepFraction: 0 })),
      none,
    );
    const half = take(await train(real, { ...lookahead, keepFraction: 0.5 }));
    assert(String(half) !== String(all) && String(half) !== String(none));
  },
);

/** Images that are their own mirror images, so that augmentation without a crop changes nothing. */
function symmetricImages(perIdentity: number, key: string): ImageSet {
  const count = 3 * perIdentity;
  const random = randomStream(5, key);
  const images = new Float32Array(count * TINY_SIZE ** 2 * 3);
  for (let row = 0; row < count * TINY_SIZE; row++) {
    const half = random.fork(row).uniforms(TINY_SIZE / 2 * 3);
    for (let x = 0; x < TINY_SIZE; x++) {
      const from = Math.min(x, TINY_SIZE - 1 - x);
      for (let c = 0; c < 3; c++) {
        images[(row * TINY_SIZE + x) * 3 + c] = 2 * half[from * 3 + c] - 1;
      }
    }
  }
  return {
    images,
    height: TINY_SIZE,
    width: TINY_SIZE,
    count,
    labels: Int32Array.from({ length: count }, (_, i) => i % 3),
    identities: names,
    paths: Array.from({ length: count }, (_, i) => `${key}-${i}`),
    problems: [],
  };
}

for (const virtualStep of ["mixed", "real"] as const) {
  testOnBackends(
    `a lookahead step trains on the real images and on the candidates whose loss a virtual step on the ${virtualStep} batch lowers most`,
    async () => {
      const real = symmetricImages(2, "real");
      const synthetic = symmetricImages(2, "synthetic");
      const rate = 0.05;
      // Whole sets as batches, so that their order does not matter.
      const options = {
        synthetic,
        selection: "lookahead",
        virtualStep,
        padding: 0,
        rate,
        optimizer: sgd(),
      } as const;
      const start = await train(real, { ...options, steps: 0 });
      const found = await train(real, { ...options, steps: 1 });
      tf.tidy(() => {
        const w: Params = { ...start.params, ...start.head };
        const shape = [6, TINY_SIZE, TINY_SIZE, 3] as const;
        const x = tf.tensor4d(real.images, [...shape]);
        const candidates = tf.tensor4d(synthetic.images, [...shape]);
        const ids = tf.tensor1d(real.labels, "int32");
        const losses = (
          weights: Params,
          images: tf.Tensor4D,
          labels: tf.Tensor1D,
        ) =>
          cosFace(
            start.model.apply(weights, images),
            weights["head.weight"] as tf.Tensor2D,
            labels,
            { margin: 0.25, scale: 24 },
          );
        const order = Object.keys(w);
        const slopes = (images: tf.Tensor4D, labels: tf.Tensor1D) =>
          tf.grads((...values: tf.Tensor[]) =>
            tf.mean(losses(
              Object.fromEntries(order.map((name, i) => [name, values[i]])),
              images,
              labels,
            ))
          )(order.map((name) => w[name]));
        const stepped = (gradients: tf.Tensor[], size: number) =>
          Object.fromEntries(
            order.map((name, i) => [
              name,
              tf.sub(w[name], tf.mul(size, gradients[i])),
            ]),
          );

        // Eq. 12.
        const direction = virtualStep === "real"
          ? slopes(x, ids)
          : slopes(tf.concat([x, candidates]), tf.concat([ids, ids]));
        const ahead = stepped(direction, rate);
        const utility = tf.sub(
          losses(ahead, candidates, ids),
          losses(w, candidates, ids),
        ).dataSync();
        const best = [0, 1, 2, 3, 4, 5]
          .sort((a, b) => utility[a] - utility[b]);
        const after = (kept: number[]) => {
          const chosen = tf.gather(candidates, tf.tensor1d(kept, "int32"));
          const labels = tf.gather(ids, tf.tensor1d(kept, "int32"));
          const gradients = slopes(
            tf.concat([x, chosen]) as tf.Tensor4D,
            tf.concat([ids, labels]) as tf.Tensor1D,
          );
          const norm = Math.hypot(
            ...gradients.map((g) => tf.norm(g).dataSync()[0]),
          );
          const moved = stepped(gradients, rate * Math.min(1, 5 / norm));
          return tf.concat(order.map((name) => tf.reshape(moved[name], [-1])));
        };
        const all: Params = { ...found.params, ...found.head };
        const actual = tf.concat(
          order.map((name) => tf.reshape(all[name], [-1])),
        );
        const distance = (kept: number[]) =>
          tf.max(tf.abs(tf.sub(actual, after(kept)))).dataSync()[0];
        const [right, wrong] = [
          distance(best.slice(0, 3)),
          distance(best.slice(3)),
        ];
        assertClose(right, 0, 1e-5);
        assert(wrong > 100 * right, `${wrong} beside ${right}`);
      });
      take(start);
      take(found);
    },
  );
}

testOnBackends(
  "trainRecognizer() refuses synthetic images of other people or sizes",
  async () => {
    const real = tinyFaces(3, 2, { names });
    const cases: [
      ImageSet,
      typeof RangeError | typeof TypeError,
      string,
    ][] = [
      [tinyFaces(2, 2), RangeError, "'synthetic' must stand for 3 identities"],
      [
        { ...real, identities: ["ada", "cyd", "bob"] },
        RangeError,
        "'bob' in place 1: current value is 'cyd'",
      ],
      [
        { ...real, height: 32, width: 8 },
        TypeError,
        "must be images of 16 x 16: current value is 32 x 8",
      ],
    ];
    for (const [synthetic, type, message] of cases) {
      await assertRejects(() => train(real, { synthetic }), type, message);
    }
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "labels that stand for nobody and sets that cannot be trained on are refused by name",
  async () => {
    const real = tinyFaces(3, 2, { names });
    const wrong = (labels: number[]) => ({
      ...real,
      labels: Int32Array.from(labels),
    });
    const refused = (
      set: ImageSet | undefined,
      options: Partial<TrainRecognizerOptions>,
      message: string,
      type: typeof RangeError | typeof TypeError = RangeError,
    ) =>
      assertRejects(
        () => trainRecognizer(config, set, { steps: 1, ...options }),
        type,
        message,
      );
    await refused(
      wrong([0, 0, 1, 3, 2, 2]),
      {},
      "'real.labels[3]' must be a whole number from 0 to 2: current value is 3",
    );
    await refused(
      real,
      { synthetic: wrong([-1, 0, 1, 1, 2, 2]) },
      "'synthetic.labels[0]' must be a whole number from 0 to 2: current value is -1",
    );
    await refused(wrong([0, 0, 1]), {}, "real.labels", TypeError);
    await refused(
      tinyFaces(3, 2, { names, size: 32 }),
      {},
      "'real' must be images of 16 x 16: current value is 32 x 32",
      TypeError,
    );
    await refused({ ...real, count: 0 }, {}, "'real' must have images");
    await refused(tinyFaces(1, 2), {}, "'real' must be of two identities");
    await refused(undefined, {}, "'real' must be images");
    await refused(
      undefined,
      { synthetic: real, selection: "lookahead" },
      "current value is selection lookahead of synthetic ones alone",
    );
    await refused(real, { selection: "some" as "all" }, "'selection'");
    await refused(real, { virtualStep: "all" as "real" }, "'virtualStep'");
    await refused(real, { average: 1 }, "'average'");
    await refused(real, { keepFraction: 2 }, "'keepFraction'");
    const stranger = tf.zeros([2]);
    await refused(
      real,
      { start: { "fc.weight": stranger } },
      "'start' must hold weights of the network: current value has fc.weight of [2]",
      TypeError,
    );
    stranger.dispose();
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "synthetic images alone are trained on as real ones are, and none of them where selection is none",
  async () => {
    const [real, synthetic] = [3, 8].map((seed) =>
      tinyFaces(3, 4, { names, seed })
    );
    const options = { steps: 2, batchSize: 6, erase: 0.5 };
    const alone = take(
      await trainRecognizer(config, undefined, { ...options, synthetic }),
    );
    assertEquals(
      take(await trainRecognizer(config, synthetic, options)),
      alone,
    );
    const none = await trainRecognizer(config, real, {
      ...options,
      synthetic,
      selection: "none",
    });
    assertEquals(
      take(none),
      take(await trainRecognizer(config, real, options)),
    );
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "the average that is returned lies on the way of the weights, and start is where they begin",
  async () => {
    const real = tinyFaces(3, 4, { names });
    const first = await train(real, { steps: 0 });
    const last = take(await train(real, { steps: 1 }));
    // Its decay at the first step is 1 / 10, as it warms up.
    const averaged = take(await train(real, { steps: 1, average: 0.9 }));
    const start = { ...first.params, ...first.head };
    const same = take(await train(real, { steps: 1, start, seed: 0 }));
    assertEquals(same, last);
    const elsewhere = await train(real, { steps: 0, start, seed: 9 });
    const before = take(first);
    assertEquals(take(elsewhere), before);
    assertClose(
      averaged,
      before.map((w, i) => w + 0.9 * (last[i] - w)),
      1e-6,
    );
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "validation holds its identities out of the training and scores every step it is asked for",
  async () => {
    const six = [...names, "dot", "eve", "fay"];
    const real = tinyFaces(6, 3, { names: six });
    const scores: [number, number | undefined][] = [];
    const trained = await train(real, {
      steps: 4,
      validation: { identities: 2, every: 3 },
      onStep: (done, _steps, { score }) => void scores.push([done, score]),
    });
    assertEquals(trained.head["head.weight"].shape, [8, 4]);
    assertEquals(
      scores.filter(([, score]) => score !== undefined).map(([done]) => done),
      [3, 4],
    );
    assert(scores.every(([, x]) => x === undefined || (x > 0 && x <= 1)));
    take(trained);
  },
  { backends: ["wasm"] },
);

testOnBackends("trainRecognizer() frees all when stopped", async () => {
  const controller = new AbortController();
  const real = tinyFaces(3, 2, { names });
  await assertRejects(
    () =>
      train(real, {
        signal: controller.signal,
        onStep: () => controller.abort(new Error("enough")),
      }),
    Error,
    "enough",
  );
});
