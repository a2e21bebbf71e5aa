import { assertEquals } from "@std/assert";
import { codeOf, importsOf } from "./source_code.ts";

const specifiers = (source: string) =>
  importsOf(source).map(({ specifier }) => specifier);

Deno.test("codeOf() blanks comments and keeps lengths and lines", () => {
  assertEquals(codeOf("a // b\nc /* d\ne */ f"), "a     \nc     \n     f");
});

Deno.test("codeOf() blanks what stands inside strings and regular expressions", () => {
  assertEquals(
    codeOf("f(\"// a\", '\\'b', /[\"'`/]/g) / 2 / x"),
    "f(\"    \", '   ', /      /g) / 2 / x",
  );
  assertEquals(codeOf("return /'/;"), "return / /;");
  assertEquals(codeOf("a[0] / b; '/'"), "a[0] / b; ' '");
});

Deno.test("codeOf() keeps the code inside templates", () => {
  assertEquals(
    codeOf("`a ${b({ c: `d ${e} f` })} g` + h"),
    "`  ${b({ c: `  ${e}  ` })}  ` + h",
  );
});

Deno.test("importsOf() sees every kind of import", () => {
  const source = `
import a from "./a.ts";
import type { B } from './b.ts';
import {
  c,
  type D,
} from "./c.ts";
import * as e from "./e.ts";
import "./f.ts";
export { g } from "./g.ts";
export * from "./h.ts";
export type { I } from "./i.ts";
import js from "./j.js" with { type: "text" };
const k = await import("./k.ts");
let l: import("./l.ts").L;
import("./" + name);
`;
  assertEquals(specifiers(source), [
    ...["./a.ts", "./b.ts", "./c.ts", "./e.ts", "./f.ts"],
    ...["./g.ts", "./h.ts", "./i.ts"],
    "./j.js",
    "./k.ts",
    "./l.ts",
    undefined,
  ]);
  assertEquals(importsOf(source)[2], { specifier: "./c.ts", line: 7 });
});

Deno.test("importsOf() is not misled by comments, strings and other exports", () => {
  const source = `
// import a from "./a.ts";
/** @example import b from "./b.ts"; */
const text = 'import c from "./c.ts"';
export const from = "./d.ts";
export function f(x = "./e.ts") { return "./f.ts"; }
import.meta.resolve("./g.ts");
`;
  assertEquals(specifiers(source), []);
});
