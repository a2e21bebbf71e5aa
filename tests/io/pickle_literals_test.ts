import { assertEquals } from "@std/assert";
import {
  bytesOfLiteral,
  floatOfText,
  integerOfBytes,
  integerOfText,
  latin1,
  latin1Bytes,
  textOfEscaped,
} from "../../src/io/pickle_literals.ts";

Deno.test("integers are in two's complement, and bigints beyond 2^53", () => {
  const cases: [number[], number | bigint][] = [
    [[], 0],
    [[0xff], -1],
    [[0xff, 0], 255],
    [[0, 0x80], -32768],
    // 2^53 - 1 is the last number, 2^53 the first bigint.
    [[255, 255, 255, 255, 255, 255, 31], 2 ** 53 - 1],
    [[0, 0, 0, 0, 0, 0, 32], 2n ** 53n],
  ];
  for (const [bytes, wanted] of cases) {
    assertEquals(integerOfBytes(Uint8Array.from(bytes)), wanted);
    assertEquals(integerOfText(`${wanted}L`), wanted);
  }
  for (const text of ["", "1.5", "0x10", "1e3", "--1", "LL"]) {
    assertEquals(integerOfText(text), undefined, text);
  }
});

Deno.test("floats are decimal, or one of three words", () => {
  assertEquals(
    ["1", "-1.5e3", ".5", "2.", "inf", "-inf", "nan"].map(floatOfText),
    [1, -1500, 0.5, 2, Infinity, -Infinity, NaN],
  );
  for (const text of ["", ".", "Infinity", "0x1", "1e", "1 2"]) {
    assertEquals(floatOfText(text), undefined, text);
  }
});

Deno.test("string literals of Python 2 are bytes", () => {
  const cases: [string, string][] = [
    ["'a'", "a"],
    ['"it\'s"', "it's"],
    ["'\\n\\t\\\\\\'\\x00\\xff\\101'", "\n\t\\'\0\xffA"],
    // Python keeps a backslash before other letters.
    ["'\\d'", "\\d"],
  ];
  for (const [literal, wanted] of cases) {
    assertEquals(bytesOfLiteral(literal), latin1Bytes(wanted), literal);
  }
  for (const text of ["", "'", "'a\"", "a"]) {
    assertEquals(bytesOfLiteral(text), undefined, text);
  }
});

Deno.test("Latin-1 keeps every byte, and escapes reach beyond", () => {
  const bytes = Uint8Array.from({ length: 20000 }, (_, i) => i);
  assertEquals(latin1Bytes(latin1(bytes)), bytes);
  assertEquals(latin1Bytes("€"), undefined);
  assertEquals(
    textOfEscaped("\\u20ac\\U0001f600\\U00110000é"),
    "€😀\\U00110000é",
  );
});
