import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { assertNothingLeft, randomTensor } from "./reference.ts";

Deno.test("startWasm() loads the npm package only when it is called", async () => {
  assertEquals(tf.findBackendFactory("wasm"), null);
  const { version, description } = await startWasm();
  assertEquals(version, tf.version_core);
  assertEquals(description, `wasm ${version} on the CPU, one thread`);
  assertEquals(tf.getBackend(), "wasm");
});

Deno.test("startWasm() twice keeps the backend, and the tensors on it", async () => {
  await startWasm();
  const x = tf.tensor1d([1, 2]);
  await tf.setBackend("cpu");
  const { description } = await startWasm({ threads: 8 });
  assertStringIncludes(description, "one thread instead of 8");
  assertEquals(tf.getBackend(), "wasm");
  assertEquals([...x.dataSync()], [1, 2]);
  x.dispose();
});

Deno.test("startWasm() says what it needs where the compiled module may not be read", async () => {
  const module = import.meta.resolve("../../../src/engine/wasm/backend.ts");
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-prompt",
      `import { startWasm } from "${module}";
      Deno.permissions.revokeSync({ name: "read" });
      await startWasm().catch((error) => console.log(error.message));`,
    ],
    stderr: "null",
  }).output();
  assertStringIncludes(
    new TextDecoder().decode(stdout),
    "Cannot start the wasm backend as its compiled module must be readable",
  );
});

Deno.test("A tensor too large for the heap is refused, and what was there still works", async () => {
  await startWasm();
  assertThrows(
    () => tf.tile(tf.zeros([2 ** 10, 1]), [2 ** 10, 2 ** 10]), // 4 GiB
    RangeError,
    "'bytes' must fit into what is left of the heap's 4 GiB: current value is 4294967296",
  );
  assertEquals(tf.tidy(() => tf.sum(tf.fill([9], 2)).dataSync()[0]), 18);
});

// y = relu(x * k1) * k2 by convolutions, fitted to a blurred and inverted x: from 0.33 (the mean square of the target)
// to under a twentieth of it in 60 steps of gradient descent with momentum.
Deno.test("A convolutional network of two layers learns on wasm, and leaves nothing on the heap", async () => {
  await startWasm();
  const x = tf.relu(randomTensor<tf.Rank.R4>([8, 8, 8, 1], 1));
  const target = tf.tidy(() => tf.neg(tf.avgPool(x, 3, 1, "same")));
  let kernels = [
    tf.tidy(() => tf.mul(randomTensor([3, 3, 1, 4], 2), 0.3)),
    tf.tidy(() => tf.mul(randomTensor([3, 3, 4, 1], 3), 0.3)),
  ];
  let momenta = kernels.map((k) => tf.zerosLike(k));
  const loss = (...[k1, k2]: tf.Tensor[]) => {
    const hidden = tf.leakyRelu(tf.conv2d(x, k1 as tf.Tensor4D, 1, "same"));
    const y = tf.conv2d(hidden as tf.Tensor4D, k2 as tf.Tensor4D, 1, "same");
    return tf.mean(tf.squaredDifference(y, target)).asScalar();
  };
  const losses: number[] = [];
  const step = () => {
    const { value, grads } = tf.valueAndGrads(loss)(kernels);
    losses.push(value.dataSync()[0]);
    const next = grads.map((g, i) => tf.add(g, tf.mul(momenta[i], 0.9)));
    const moved = kernels.map((k, i) => tf.sub(k, tf.mul(next[i], 0.05)));
    tf.dispose([kernels, momenta]);
    kernels = moved.map((k) => tf.keep(k));
    momenta = next.map((m) => tf.keep(m));
  };
  for (let i = 0; i < 60; i++) assertNothingLeft(() => tf.tidy(step));
  const start = tf.tidy(() => tf.mean(tf.square(target)).dataSync()[0]);
  assert(losses[59] < start / 20, `loss ${losses[0]} -> ${losses[59]}`);
  tf.dispose([x, target, kernels, momenta]);
});
