import { assert, assertEquals, assertMatch } from "@std/assert";
import { recipeName } from "../../src/stages/recipe_name.ts";

Deno.test("recipeName() is the same for the same recipe, however it was written down", () => {
  const name = recipeName("images", { a: 1, b: { c: [1, 2], d: undefined } });
  assertMatch(name, /^images-[0-9a-f]{12}$/);
  assertEquals(recipeName("images", { b: { c: [1, 2] }, a: 1 }), name);
});

Deno.test("recipeName() tells recipes apart by every value, and lists by their order", () => {
  const names = [
    {},
    { a: 1 },
    { a: 2 },
    { a: "1" },
    { a: null },
    { a: [1, 2] },
    { a: [2, 1] },
    { a: { b: 1 } },
    { b: 1 },
  ].map((recipe) => recipeName("x", recipe));
  assertEquals(new Set(names).size, names.length);
  assert(recipeName("y", {}) !== recipeName("x", {}));
});
