/**
 * What a pickle holds besides plain data: names of functions and classes, and the objects that come of calling them.
 *
 * @module
 */
import { latin1Bytes } from "./pickle_literals.ts";

/**
 * A function or class that a pickle names, and that the caller knows. It stands where the pickle passes it on uncalled.
 *
 * @example
 * ```ts
 * import { PickleGlobal } from "@outis/outis/io";
 *
 * new PickleGlobal("torch.FloatStorage", () => null).name;
 * ```
 */
export class PickleGlobal {
  /**
   * @param name Module and name, as the pickle gives them.
   * @param call What the caller gave for it.
   */
  constructor(
    /** Module and name, as in `torch.FloatStorage`. */
    readonly name: string,
    /** What the caller gave for it. */
    readonly call: (...args: unknown[]) => unknown,
  ) {}
}

/** What a function in `globals` may return if it wants to hear what the pickle puts into its object. */
export interface PickleObject {
  /** Takes the state of the object: mostly its attributes, as a Map. */
  setState?(state: unknown): void;
  /** Takes an entry, where the object is a kind of dict. */
  setItem?(key: unknown, value: unknown): void;
  /** Takes an item, where the object is a kind of list or set. */
  append?(value: unknown): void;
}

/** A function that a pickle may call. */
type Callable = (...args: unknown[]) => unknown;

const module = (name: string): [string, Callable][] => [
  [`${name}.bytes`, bytesOf],
  [`${name}.bytearray`, bytesOf],
  [`${name}.set`, setOf],
  [`${name}.frozenset`, setOf],
];

/** Types of Python's own that older protocols have no opcode for, by their names in Python 3 and 2. */
export const PLAIN_TYPES: ReadonlyMap<string, Callable> = new Map([
  ...module("builtins"),
  ...module("__builtin__"),
  ["_codecs.encode", bytesOf],
]);

function bytesOf(value?: unknown, encoding?: unknown): Uint8Array | undefined {
  if (value === undefined) return new Uint8Array();
  if (value instanceof Uint8Array) return value;
  const isLatin1 = encoding === "latin1" || encoding === "latin-1";
  return typeof value === "string" && isLatin1 ? latin1Bytes(value) : undefined;
}

function setOf(items: unknown = []): Set<unknown> | undefined {
  return Array.isArray(items) ? new Set(items) : undefined;
}

/**
 * Says what a value of a pickle is in few words, for errors.
 *
 * @param value Any value.
 * @returns As in `a dict of 3`.
 *
 * @example
 * ```ts
 * import { describeValue } from "./pickle_objects.ts";
 *
 * describeValue(new Uint8Array(3)); // "3 bytes"
 * ```
 */
export function describeValue(value: unknown): string {
  if (value instanceof PickleGlobal) return printable(value.name);
  if (Array.isArray(value)) return `a sequence of ${value.length}`;
  if (value instanceof Map) return `a dict of ${value.size}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === "object") return value === null ? "None" : "an object";
  return printable(String(value));
}

/**
 * Makes text of a file fit for an error: short, on one line, without control characters.
 *
 * @param text Any text.
 * @returns At most 80 characters of it.
 *
 * @example
 * ```ts
 * import { printable } from "./pickle_objects.ts";
 *
 * printable("a\nb"); // "a?b"
 * ```
 */
export function printable(text: string): string {
  const line = text.slice(0, 80).replace(/\p{Cc}/gu, "?");
  return line.length < text.length ? `${line}…` : line;
}
