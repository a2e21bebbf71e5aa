import { assert, assertEquals, assertThrows } from "@std/assert";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import {
  resnet,
  resnet101,
  resnet18,
  resnet34,
  resnet50,
  type ResnetConfig,
  splitStatistics,
  torchvisionResnetNames,
} from "../../src/models/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import golden from "../golden/resnet.json" with { type: "json" };
import {
  assertGolden,
  type GoldenCase,
  type GoldenNetwork,
  goldenWeights,
} from "./golden_network.ts";

const small = resnet18({ depths: [1, 1, 1, 1], channels: 2 });

const cases = golden.cases as unknown as (GoldenCase & {
  config: ResnetConfig;
})[];

function networkOf(
  { config, training }: (typeof cases)[number],
): GoldenNetwork {
  const model = resnet(config);
  return {
    shapes: model.shapes,
    scheme: torchvisionResnetNames(config, model.shapes),
    apply(params, images) {
      const options = { training };
      const { statistics, ...rest } = model.apply(params, images, options);
      return { results: rest as tf.NamedTensorMap, statistics };
    },
  };
}

for (const one of cases) {
  const { block, neck } = one.config;
  const title = `of ${block} blocks${neck ? " with neck" : ""} in ${
    one.training ? "training" : "evaluation"
  }`;
  testOnBackends(
    `resnet() ${title} equals PyTorch's, gradients included`,
    async () => {
      const network = networkOf(one);
      using params = owned(await goldenWeights(one, network));
      assertGolden(one, network, params.value);
    },
  );
}

testOnBackends("resnet() is the same inside a jitted function", async () => {
  const one = cases.find(({ training, config }) => training && config.neck)!;
  const network = networkOf(one);
  using params = owned(await goldenWeights(one, network));
  const jitted: { dispose: () => void }[] = [];
  assertGolden(one, network, params.value, (pass) => {
    const fast = jit(pass);
    jitted.push(fast);
    return fast;
  });
  for (const fast of jitted) fast.dispose();
}, { backends: ["tensorflow"] });

Deno.test("resnet() sizes have as many weights as torchvision's", () => {
  const counts = [
    [resnet18(), 11_689_512],
    [resnet34(), 21_797_672],
    [resnet50(), 25_557_032],
    [resnet101(), 44_549_160],
  ] as const;
  for (const [config, count] of counts) {
    const { shapes } = resnet({ ...config, classes: 1000 });
    const sizes = Object.entries(shapes)
      .filter(([name]) => !name.includes("running"))
      .map(([, shape]) => shape.reduce((a, b) => a * b));
    assertEquals(sizes.reduce((a, b) => a + b), count);
  }
});

testOnBackends("resnet() makes the weights whose shapes it tells", () => {
  for (const { config } of cases) {
    const model = resnet(config);
    using params = owned(model.init(randomStream(1)));
    assertEquals(
      Object.fromEntries(
        Object.entries(params.value).map(([name, { shape }]) => [name, shape]),
      ),
      model.shapes,
    );
  }
});

testOnBackends("resnet() compares by what comes out of its neck", () => {
  tf.tidy(() => {
    const images = tf.randomNormal<tf.Rank.R4>([4, 40, 40, 3]);
    const model = resnet({ ...small, neck: true, classes: 3 });
    const params = model.init(randomStream(3));
    assert(!("fc.bias" in params));
    const { features, pooled } = model.apply(params, images, {
      training: true,
    });
    // Over the batch: mean 0 and variance 1 in each of the features that vary at all.
    const { mean, variance } = tf.moments(features, 0);
    const alive = tf.greater(tf.moments(pooled, 0).variance, 0.1);
    assertClose(mean, new Float32Array(model.width), 1e-4);
    assertClose(
      tf.where(alive, variance, 1),
      new Float32Array(model.width).fill(1),
      1e-3,
    );
  });
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
