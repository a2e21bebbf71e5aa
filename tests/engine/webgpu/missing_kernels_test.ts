import { assertEquals } from "@std/assert";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import {
  missingKernels,
  usedKernels,
} from "../../../src/engine/webgpu/missing_kernels.ts";

Deno.test("missingKernels() names those that are not registered, in the order given", async () => {
  await startWasm();
  assertEquals(missingKernels(["Einsum", "Add", "FFT"], "wasm"), [
    "Einsum",
    "FFT",
  ]);
  assertEquals(missingKernels(["Add"], "no backend"), ["Add"]);
});

Deno.test("Nothing this project uses is missing on wasm", async () => {
  await startWasm();
  assertEquals(missingKernels(usedKernels, "wasm"), []);
});

Deno.test("Nothing this project uses is missing on webgpu", async () => {
  // Registers its kernels whether there is an adapter or not.
  await import("@tensorflow/tfjs-backend-webgpu");
  assertEquals(missingKernels(), []);
});
