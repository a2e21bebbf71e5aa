import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import * as models from "../../src/models/mod.ts";
import { dit, smallDit } from "../../src/models/mod.ts";
import golden from "../golden/dit.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { goldenParams } from "./golden_dit.ts";

const size = golden.size;
const config = (learnSigma: boolean) => ({ ...size, learnSigma });
const grid = (values: number[]) =>
  tf.tensor4d(values, [3, size.height, size.width, values.length / 72]);

for (const one of golden.cases) {
  const title = one.learnSigma ? "with a learned sigma" : "without";
  const model = dit(config(one.learnSigma));
  const inputs = () => ({
    latents: grid(one.latents),
    times: tf.tensor1d(one.times),
    labels: tf.tensor1d(one.labels, "int32"),
  });

  testOnBackends(`dit() computes what PyTorch computes, ${title}`, () => {
    tf.tidy(() => {
      const params = goldenParams(model);
      const { latents, times, labels } = inputs();
      const y = model.apply(params, latents, times, labels);
      const expected = grid(one.output);
      // Values up to 4. At time 999 an angle in single precision is 6e-5 off.
      const upTo = (x: tf.Tensor, samples: number) =>
        tf.slice(x, [0], [samples]);
      assertClose(upTo(y, 2), upTo(expected, 2), 1e-5);
      assertClose(y, expected, 1e-4);
      const jitted = jit(model.apply);
      assertClose(jitted(params, latents, times, labels), y, 1e-5);
      jitted.dispose();
    });
  });

  testOnBackends(`dit()'s gradients are PyTorch's, ${title}`, () => {
    tf.tidy(() => {
      const params = goldenParams(model);
      const { latents, times, labels } = inputs();
      const names = Object.keys(one.gradients); // biases and a table: the same layout in both
      // The slope cos(0), cos(1), ... counts in PyTorch's order, [B, C, H, W].
      const shape = [3, one.output.length / 72, size.height, size.width];
      const count = one.output.length;
      const slope = tf.transpose(
        tf.reshape(tf.cos(tf.range(0, count)), shape),
        [0, 2, 3, 1],
      );
      const score = (latents: tf.Tensor, ...weights: tf.Tensor[]) => {
        const changed: Params = { ...params };
        names.forEach((name, i) => changed[name] = weights[i]);
        const y = model.apply(changed, latents as tf.Tensor4D, times, labels);
        return tf.sum(tf.mul(y, slope));
      };
      const [byLatents, ...byWeights] = tf.grads(score)([
        latents,
        ...names.map((name) => params[name]),
      ]);
      // Values up to 21, time 999 among them.
      assertClose(byLatents, grid(one.latentsGradient), 2e-4);
      names.forEach((name, i) => {
        const expected = one.gradients[name as keyof typeof one.gradients];
        assertClose(byWeights[i].dataSync(), expected, 2e-4);
      });
    });
  });
}

/** A small one as the published are: each block with an adaLN layer of its own. */
const published = smallDit({
  depth: 2,
  classes: 3,
  hidden: 24,
  heads: 2,
  sharedModulation: false,
});

testOnBackends(
  "dit() begins with the published model's names and zeros",
  () => {
    const model = dit(published);
    using params = owned(model.init(randomStream(1)));
    const zeros = Object.entries(params.value)
      .filter(([, w]) => w.dataSync().every((v) => v === 0))
      .map(([name]) => name);
    const biases = Object.keys(params.value).filter((n) => n.endsWith(".bias"));
    assertEquals(
      zeros.toSorted(),
      [
        ...biases,
        "blocks.0.adaLN_modulation.1.weight",
        "blocks.1.adaLN_modulation.1.weight",
        "final_layer.adaLN_modulation.1.weight",
        "final_layer.linear.weight",
      ].toSorted(),
    );
    assertEquals(
      params.value["y_embedder.embedding_table.weight"].shape,
      [4, 24], // the null class is one more
    );
    assertEquals(params.value["x_embedder.proj.weight"].shape, [2, 2, 8, 24]);
  },
);

