import { assertEquals, assertRejects } from "@std/assert";
import { badInput } from "../../src/cli/bad_input.ts";
import { UsageError } from "../../src/cli/options.ts";

Deno.test("badInput() makes any failure the caller's, but an interruption", async () => {
  assertEquals(await badInput(() => 7), 7);
  assertEquals(await badInput(() => Promise.resolve(7)), 7);
  const fails = [
    () => {
      throw new SyntaxError("broken");
    },
    () => Promise.reject(new RangeError("broken")),
    () => Promise.reject("broken"),
  ];
  for (const fail of fails) {
    await assertRejects(() => badInput<number>(fail), UsageError, "broken");
  }
  const stop = new DOMException("Interrupted", "AbortError");
  const error = await assertRejects(() => badInput(() => Promise.reject(stop)));
  assertEquals(error, stop);
});
