import { assert, assertEquals, assertThrows } from "@std/assert";
import { jit, tf } from "../../src/engine/mod.ts";
import {
  type Params,
  type RandomStream,
  randomStream,
} from "../../src/core/mod.ts";
import { valueAndGradients } from "../../src/optim/mod.ts";
import {
  resnet,
  resnet101,
  resnet18,
  resnet34,
  resnet50,
  type ResnetConfig,
  splitStatistics,
} from "../../src/models/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import golden from "../golden/resnet.json" with { type: "json" };

/** One network and pass, by PyTorch in float64. */
interface Case {
  config: ResnetConfig;
  size: [number, number, number];
  training: boolean;
  shapes: Record<string, number[]>;
  features: number[][];
  logits: number[][];
  statistics: Record<string, number[]>;
  /** Norm, and product with `wave(size, 4000)`. */
  gradients: Record<string, [number, number]>;
}

const small = resnet18({ depths: [1, 1, 1, 1], channels: 2 });

const cases = golden.cases as unknown as Case[];

/** The weights and images of a case, by the formulas of tests/golden/resnet.py. */
function inputsOf({ shapes, size }: Case): Params {
  const inputs: Params = {};
  Object.keys(shapes).forEach((name, seed) => {
    const shape = shapes[name];
    const w = wave(shape.reduce((a, b) => a * b, 1), seed);
    const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    const [offset, factor] = name.endsWith("running_mean")
      ? [0, 0.1]
      : name.endsWith("running_var")
      ? [1, 0.5]
      : shape.length > 1
      ? [0, Math.sqrt(4 / fanIn)]
      : name.endsWith("bias")
      ? [0, 0.2]
      : [1, 0.3];
    inputs[name] = tf.tensor(w.map((x) => offset + factor * x), shape);
  });
  const shape = [...size, 3];
  inputs.images = tf.tensor(
    wave(shape.reduce((a, b) => a * b, 1), 1000),
    shape,
  );
  return inputs;
}

function wave(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const x = 43758.5453 * Math.sin(12.9898 * (i + 1) + 78.233 * (seed + 1));
    return 2 * (x - Math.floor(x)) - 1;
  });
}

/** Everything a case of the golden file speaks of. */
function runCase(one: Case, inputs: Params) {
  const { apply } = resnet(one.config);
  const { parts, gradients } = valueAndGradients((inputs) => {
    const { images, ...params } = inputs;
    const { features, logits, statistics } = apply(
      params,
      images as tf.Tensor4D,
      { training: one.training },
    );
    const along = (y: tf.Tensor, seed: number) =>
      tf.sum(tf.mul(y, tf.tensor(wave(y.size, seed), y.shape)));
    const loss = tf.add(along(features, 2000), along(logits!, 3000));
    return { loss, features, logits: logits!, ...statistics };
  }, inputs);
  return { parts, gradients };
}

function assertCase(
  one: Case,
  { parts, gradients }: ReturnType<typeof runCase>,
) {
  assertClose(parts.features, one.features, 1e-4);
  assertClose(parts.logits, one.logits, 1e-4);
  for (const [name, values] of Object.entries(one.statistics)) {
    if (one.training) assertClose(parts[name], values, 1e-4);
    else assertEquals(parts[name], undefined);
  }
  for (const [name, [norm, along]] of Object.entries(one.gradients)) {
    const g = tf.reshape(gradients[name], [-1]);
    assertClose(tf.norm(g), norm, 1e-3);
    const product = tf.sum(tf.mul(g, wave(g.size, 4000))).dataSync()[0];
    // A sum of terms of both signs: off by a share of the terms' size, not of its own.
    assertClose(product / norm, along / norm, 1e-3);
  }
}

for (const one of cases) {
  const { config, training } = one;
  const mode = training ? "training" : "evaluation";
  testOnBackends(
    `resnet() of ${config.block} blocks in ${mode} equals PyTorch's, gradients included`,
    () => {
      tf.tidy(() => assertCase(one, runCase(one, inputsOf(one))));
    },
  );
}

testOnBackends("resnet() is the same inside a jitted function", () => {
  const one = cases.find(({ training }) => training)!;
  const jitted = jit((inputs: Params) => runCase(one, inputs));
  tf.tidy(() => assertCase(one, jitted(inputsOf(one))));
  jitted.dispose();
}, { backends: ["tensorflow"] });