testOnBackends(
  "dit() begins with blocks that are the identity, and predicts zero",
  () => {
    const model = dit(published);
    using params = owned(model.init(randomStream(1)));
    tf.tidy(() => {
      const random = randomStream(2);
      const draw = (key: string, shape: number[]) =>
        tf.tensor(
          random.fork(key).normals(shape.reduce((a, b) => a * b)),
          shape,
        );
      const tokens = draw("tokens", [2, 16, 24]) as tf.Tensor3D;
      const condition = draw("condition", [2, 24]) as tf.Tensor2D;
      assertEquals(
        model.trunk(params.value, tokens, condition).dataSync(),
        tokens.dataSync(),
      );
      const y = model.apply(
        params.value,
        draw("latents", [2, 8, 8, 8]) as tf.Tensor4D,
        tf.tensor1d([3, 700]),
        tf.tensor1d([0, 3], "int32"),
      );
      assertEquals(y.shape, [2, 8, 8, 8]);
      assert(y.dataSync().every((v) => v === 0));
    });
  },
);

testOnBackends(
  "the null class has a row of its own, each class only its row",
  () => {
    const model = dit(config(false));
    tf.tidy(() => {
      const params = goldenParams(model);
      const { latents, times } = {
        latents: tf.ones([2, 4, 6, 3]) as tf.Tensor4D,
        times: tf.tensor1d([5, 5]),
      };
      const labels = tf.tensor1d([1, size.classes], "int32");
      const name = "y_embedder.embedding_table.weight";
      const slope = tf.grad((table) =>
        tf.sum(tf.square(
          model.apply({ ...params, [name]: table }, latents, times, labels),
        ))
      )(params[name]);
      const touched = tf.sum(tf.abs(slope), 1).dataSync();
      assertEquals(Array.from(touched, (v) => v > 0), [
        false,
        true,
        false,
        true,
      ]);
    });
  },
);

testOnBackends(
  "a sample's prediction does not depend on the rest of its batch",
  () => {
    const model = dit(config(true));
    const one = golden.cases[1];
    tf.tidy(() => {
      const params = goldenParams(model);
      const latents = grid(one.latents);
      const y = model.apply(
        params,
        tf.slice(latents, [1], [1]),
        tf.tensor1d([one.times[1]]),
        tf.tensor1d([one.labels[1]], "int32"),
      );
      assertClose(y, tf.slice(grid(one.output), [1], [1]), 1e-5);
    });
  },
);

testOnBackends("dit() refuses inputs of other shapes", () => {
  const model = dit(config(false));
  tf.tidy(() => {
    const params = goldenParams(model);
    const ids = tf.zeros([2], "int32") as tf.Tensor1D;
    const latents = tf.zeros([2, 4, 6, 3]) as tf.Tensor4D;
    assertThrows(
      () => model.apply(params, tf.zeros([2, 6, 4, 3]), tf.zeros([2]), ids),
      TypeError,
      "Cannot apply a DiT as 'latents' must be of shape [2, 4, 6, 3]: current value is [2, 6, 4, 3]",
    );
    assertThrows(
      () => model.apply(params, latents, tf.zeros([1]), ids),
      TypeError,
      "'times' must be of shape [2]",
    );
    assertThrows(
      () => model.apply(params, latents, tf.zeros([2]), tf.zeros([1], "int32")),
      TypeError,
      "'labels' must be of shape [2]",
    );
  });
});

Deno.test("dit() refuses sizes that do not divide", () => {
  const refused: [Parameters<typeof smallDit>[0], string][] = [
    [
      { height: 7 },
      "'height' must be a multiple of patch (2): current value is 7",
    ],
    [
      { width: 0 },
      "'width' must be a multiple of patch (2): current value is 0",
    ],
    [
      { heads: 5 },
      "'hidden' must be a multiple of heads (5): current value is 192",
    ],
    [
      { hidden: 6, heads: 3 },
      "'hidden' must be a multiple of four (4): current value is 6",
    ],
  ];
  for (const [options, says] of refused) {
    assertThrows(() => dit(smallDit(options)), RangeError, says);
  }
});

