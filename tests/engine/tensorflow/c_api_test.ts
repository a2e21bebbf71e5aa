import { assertEquals, assertThrows } from "@std/assert";
import { openTensorFlow, text } from "../../../src/engine/tensorflow/c_api.ts";
import { findLibrary } from "../../../src/engine/tensorflow/library.ts";
import { isCI } from "../../support/backends.ts";

const { library } = findLibrary();
const ignore = library === undefined && !isCI;

Deno.test({
  name: "openTensorFlow() tells the version, and errors in the user's words",
  ignore,
  fn: () => {
    const { version, symbols, status, cString, check } = openTensorFlow(
      library!.path,
    );
    assertEquals(/^2\.\d+\.\d+/.test(version), true, version);
    symbols.TF_SetStatus(status, 3, cString("too small"));
    assertThrows(
      () => check(() => "Cannot try"),
      Error,
      "Cannot try: too small",
    );
    check(() => "Cannot try"); // the status was cleared
  },
});

Deno.test("openTensorFlow() names a file that is no TensorFlow", async () => {
  const path = await Deno.makeTempFile();
  try {
    assertThrows(
      () => openTensorFlow(path),
      Error,
      `Cannot open libtensorflow as '${path}' must be a loadable TensorFlow`,
    );
  } finally {
    await Deno.remove(path);
  }
});

// Deno unloads what a worker opened with the worker: opened again, TensorFlow would end the whole process.
Deno.test({
  name: "libtensorflow outlives the worker that opened it",
  ignore,
  fn: async () => {
    const worker = `
      import { openTensorFlow } from "${
      import.meta.resolve("../../../src/engine/tensorflow/c_api.ts")
    }";
      openTensorFlow(${JSON.stringify(library!.path)});
      self.postMessage("opened");
      self.close();`;
    const main = `
      const url = "data:text/typescript," + encodeURIComponent(${
      JSON.stringify(worker)
    });
      for (let i = 0; i < 2; i++) {
        const worker = new Worker(url, { type: "module" });
        await new Promise((resolve) => worker.onmessage = resolve);
        worker.terminate();
        await new Promise((resolve) => setTimeout(resolve, 500));
      }`;
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-lock", main],
      stdout: "null",
      stderr: "null",
    }).output();
    assertEquals(code, 0);
  },
});

Deno.test("text() reads up to the end of a C string", () => {
  const bytes = new TextEncoder().encode("ab\0c");
  assertEquals(text(Deno.UnsafePointer.of(bytes)), "ab");
  assertEquals(text(null), "");
});
