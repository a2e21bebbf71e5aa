import { assertEquals } from "@std/assert";
import { tf, useBackend } from "../../src/engine/mod.ts";
import { findLibrary } from "../../src/engine/tensorflow/library.ts";

/** A backend that the suite runs on. */
export type TestBackend = "tensorflow" | "wasm";

/** Options of {@linkcode testOnBackends}. */
export interface TestOnBackendsOptions {
  /** Backends to run on. @default ["tensorflow", "wasm"] */
  backends?: readonly TestBackend[];
}

/**
 * Registers one test per backend, which also checks that the numbers of
 * tensors before and after are the same. Where libtensorflow is missing, its
 * test is ignored; in CI (`CI` is set) it runs, and so fails.
 *
 * @param sentence What the test shows.
 * @param fn The test.
 * @param options Backends.
 */
export function testOnBackends(
  sentence: string,
  fn: (backend: TestBackend) => void | Promise<void>,
  options: TestOnBackendsOptions = {},
): void {
  const { backends = ["tensorflow", "wasm"] } = options;
  for (const backend of backends) {
    Deno.test({
      name: `${sentence} [${backend}]`,
      ignore: backend === "tensorflow" && !hasTensorFlow && !isCI,
      // A backend keeps its library and its threads for the whole process.
      sanitizeResources: false,
      sanitizeOps: false,
      fn: async () => {
        await useBackend(backend);
        const before = tf.memory().numTensors;
        await fn(backend);
        assertEquals(tf.memory().numTensors, before, "tensors after the test");
      },
    });
  }
}

/** Whether a thing that is missing has to fail a test that needs it. */
export const isCI: boolean = Boolean(Deno.env.get("CI"));

const hasTensorFlow = findLibrary().library !== undefined;