// Table 1 of the paper: layers, width, heads.
const NAMED = {
  S: [12, 384, 6],
  B: [12, 768, 12],
  L: [24, 1024, 16],
  XL: [28, 1152, 16],
} as const;

for (const [letter, sizes] of Object.entries(NAMED)) {
  for (const patch of [2, 4, 8] as const) {
    Deno.test(`dit${letter}${patch}() has the paper's sizes`, () => {
      const make = models[`dit${letter as keyof typeof NAMED}${patch}`];
      const config = make();
      assertEquals([config.depth, config.hidden, config.heads], [...sizes]);
      assertEquals(config.patch, patch);
      assertEquals([config.height, config.width, config.channels], [32, 32, 4]);
      assertEquals([config.classes, config.learnSigma], [1000, true]);
      assertEquals(make({ height: 16 }).height, 16);
    });
  }
}

Deno.test("dit() tells the shapes of its weights without making them", () => {
  const { shapes } = dit(models.ditXL2());
  const count = Object.values(shapes)
    .reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  // The published model's 675,129,632 values without its fixed positions, [1, 256, 1152].
  assertEquals(count, 675_129_632 - 256 * 1152);
  const small = dit(smallDit({ depth: 1, classes: 3, hidden: 24, heads: 2 }));
  tf.tidy(() => {
    const made = small.init(randomStream(1));
    assertEquals(
      Object.fromEntries(Object.entries(made).map(([n, w]) => [n, w.shape])),
      small.shapes,
    );
  });
});

testOnBackends(
  "condition() is what steers the transformer: the sum of what time and class give",
  () => {
    const model = dit(config(false));
    tf.tidy(() => {
      const params = goldenParams(model);
      const times = tf.tensor1d([3, 3, 700]);
      const at = (labels: number[]) =>
        model.condition(params, times, tf.tensor1d(labels, "int32"));
      const table = params["y_embedder.embedding_table.weight"];
      const row = (label: number) => tf.slice(table, [label, 0], [1, -1]);
      const [one, other] = [at([0, 1, 0]), at([1, 1, 0])];
      assertEquals(one.shape, [3, size.hidden]);
      // Rows 1 and 2 have the same time and class in both.
      assertClose(tf.slice(one, 1), tf.slice(other, 1), 0);
      const moved = tf.sub(tf.slice(other, 0, 1), tf.slice(one, 0, 1));
      assertClose(moved, tf.sub(row(1), row(0)), 1e-5);
    });
  },
);

testOnBackends(
  "dit() with one shared adaLN layer is the one with as many equal ones, shifted by each block's table",
  () => {
    tf.tidy(() => {
      const shared = dit({ ...config(false), sharedModulation: true });
      const own = dit(config(false));
      const random = randomStream(3, "shared modulation");
      const params: Params = Object.fromEntries(
        Object.entries(shared.shapes).map(([name, shape]) => {
          const count = shape.reduce((a, b) => a * b, 1);
          const values = random.fork(name).normals(count);
          return [name, tf.mul(0.2, tf.tensor(values, shape))];
        }),
      );
      // The same by hand: W x + (b + table) is a layer of each block's own.
      const same: Params = Object.fromEntries(
        Object.keys(own.shapes).map((name) => {
          const block = /^(blocks\.\d+)\.adaLN_modulation\.1\.(\w+)$/.exec(
            name,
          );
          if (block === null) return [name, params[name]];
          const [, place, kind] = block;
          const value = params[`adaLN_modulation.1.${kind}`];
          const table = params[`${place}.adaLN_modulation.table`];
          return [name, kind === "bias" ? tf.add(value, table) : value];
        }),
      );
      const latents = grid(golden.cases[0].latents);
      const times = tf.tensor1d([3, 500, 998]);
      const labels = tf.tensor1d([0, 1, 2], "int32");
      assertClose(
        shared.apply(params, latents, times, labels),
        own.apply(same, latents, times, labels),
        1e-5,
      );
      const count = (model: typeof own) =>
        Object.values(model.shapes).flat(0)
          .reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
      assert(count(shared) < count(own));
      tf.dispose([params, same]);
    });
  },
);
