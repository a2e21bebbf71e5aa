import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { environment } from "../../../src/engine/environment.ts";
import { tf } from "../../../src/engine/tf.ts";
import { startWebgpu } from "../../../src/engine/webgpu/backend.ts";
import { cases, valueAndGradients } from "../wasm/kernel_cases.ts";
import { assertClose, onBackend, randomTensor } from "../wasm/reference.ts";

const gpu = navigator.gpu;
const adapter = await gpu?.requestAdapter();
const lacking = adapter
  ? ""
  : gpu
  ? " (ignored: no graphics adapter)"
  : " (ignored: no --unstable-webgpu)";
// A machine that is there to test has to have one.
const ignore = lacking !== "" && environment("CI") === undefined;

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: `${name}${lacking}`, ignore, fn });
}

/** Starts the backend, small tensors included: tfjs would compute those on the processor. */
async function start(): Promise<string> {
  const { description } = await startWebgpu();
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  return description;
}

test("startWebgpu() loads the npm package only when it is called, and names the adapter", async () => {
  assertEquals(tf.findBackendFactory("webgpu"), null);
  const description = await start();
  assertEquals(tf.getBackend(), "webgpu");
  assertEquals(
    description,
    `webgpu ${tf.version_core} on ${adapter!.info.description}`,
  );
});

test("startWebgpu() names the kernels that are missing", async () => {
  await start();
  const erf = tf.getKernel("Erf", "webgpu");
  tf.unregisterKernel("Erf", "webgpu");
  try {
    assertStringIncludes((await startWebgpu()).description, ", without Erf");
  } finally {
    tf.registerKernel(erf);
  }
});

Deno.test("startWebgpu() says what is wrong where Deno offers no WebGPU, or the system no adapter", async () => {
  const start = async (gpu: unknown, rule: string) => {
    // A fresh copy, for what was started before is not started again.
    const copy = await import(`../../../src/engine/webgpu/backend.ts?${rule}`);
    const own = Object.getOwnPropertyDescriptor(navigator, "gpu");
    Object.defineProperty(navigator, "gpu", { value: gpu, configurable: true });
    try {
      await assertRejects(() => copy.startWebgpu(), Error, rule);
    } finally {
      delete (navigator as unknown as Record<string, unknown>).gpu;
      if (own) Object.defineProperty(navigator, "gpu", own);
    }
  };
  await start(undefined, "run with --unstable-webgpu");
  await start(
    { requestAdapter: () => Promise.resolve(null) },
    "the system must have a graphics adapter",
  );
});

// Of the operations compared on wasm, the ones the models are made of.
const compared = [
  "add, broadcast",
  "mul, broadcast",
  "sub from a scalar",
  "div",
  "exp",
  "erf",
  "gather",
  "layer norm",
  "log",
  "logSoftmax",
  "mean, outer",
  "pad",
  "relu",
  "rsqrt",
  "sigmoid",
  "slice of rank 5",
  "softmax",
  "square",
  "stack",
  "sum, inner and outer",
  "tanh",
];

for (const name of compared) {
  test(`${name}: value and gradient on webgpu are those of the cpu backend`, async () => {
    await start();
    const before = tf.memory().numTensors;
    const tensors = valueAndGradients(cases[name]);
    const actual = await Promise.all(tensors.map((x) => x.data()));
    tf.dispose(tensors);
    assertEquals(tf.memory().numTensors, before);
    const expected = await onBackend(
      "cpu",
      () =>
        tf.tidy(() => valueAndGradients(cases[name]).map((x) => x.dataSync())),
    );
    expected.forEach((values, i) =>
      // Adapters may compute exp and tanh to a few thousandths of a step.
      assertClose(actual[i], values, 1e-4, i === 0 ? "value" : `gradient ${i}`)
    );
  });
}