testOnBackends("resnet() sizes have as many weights as torchvision's", () => {
  // Zeros take no time to draw; only their number is looked at.
  const zeros: RandomStream = {
    ...randomStream(1),
    fork: () => zeros,
    normals: (count) => new Float32Array(count),
    uniforms: (count) => new Float32Array(count),
  };
  const counts = [
    [resnet18(), 11_689_512],
    [resnet34(), 21_797_672],
    [resnet50(), 25_557_032],
    [resnet101(), 44_549_160],
  ] as const;
  for (const [config, count] of counts) {
    const params = resnet({ ...config, classes: 1000 }).init(zeros);
    const { weights } = splitStatistics(params);
    const sizes = Object.values(weights).map(({ size }) => size);
    assertEquals(sizes.reduce((a, b) => a + b), count);
    tf.dispose(params);
  }
}, { backends: ["tensorflow"] });

testOnBackends("resnet() has PyTorch's names and shapes", () => {
  for (const { config, shapes } of cases) {
    const params = resnet(config).init(randomStream(1));
    const own = Object.keys(params).sort();
    assertEquals(
      own.map((name) => [name, params[name].shape]),
      Object.entries(shapes),
    );
    tf.dispose(params);
  }
});

testOnBackends("resnet() starts with features of moderate size", () => {
  tf.tidy(() => {
    const model = resnet(small);
    const params = model.init(randomStream(3));
    const images = tf.randomNormal<tf.Rank.R4>(
      [4, 32, 32, 3],
      0,
      1,
      "float32",
      1,
    );
    const { features, logits } = model.apply(params, images, {
      training: true,
    });
    assertEquals(features.shape, [4, model.width]);
    assertEquals(logits, undefined);
    const size = tf.mean(features).dataSync()[0];
    assert(size > 0.05 && size < 20, `mean feature ${size}`);
  });
});

testOnBackends("resnet() keeps the last map larger with lastStride 1", () => {
  tf.tidy(() => {
    // The same weights; a last map of 2 x 2 or of 4 x 4.
    const images = tf.randomNormal<tf.Rank.R4>(
      [2, 64, 64, 3],
      0,
      1,
      "float32",
      1,
    );
    const params = resnet(small).init(randomStream(3));
    const [coarse, fine] = ([2, 1] as const).map((lastStride) =>
      resnet({ ...small, lastStride }).apply(params, images).features
    );
    assertEquals(coarse.shape, fine.shape);
    assert(tf.max(tf.abs(tf.sub(coarse, fine))).dataSync()[0] > 1e-3);
  });
});

testOnBackends(
  "resnet() of an image does not depend on its batch outside training",
  () => {
    tf.tidy(() => {
      const model = resnet(small);
      const params = model.init(randomStream(3));
      const images = tf.randomNormal<tf.Rank.R4>(
        [3, 32, 40, 3],
        0,
        1,
        "float32",
        1,
      );
      const { features, statistics } = model.apply(params, images);
      const alone = model.apply(params, tf.slice(images, [1], [1])).features;
      assertClose(tf.slice(features, [1], [1]), alone);
      assertEquals(statistics, {});
    });
  },
);

testOnBackends("resnet() in training leaves its parameters as they are", () => {
  tf.tidy(() => {
    const model = resnet(small);
    const params = model.init(randomStream(3));
    const name = "layer2.0.bn1.running_mean";
    const images = tf.ones<tf.Rank.R4>([2, 40, 40, 3]);
    const { statistics } = model.apply(params, images, { training: true });
    assertClose(params[name], new Float32Array(4));
    assertEquals(
      Object.keys(statistics).sort(),
      Object.keys(splitStatistics(params).statistics).sort(),
    );
    assert(tf.norm(statistics[name]).dataSync()[0] > 0);
  });
});

Deno.test("resnet() refuses other last strides", () => {
  assertThrows(
    () => resnet({ ...small, lastStride: 3 as 1 }),
    RangeError,
    "Cannot make a ResNet as 'lastStride' must be 1 or 2: current value is 3",
  );
});
