import { assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  insightfaceNames,
  iresnet,
  iresnet100,
  iresnet18,
  iresnet50,
  type IresnetConfig,
} from "../../src/models/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import golden from "../golden/iresnet.json" with { type: "json" };
import {
  assertGolden,
  type GoldenCase,
  type GoldenNetwork,
  goldenWeights,
} from "./golden_network.ts";

const cases = golden.cases as unknown as (GoldenCase & {
  config: IresnetConfig;
})[];

for (const one of cases) {
  const mode = one.training ? "training" : "evaluation";
  testOnBackends(
    `iresnet() in ${mode} equals PyTorch's, gradients included`,
    async () => {
      const model = iresnet(one.config);
      const network: GoldenNetwork = {
        shapes: model.shapes,
        scheme: insightfaceNames(model.shapes),
        apply(params, images) {
          const { training } = one;
          const { features, statistics } = model.apply(params, images, {
            training,
          });
          return { results: { features }, statistics };
        },
      };
      using params = owned(await goldenWeights(one, network));
      assertGolden(one, network, params.value);
    },
  );
}

// Counted by insightface's own modules, without running statistics.
Deno.test("iresnet() sizes have as many weights as insightface's", () => {
  const counts = [
    [iresnet18(), 24_025_600],
    [iresnet50(), 43_590_848],
    [iresnet100(), 65_156_160],
  ] as const;
  for (const [config, count] of counts) {
    const sizes = Object.entries(iresnet(config).shapes)
      .filter(([name]) => !name.includes("running"))
      .map(([, shape]) => shape.reduce((a, b) => a * b));
    assertEquals(sizes.reduce((a, b) => a + b), count);
  }
});

testOnBackends("iresnet() makes the weights whose shapes it tells", () => {
  const model = iresnet(cases[0].config);
  using params = owned(model.init(randomStream(1)));
  const shapes = Object.entries(params.value).map(([name, w]) => [
    name,
    w.shape,
  ]);
  assertEquals(Object.fromEntries(shapes), model.shapes);
});

testOnBackends("iresnet() refuses other sizes of images", () => {
  const model = iresnet(cases[0].config);
  using images = owned(tf.zeros<tf.Rank.R4>([1, 48, 32, 3]));
  assertThrows(
    () => model.apply({}, images.value),
    TypeError,
    "'images' must be of shape [1, 32, 32, 3]: current value is [1, 48, 32, 3]",
  );
  assertThrows(
    () => iresnet(iresnet50({ size: 120 })),
    RangeError,
    "'size' must be a multiple of 16: current value is 120",
  );
});
