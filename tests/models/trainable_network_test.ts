import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  NETWORK_NAMES,
  type NetworkName,
  networkPreset,
  resnet,
  resnet18,
  trainableNetwork,
} from "../../src/models/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { NETWORK_SIZE, tinyNetworks } from "../stages/tiny_networks.ts";

const size = { height: NETWORK_SIZE, width: NETWORK_SIZE };

function someImages(): tf.Tensor4D {
  const values = randomStream(1, "images").uniforms(4 * NETWORK_SIZE ** 2 * 3);
  return tf.tensor4d(values.map((x) => 2 * x - 1), [
    4,
    NETWORK_SIZE,
    NETWORK_SIZE,
    3,
  ]);
}

for (const [kind, description] of Object.entries(tinyNetworks)) {
  testOnBackends(
    `a ${kind} tells its shapes and statistics, and changes neither without training`,
    () =>
      tf.tidy(() => {
        const network = trainableNetwork(description);
        const params = network.init(randomStream(2));
        assertEquals(
          Object.fromEntries(
            Object.entries(params).map(([name, w]) => [name, [...w.shape]]),
          ),
          Object.fromEntries(
            Object.entries(network.shapes).map(([name, x]) => [name, [...x]]),
          ),
        );
        const images = someImages();
        const still = network.apply(params, images, false);
        assertEquals(still.features.shape, [4, network.width]);
        assertEquals(still.pooled.shape, [4, network.width]);
        assertEquals(still.statistics, {});
        const training = network.apply(params, images, true);
        assertEquals(
          Object.keys(training.statistics).sort(),
          Object.keys(params).filter((name) => name.includes(".running_"))
            .sort(),
        );
        // JSON makes the same network.
        const again = trainableNetwork(JSON.parse(JSON.stringify(description)));
        assertClose(
          again.apply(params, images, false).features,
          still.features,
        );
      }),
  );
}

testOnBackends(
  "a neck normalises the features that are compared, not those that distances are taken of",
  () =>
    tf.tidy(() => {
      for (const kind of ["resnet", "vit"] as const) {
        const network = trainableNetwork(tinyNetworks[kind]);
        const params = network.init(randomStream(2));
        const { features, pooled } = network.apply(params, someImages(), true);
        const { mean, variance } = tf.moments(features, 0);
        assertClose(tf.max(tf.abs(mean)).dataSync(), [0], 1e-4);
        assert(tf.max(variance).dataSync()[0] > 0.5);
        assert(tf.max(tf.abs(tf.sub(features, pooled))).dataSync()[0] > 0.1);
      }
    }),
);

testOnBackends(
  "pixels of ImageNet's scale go through the network as its own preprocessing says",
  () =>
    tf.tidy(() => {
      const config = resnet18({ depths: [1, 1, 1, 1], channels: 8 });
      const description = { kind: "resnet", ...size, config } as const;
      const network = trainableNetwork({ ...description, pixels: "imagenet" });
      const params = network.init(randomStream(3));
      const images = someImages();
      const { mean, deviation } = network.preprocessing;
      const scaled = tf.div(tf.sub(images, [...mean]), [...deviation]);
      const { features } = resnet(config).apply(
        params,
        scaled as tf.Tensor4D,
      );
      assertClose(network.apply(params, images, false).features, features);
      assertClose(mean[0], 2 * 0.485 - 1);
    }),
);

testOnBackends(
  "a network with a classifier of its own, or images of another size, are refused",
  () => {
    assertThrows(
      () =>
        trainableNetwork({
          kind: "resnet",
          ...size,
          config: resnet18({ classes: 3 }),
        }),
      RangeError,
      "'config.classes' must be 0, the classifier being the training's: current value is 3",
    );
    const network = trainableNetwork(tinyNetworks.small);
    using params = owned(network.init(randomStream(1)));
    using images = owned(tf.zeros<tf.Rank.R4>([1, 8, 8, 3]));
    assertThrows(
      () => network.apply(params.value, images.value, false),
      TypeError,
      "images",
    );
  },
);

Deno.test("every name is a network for faces, and those for persons take their images", () => {
  for (const name of NETWORK_NAMES) {
    const { kind } = networkPreset(name, { height: 64, width: 64 });
    assert(name.startsWith(kind) || (kind === "vit" && name.startsWith("vit")));
  }
  const person = { height: 256, width: 128, neck: true };
  const description = networkPreset("resnet50", person);
  assert(description.kind === "resnet" && description.config.neck);
  assertEquals(description.config.lastStride, 1);
  assertThrows(
    () => networkPreset("iresnet50", person),
    RangeError,
    "'width' must be the height, 256, for an IResNet: current value is 128",
  );
  assertThrows(
    () => networkPreset("alexnet" as NetworkName, person),
    RangeError,
    "'name' must be one of small, resnet-small",
  );
});
