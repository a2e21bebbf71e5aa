import { assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import {
  timmVitNames,
  torchvisionVitNames,
  vit,
  vitB16,
  type VitConfig,
  vitS16,
} from "../../src/models/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import golden from "../golden/vit.json" with { type: "json" };
import {
  assertGolden,
  type GoldenCase,
  type GoldenNetwork,
  goldenWeights,
} from "./golden_network.ts";

const schemes = { timm: timmVitNames, torchvision: torchvisionVitNames };

const cases = golden.cases as unknown as (GoldenCase & {
  names: keyof typeof schemes;
  config: VitConfig;
})[];

function networkOf({ config, names }: (typeof cases)[number]): GoldenNetwork {
  const model = vit(config);
  return {
    shapes: model.shapes,
    scheme: schemes[names](config, model.shapes),
    apply: (params, images) => ({
      results: model.apply(params, images) as tf.NamedTensorMap,
      statistics: {},
    }),
  };
}

for (const one of cases) {
  testOnBackends(
    `vit() with ${one.names}'s names equals PyTorch's, gradients included`,
    async () => {
      const network = networkOf(one);
      using params = owned(await goldenWeights(one, network));
      assertGolden(one, network, params.value);
    },
  );
}

testOnBackends("vit() is the same inside a jitted function", async () => {
  const network = networkOf(cases[0]);
  using params = owned(await goldenWeights(cases[0], network));
  const jitted: { dispose: () => void }[] = [];
  assertGolden(cases[0], network, params.value, (pass) => {
    const fast = jit(pass);
    jitted.push(fast);
    return fast;
  });
  for (const fast of jitted) fast.dispose();
}, { backends: ["tensorflow"] });

// Counted by timm's own modules.
Deno.test("vit() sizes have as many weights as timm's", () => {
  for (
    const [config, count] of [
      [vitS16({ classes: 1000 }), 22_050_664],
      [vitB16({ classes: 1000 }), 86_567_656],
    ] as const
  ) {
    const sizes = Object.values(vit(config).shapes)
      .map((shape) => shape.reduce((a, b) => a * b));
    assertEquals(sizes.reduce((a, b) => a + b), count);
  }
});

testOnBackends("vit() makes the weights whose shapes it tells", () => {
  const model = vit(cases[0].config);
  using params = owned(model.init(randomStream(1)));
  const shapes = Object.entries(params.value).map(([name, w]) => [
    name,
    w.shape,
  ]);
  assertEquals(Object.fromEntries(shapes), model.shapes);
});

testOnBackends("vit() looks at each image alone", () => {
  tf.tidy(() => {
    const model = vit({ ...cases[0].config, classes: 0 });
    const params = model.init(randomStream(1));
    const images = tf.randomNormal<tf.Rank.R4>([3, 24, 16, 3]);
    const { features, logits } = model.apply(params, images);
    assertEquals(logits, undefined);
    const alone = model.apply(params, tf.slice(images, [1], [1])).features;
    assertClose(tf.slice(features, [1], [1]), alone, 1e-5);
  });
});

testOnBackends("vit() refuses other sizes of images", () => {
  using images = owned(tf.zeros<tf.Rank.R4>([1, 16, 24, 3]));
  assertThrows(
    () => vit(cases[0].config).apply({}, images.value),
    TypeError,
    "'images' must be of shape [1, 24, 16, 3]: current value is [1, 16, 24, 3]",
  );
  assertThrows(
    () => vit(vitB16({ width: 120 })),
    RangeError,
    "'width' must be a multiple of the patch (16): current value is 120",
  );
});
