/**
 * Text and numbers as pickles write them.
 *
 * @module
 */

/** Most bytes or digits of one number; Python itself stops at 4300 digits. */
const LONGEST_NUMBER = 4096;

/**
 * Reads bytes as Latin-1: every byte is the character of its number.
 *
 * @param bytes Bytes.
 * @returns Text of as many characters.
 *
 * @example
 * ```ts
 * import { latin1 } from "./pickle_literals.ts";
 *
 * latin1(new Uint8Array([0xe9])); // "é"
 * ```
 */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  // TextDecoder takes "latin1" for Windows-1252, which moves some bytes.
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

/**
 * Writes text as Latin-1.
 *
 * @param text Characters up to U+00FF.
 * @returns A byte for each character; undefined if one is beyond.
 *
 * @example
 * ```ts
 * import { latin1Bytes } from "./pickle_literals.ts";
 *
 * latin1Bytes("é"); // [0xe9]
 * ```
 */
export function latin1Bytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) return undefined;
    bytes[i] = code;
  }
  return bytes;
}

/**
 * Reads an integer in two's complement, little endian, as opcodes LONG1 and LONG4 have it.
 *
 * @param bytes Its bytes; none is 0.
 * @returns A number, or a bigint beyond 2^53; undefined if it is longer than any Python writes.
 *
 * @example
 * ```ts
 * import { integerOfBytes } from "./pickle_literals.ts";
 *
 * integerOfBytes(new Uint8Array([0xfe])); // -2
 * ```
 */
export function integerOfBytes(bytes: Uint8Array): number | bigint | undefined {
  if (bytes.length > LONGEST_NUMBER) return undefined;
  if (bytes.length === 0) return 0;
  const unsigned = BigInt(`0x${bytes.slice().reverse().toHex()}`);
  return narrow(BigInt.asIntN(8 * bytes.length, unsigned));
}

/**
 * Reads an integer in decimal digits, as opcodes INT and LONG have it.
 *
 * @param text Digits, with a sign and Python 2's final L if any.
 * @returns A number, or a bigint beyond 2^53; undefined if it is none.
 *
 * @example
 * ```ts
 * import { integerOfText } from "./pickle_literals.ts";
 *
 * integerOfText("-12L"); // -12
 * ```
 */
export function integerOfText(text: string): number | bigint | undefined {
  if (text.length > LONGEST_NUMBER) return undefined;
  const digits = /^\s*([+-]?)(\d+)L?\s*$/.exec(text);
  if (digits === null) return undefined;
  const size = BigInt(digits[2]);
  return narrow(digits[1] === "-" ? -size : size);
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/**
 * Reads a float in decimal digits, as opcode FLOAT has it.
 *
 * @param text Digits, or inf, -inf, nan.
 * @returns The number; undefined if it is none.
 *
 * @example
 * ```ts
 * import { floatOfText } from "./pickle_literals.ts";
 *
 * floatOfText("-1.5e3"); // -1500
 * ```
 */
export function floatOfText(text: string): number | undefined {
  if (text === "nan") return NaN;
  if (text === "inf") return Infinity;
  if (text === "-inf") return -Infinity;
  const isNumber = text.length <= LONGEST_NUMBER &&
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  return isNumber ? Number(text) : undefined;
}

/** What stands for a byte behind a backslash in Python's string literals. */
const ESCAPES: { readonly [letter: string]: string } = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * Reads a string literal of Python 2, as opcode STRING has it.
 *
 * @param text The literal, with its quotes.
 * @returns Its bytes; undefined if it is none.
 *
 * @example
 * ```ts
 * import { bytesOfLiteral } from "./pickle_literals.ts";
 *
 * bytesOfLiteral("'a\\x00'"); // [97, 0]
 * ```
 */
export function bytesOfLiteral(text: string): Uint8Array | undefined {
  const inner = /^\s*(["'])([^]*)\1\s*$/.exec(text)?.[2];
  if (inner === undefined) return undefined;
  const plain = inner.replace(
    /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([^]))/g,
    (all, hex?: string, octal?: string, letter?: string) => {
      if (hex) return String.fromCharCode(parseInt(hex, 16));
      if (octal) return String.fromCharCode(parseInt(octal, 8) & 255);
      return ESCAPES[letter!] ?? all;
    },
  );
  return latin1Bytes(plain);
}

/**
 * Reads text in Python's raw-unicode-escape, as opcode UNICODE has it.
 *
 * @param text Latin-1 characters, all others as `\u1234` or `\U00012345`.
 * @returns The text.
 *
 * @example
 * ```ts
 * import { textOfEscaped } from "./pickle_literals.ts";
 *
 * textOfEscaped("\\u20ac"); // "€"
 * ```
 */
export function textOfEscaped(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|U(000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4}))/g,
    (_, short?: string, long?: string) =>
      String.fromCodePoint(parseInt((short ?? long)!, 16)),
  );
}
