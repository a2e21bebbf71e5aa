import { assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { tf, useBackend } from "../../src/engine/mod.ts";
import { recognizer, smallRecognizer } from "../../src/models/mod.ts";
import { batchNormalization } from "../../src/nn/mod.ts";
import { refuseBatchNormalization } from "../../src/privacy/mod.ts";

Deno.test("refuseBatchNormalization() names the layer, whoever named its statistics", () => {
  for (
    const [name, layer] of [
      ["layer1.0.bn2.running_mean", "layer1.0.bn2"],
      ["bn.num_batches_tracked", "bn"],
      ["block/norm.moving_variance", "block/norm"],
    ]
  ) {
    assertThrows(
      () => refuseBatchNormalization("train privately", ["a.weight", name]),
      RangeError,
      `Cannot train privately as the network must be without batch normalisation, which mixes the samples of a batch: current value has 1 such layers, '${layer}' first`,
    );
  }
});

Deno.test("this project's own batch normalisation is refused, layer and group normalisation are not", async () => {
  await useBackend("wasm");
  const params = batchNormalization("bn1", { channels: 2 }).init(
    randomStream(1),
  );
  assertThrows(
    () => refuseBatchNormalization("train privately", Object.keys(params)),
    RangeError,
    "'bn1'",
  );
  tf.dispose(params);
  const small = recognizer(smallRecognizer()).init(randomStream(1));
  refuseBatchNormalization("train privately", Object.keys(small));
  tf.dispose(small);
});
