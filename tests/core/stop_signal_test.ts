import { assertEquals } from "@std/assert";
import { stopSignal } from "../../src/core/mod.ts";

// In a kernel: tests/notebooks/lab_test.ts.
Deno.test("stopSignal() leaves Ctrl-C alone outside of a notebook", () => {
  assertEquals(stopSignal(), undefined);
});
