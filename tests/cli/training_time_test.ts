import { assertAlmostEquals } from "@std/assert";
import { trainingTime } from "../../src/cli/training_time.ts";
import { randomStream } from "../../src/core/mod.ts";
import { tf, useBackend } from "../../src/engine/mod.ts";
import { networkPreset, trainableNetwork } from "../../src/models/mod.ts";

/** A clock that goes on by 80 ms each time: 10 ms for each of a batch of eight images. */
function clock(): () => number {
  let time = 0;
  return () => time += 80;
}

Deno.test("trainingTime() takes a measured forward pass for all that a training passes", async () => {
  await useBackend("wasm");
  const size = { height: 16, width: 16 };
  const network = trainableNetwork(networkPreset("small", size));
  const params = network.init(randomStream(1));
  const before = tf.memory().numTensors;
  const seconds = (options: object, mixes = false) =>
    trainingTime(
      {
        model: network,
        params,
        options: { steps: 100, batchSize: 10, ...options },
        mixes,
      },
      clock(),
    );
  // 100 steps of 10 images, 3.5 forward passes each, 10 ms.
  const real = await seconds({});
  assertAlmostEquals(real, 35, 1e-9);
  const cases: [object, boolean, number][] = [
    [{ batchSize: 20 }, false, 2],
    [{ sampler: { identities: 5, images: 4 } }, false, 2],
    [{ mixing: 0.5 }, true, 1.5],
    [{ mixing: { from: 0, to: 2 } }, true, 2],
    [{ mixing: () => 3 }, true, 4],
    [{ mixing: 1, selection: "none" }, true, 1],
    [{ mixing: 1, selection: "lookahead" }, true, 3.6],
  ];
  for (const [options, mixes, times] of cases) {
    assertAlmostEquals(await seconds(options, mixes), times * real, 1e-9);
  }
  if (tf.memory().numTensors !== before) throw new Error("tensors are left");
  tf.dispose(params);
});
