import { assertEquals } from "@std/assert";
import { environment } from "../../src/engine/environment.ts";

const name = "OUTIS_TEST_OF_ENVIRONMENT";

Deno.test("environment() reads a variable, and takes an empty one for unset", () => {
  assertEquals(environment(name), undefined);
  Deno.env.set(name, "");
  assertEquals(environment(name), undefined);
  Deno.env.set(name, "x");
  assertEquals(environment(name), "x");
  Deno.env.delete(name);
});

Deno.test({
  name: "environment() is undefined where the environment may not be read",
  permissions: { env: false },
  fn: () => assertEquals(environment("HOME"), undefined),
});
