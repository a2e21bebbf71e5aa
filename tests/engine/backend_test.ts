import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { type BackendName, tf, useBackend } from "../../src/engine/mod.ts";
import { findLibrary } from "../../src/engine/tensorflow/library.ts";
import { testOnBackends } from "../support/backends.ts";
import { elfBytes, folderOf } from "../support/fake_library.ts";

testOnBackends(
  "useBackend() says in one line what computes and why",
  async (name) => {
    const info = await useBackend(name);
    assertEquals(info.name, name);
    assertEquals(tf.getBackend(), name);
    assertMatch(info.version, /^\d+\.\d+\.\d+/);
    assert(!info.description.includes("\n"));
    assertMatch(
      info.description,
      name === "tensorflow"
        ? /^tensorflow \d[\w.]+ on (CPU|GPU), from \S+libtensorflow\S* \((option|environment|cache|python|system)\)$/
        : /^wasm \d[\w.]+ /,
    );
  },
);

testOnBackends(
  "useBackend('auto') takes tensorflow where there is one",
  async () => {
    assertEquals((await useBackend()).name, "tensorflow");
    assertEquals((await useBackend("auto")).name, "tensorflow");
  },
  { backends: ["tensorflow"] },
);

testOnBackends("useBackend() keeps a backend that runs", async () => {
  const backend = tf.backend();
  const x = tf.tensor([1, 2]);
  await useBackend("tensorflow");
  assertEquals(tf.backend(), backend);
  await useBackend("wasm");
  assertEquals(tf.getBackend(), "wasm");
  await useBackend("auto");
  assertEquals(tf.backend(), backend);
  assertEquals(x.dataSync(), Float32Array.of(1, 2));
  x.dispose();
}, { backends: ["tensorflow"] });

testOnBackends(
  "useBackend() refuses another number of threads for one process",
  async () => {
    await useBackend("tensorflow");
    const error = await assertRejects(
      () => useBackend("tensorflow", { threads: 5 }),
      RangeError,
    );
    assertMatch(
      error.message,
      /^Cannot use the tensorflow backend as 'threads' must be what it was started with in this process \((\d+|all cores)\): current value is 5$/,
    );
  },
  { backends: ["tensorflow"] },
);

Deno.test("useBackend() refuses what it does not know", async () => {
  await assertRejects(
    () => useBackend("cuda" as BackendName),
    RangeError,
    "Cannot choose a backend as 'name' must be auto, tensorflow, wasm or webgpu: current value is cuda",
  );
  for (const threads of [-1, 1.5, NaN]) {
    await assertRejects(
      () => useBackend("wasm", { threads }),
      RangeError,
      `'threads' must be a whole number from 0 on: current value is ${threads}`,
    );
  }
});

Deno.test("useBackend() never falls back past a library that was named", async () => {
  using folder = folderOf({
    "libtensorflow_cc.so.2": elfBytes(),
    "libtensorflow_framework.so.2": elfBytes(),
  });
  for (const name of ["auto", "tensorflow"] as const) {
    await assertRejects(
      () => useBackend(name, { library: "/no/such/folder" }),
      RangeError,
      "/no/such/folder",
    );
    // Looks like a library of this machine, but holds nothing.
    const library = `${folder.path}/libtensorflow_cc.so.2`;
    await assertRejects(
      () => useBackend(name, { library }),
      Error,
      `Cannot open libtensorflow as '${library}' must be a loadable TensorFlow 2.9 or newer: `,
    );
  }
});

/** Runs a line in a process of its own, with other variables. */
async function runAlone(code: string, env: Record<string, string>) {
  const engine = import.meta.resolve("../../src/engine/mod.ts");
  const config = new URL(import.meta.resolve("../../deno.json")).pathname;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `--config=${config}`,
      `import { tf, useBackend } from "${engine}"; ${code}`,
    ],
    env: { NO_COLOR: "1", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("useBackend() says what is wrong with OUTIS_LIBTENSORFLOW", async () => {
  const { stdout } = await runAlone(
    `try { await useBackend(); } catch (error) { console.log(error.message); }`,
    { OUTIS_LIBTENSORFLOW: "/no/such/folder" },
  );
  assertMatch(
    stdout,
    /^Cannot load TensorFlow as 'OUTIS_LIBTENSORFLOW' must be .*: current value is '\/no\/such\/folder'/,
  );
});

testOnBackends(
  "useBackend() starts with a number of threads, and keeps it",
  async () => {
    // One thread more than the main one would show where the work of a matrix product is shared.
    const { stdout } = await runAlone(
      `
    const { description } = await useBackend("tensorflow", { threads: 1 });
    const again = await useBackend("tensorflow", { threads: 1 });
    const other = await useBackend("tensorflow", { threads: 2 }).catch((error) => error.message);
    console.log(description === again.description, tf.ones([2, 2]).sum().dataSync()[0], other);
  `,
      { OUTIS_LIBTENSORFLOW: findLibrary().library!.path },
    );
    assertMatch(
      stdout,
      /^true 4 Cannot .* in this process \(1\): current value is 2$/,
    );
  },
  { backends: ["tensorflow"] },
);