for (const [stride, pad] of [[1, "same"], [2, 1]] as const) {
  test(`conv2d() of stride ${stride}: value and gradients on webgpu are those of the cpu backend`, async () => {
    await start();
    const compute = () =>
      tf.tidy(() => {
        const f = (x: tf.Tensor, k: tf.Tensor) =>
          tf.conv2d(x as tf.Tensor4D, k as tf.Tensor4D, stride, pad);
        const x = randomTensor([2, 8, 8, 3], 1);
        const k = randomTensor([3, 3, 3, 4], 2);
        const value = f(x, k);
        const slope = randomTensor(value.shape, 3);
        const gradients = tf.grads((x, k) => tf.sum(tf.mul(f(x, k), slope)));
        return [value, ...gradients([x, k])];
      });
    const tensors = compute();
    const actual = await Promise.all(tensors.map((x) => x.data()));
    tf.dispose(tensors);
    const expected = await onBackend(
      "cpu",
      () => tf.tidy(() => compute().map((x) => x.dataSync())),
    );
    expected.forEach((values, i) => assertClose(actual[i], values, 1e-4));
  });
}

test("matMul() on webgpu, by hand and with either side transposed", async () => {
  await start();
  const tensors = tf.tidy(() => {
    const a = tf.tensor2d([[1, 2], [3, 4]]);
    const b = tf.tensor2d([[5, 6], [7, 8]]);
    return [
      tf.matMul(a, b),
      tf.matMul(a, b, true, false),
      tf.matMul(a, b, false, true),
    ];
  });
  const values = await Promise.all(tensors.map((x) => x.data()));
  assertEquals(values.map((x) => [...x]), [
    [19, 22, 43, 50],
    [26, 30, 38, 44],
    [17, 23, 39, 53],
  ]);
  tf.dispose(tensors);
});

test("pad() of five dimensions on webgpu puts the border where it belongs", async () => {
  await start();
  const x = tf.tidy(() =>
    tf.pad(
      tf.reshape(tf.tensor1d([1, 2, 3, 4]), [1, 2, 1, 1, 2]),
      [[0, 0], [0, 0], [1, 0], [0, 0], [0, 1]],
    )
  );
  assertEquals(x.shape, [1, 2, 2, 1, 3]);
  assertEquals([...await x.data()], [0, 0, 0, 1, 2, 0, 0, 0, 0, 3, 4, 0]);
  x.dispose();
});

test("Reading a tensor at once on webgpu is refused in one sentence, unless its values are here", async () => {
  await start();
  const x = tf.tensor1d([1, 2]);
  assertEquals([...x.dataSync()], [1, 2]);
  const y = tf.neg(x);
  assertThrows(() => y.dataSync(), Error, "use await tensor.data()");
  assertEquals([...await y.data()], [-1, -2]);
  assertEquals([...y.dataSync()], [-1, -2]);
  tf.dispose([x, y]);
});

test("Gradients that webgpu would get wrong are refused", async () => {
  await start();
  tf.tidy(() => {
    const x = tf.ones([1, 4, 4, 1]);
    const image = (x: tf.Tensor) => x as tf.Tensor4D;
    assertThrows(
      () => tf.grad((x) => tf.avgPool(image(x), 3, 1, "same"))(x),
      RangeError,
      `Cannot differentiate average pooling on webgpu as 'pad' must be without a border: current value is "same"`,
    );
    const widen = (x: tf.Tensor) =>
      tf.image.resizeBilinear(image(x), [8, 8], false, true);
    assertThrows(
      () => tf.grad(widen)(x),
      RangeError,
      "Cannot differentiate bilinear resizing on webgpu as 'halfPixelCenters' must be false: current value is true",
    );
  });
});

// w x fitted to 3 x by gradient descent: the error shrinks by 1 - 2 lr mean(x^2) = 1 - 0.2 * 2.5 = 1/2 a step.
test("Training on webgpu comes to the right number and leaves no tensors behind", async () => {
  await start();
  const x = tf.tensor1d([1, 2]);
  const target = tf.mul(x, 3);
  let w: tf.Tensor = tf.scalar(0);
  const slope = tf.grad((w) =>
    tf.mean(tf.squaredDifference(tf.mul(w, x), target))
  );
  const before = tf.memory().numTensors;
  for (let step = 0; step < 10; step++) {
    const next = tf.tidy(() => tf.sub(w, tf.mul(slope(w), 0.1)));
    w.dispose();
    w = next;
    assertEquals(tf.memory().numTensors, before);
  }
  const [value] = await w.data();
  assert(Math.abs(value - 3 * (1 - 2 ** -10)) < 1e-4, `w is ${value}`);
  tf.dispose([x, target, w]);
});
