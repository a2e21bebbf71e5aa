/**
 * Reads Python pickles of protocols 0 to 5 without executing anything.
 *
 * A pickle is a program for a stack machine, and Python's own reader runs whatever function it names. This one builds
 * plain data, calls only what the caller gives it by name, and refuses the rest by name.
 *
 * @module
 */
import { type PickleInput, pickleInput, unpicklable } from "./pickle_input.ts";
import {
  bytesOfLiteral,
  floatOfText,
  integerOfBytes,
  integerOfText,
  textOfEscaped,
} from "./pickle_literals.ts";
import {
  describeValue,
  PickleGlobal,
  type PickleObject,
  PLAIN_TYPES,
  printable,
} from "./pickle_objects.ts";
import { pickleStack } from "./pickle_stack.ts";

/** Options of {@linkcode unpickle}. */
export interface UnpickleOptions {
  /**
   * What may be called, by the name that the pickle gives it, as in `collections.OrderedDict`; keyword arguments come
   * last, as a Map; undefined refuses the arguments. @default {}
   */
  globals?: { readonly [name: string]: (...args: unknown[]) => unknown };
  /** Turns an id of something that lies outside of the pickle into it. @default persistent ids are refused */
  persistentLoad?: (id: unknown) => unknown;
  /** Name for errors. @default "pickle" */
  source?: string;
}

/** Highest protocol there is. */
const NEWEST_PROTOCOL = 5;
/** Most opcodes: an empty dict is one byte of a pickle and 200 of memory. */
const MOST_OPERATIONS = 4_000_000;
/** Most arguments of one call: JavaScript passes them on its stack. */
const MOST_ARGUMENTS = 1000;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a pickle.
 *
 * dict is a `Map`, list and tuple are arrays, set and frozenset a `Set`; bytes, bytearray and Python 2's `str` are
 * `Uint8Array` (views into `bytes` where that can be), text is a string, int a number, or a bigint beyond 2^53, None is
 * null. What is shared in the pickle, or holds itself, is shared here. Bytes behind the end of the pickle are left alone.
 *
 * @param bytes The pickle. Borrowed; the result may hold views into it.
 * @param options What may be called, and what persistent ids mean.
 * @returns The object.
 * @throws {SyntaxError} If it is truncated or malformed, or names a function or class that `globals` does not. Nothing
 *   of it is executed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { unpickle } from "@outis/outis/io";
 *
 * // pickle.dumps({"a": (1, None)}, 2)
 * const bytes = Uint8Array.fromHex(
 *   "80027d710058010000006171014b014e867102732e",
 * );
 * assertEquals(unpickle(bytes), new Map([["a", [1, null]]]));
 * ```
 */
export function unpickle(
  bytes: Uint8Array,
  options: UnpickleOptions = {},
): unknown {
  const { source = "pickle" } = options;
  return unpickleFrom(pickleInput(bytes, source), options);
}

/**
 * Reads a pickle from where an input stands, and leaves it behind the pickle.
 *
 * @param input Bytes.
 * @param options As for {@linkcode unpickle}.
 * @returns The object.
 * @throws {SyntaxError} As {@linkcode unpickle}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { unpickleFrom } from "./pickle.ts";
 * import { pickleInput } from "./pickle_input.ts";
 *
 * const input = pickleInput(Uint8Array.from("K\x01.K\x02.", (c) => c.charCodeAt(0)), "two");
 * assertEquals([unpickleFrom(input), unpickleFrom(input)], [1, 2]);
 * ```
 */
export function unpickleFrom(
  input: PickleInput,
  options: UnpickleOptions = {},
): unknown {
  const { globals = {}, persistentLoad, source = "pickle" } = options;
  const stack = pickleStack(source);
  const { push, pop, popMark, top } = stack;
  /** What was returned by calls: only that takes a state. */
  const made = new WeakSet<object>();

  const refuse = (rule: string, value: string) =>
    unpicklable(source, rule, value);
  const known = (value: unknown, what: string) => {
    if (value === undefined) {
      throw refuse("well formed", `${what} that is none`);
    }
    return value;
  };
  const text = (length: number): string => {
    try {
      return utf8.decode(input.take(length));
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
      throw refuse("text in UTF-8", "other bytes");
    }
  };
  const find = (module: unknown, name: unknown): PickleGlobal => {
    if (typeof module !== "string" || typeof name !== "string") {
      throw refuse("well formed", "a name that is no text");
    }
    const full = `${module}.${name}`;
    const call = Object.hasOwn(globals, full)
      ? globals[full]
      : PLAIN_TYPES.get(full);
    if (call === undefined) {
      throw refuse("free of calls to unknown code", printable(full));
    }
    return new PickleGlobal(full, call);
  };
  const call = (callee: unknown, args: unknown, named?: unknown): unknown => {
    if (!(callee instanceof PickleGlobal)) {
      throw refuse(
        "free of calls to unknown code",
        `a call of ${describeValue(callee)}`,
      );
    }
    if (!Array.isArray(args) || args.length > MOST_ARGUMENTS) {
      throw refuse(
        `one that calls ${callee.name} with a tuple of at most ${MOST_ARGUMENTS}`,
        describeValue(args),
      );
    }
    const rest = named instanceof Map && named.size > 0 ? [named] : [];
    const result = callee.call(...args, ...rest);
    if (result === undefined) {
      throw refuse(
        `one that calls ${callee.name} as it is meant`,
        describeValue(args),
      );
    }
    if (typeof result === "object" && result !== null) made.add(result);
    return result;
  };
  const setItems = (target: unknown, items: unknown[]) => {
    if (items.length % 2 !== 0) throw refuse("well formed", "half an entry");
    for (let i = 0; i < items.length; i += 2) {
      if (target instanceof Map) target.set(items[i], items[i + 1]);
      else asObject(target, "setItem").setItem!(items[i], items[i + 1]);
    }
  };
  const append = (target: unknown, items: unknown[]) => {
    for (const item of items) {
      if (Array.isArray(target)) target.push(item);
      else if (target instanceof Set) target.add(item);
      else asObject(target, "append").append!(item);
    }
  };
  const asObject = (target: unknown, method: keyof PickleObject) => {
    const object = target as PickleObject | null;
    if (
      typeof object !== "object" || object === null || !made.has(object) ||
      typeof object[method] !== "function"
    ) {
      throw refuse("well formed", `items put into ${describeValue(target)}`);
    }
    return object;
  };
  const build = (target: unknown, state: unknown) => {
    if (typeof target !== "object" || target === null || !made.has(target)) {
      throw refuse("well formed", `a state of ${describeValue(target)}`);
    }
    // A state that nobody asks for is dropped: OrderedDict has attributes in PyTorch's files.
    (target as PickleObject).setState?.(state);
  };
  const persistent = (id: unknown): unknown => {
    if (persistentLoad === undefined) {
      throw refuse("free of persistent ids", describeValue(id));
    }
    return persistentLoad(id);
  };
  const protocol = (version: number) => {
    if (version > NEWEST_PROTOCOL) {
      throw refuse(`of protocol 0 to ${NEWEST_PROTOCOL}`, `${version}`);
    }
  };

  /** What each opcode does, by its letter in Python's pickletools. */
  const operations: { readonly [letter: string]: () => unknown } = {
    "\x80": () => protocol(input.unsigned(1)), // PROTO
    "\x95": () => input.unsigned(8), // FRAME: a hint for buffering
    // Stack and memo.
    "(": stack.mark, // MARK
    "0": stack.drop, // POP
    "1": popMark, // POP_MARK
    "2": () => push(top()), // DUP
    "p": () => stack.remember(Number(input.line())), // PUT
    "q": () => stack.remember(input.unsigned(1)), // BINPUT
    "r": () => stack.remember(input.unsigned(4)), // LONG_BINPUT
    "\x94": () => stack.remember(), // MEMOIZE
    "g": () => stack.recall(Number(input.line())), // GET
    "h": () => stack.recall(input.unsigned(1)), // BINGET
    "j": () => stack.recall(input.unsigned(4)), // LONG_BINGET
    // Numbers.
    "N": () => push(null), // NONE
    "\x88": () => push(true), // NEWTRUE
    "\x89": () => push(false), // NEWFALSE
    "I": () => { // INT, and bool before protocol 2
      const line = input.line();
      const flag = line === "01" ? true : line === "00" ? false : undefined;
      push(flag ?? known(integerOfText(line), "an integer"));
    },
    "J": () => push(input.signed()), // BININT
    "K": () => push(input.unsigned(1)), // BININT1
    "M": () => push(input.unsigned(2)), // BININT2
    "L": () => push(known(integerOfText(input.line()), "an integer")), // LONG
    "\x8a": () =>
      // LONG1
      push(known(integerOfBytes(input.take(input.unsigned(1))), "an integer")),
    "\x8b": () =>
      // LONG4
      push(known(integerOfBytes(input.take(input.unsigned(4))), "an integer")),
    "F": () => push(known(floatOfText(input.line()), "a float")), // FLOAT
    "G": () => push(input.float()), // BINFLOAT
    // Bytes and text.
    "S": () => push(known(bytesOfLiteral(input.line()), "a string")), // STRING
    "T": () => push(input.take(input.unsigned(4))), // BINSTRING
    "U": () => push(input.take(input.unsigned(1))), // SHORT_BINSTRING
    "B": () => push(input.take(input.unsigned(4))), // BINBYTES
    "C": () => push(input.take(input.unsigned(1))), // SHORT_BINBYTES
    "\x8e": () => push(input.take(input.unsigned(8))), // BINBYTES8
    "\x96": () => push(input.take(input.unsigned(8))), // BYTEARRAY8
    "V": () => push(textOfEscaped(input.line())), // UNICODE
    "X": () => push(text(input.unsigned(4))), // BINUNICODE
    "\x8c": () => push(text(input.unsigned(1))), // SHORT_BINUNICODE
    "\x8d": () => push(text(input.unsigned(8))), // BINUNICODE8
    // Containers.
    "]": () => push([]), // EMPTY_LIST
    ")": () => push([]), // EMPTY_TUPLE
    "}": () => push(new Map()), // EMPTY_DICT
    "\x8f": () => push(new Set()), // EMPTY_SET
    "l": () => push(popMark()), // LIST
    "t": () => push(popMark()), // TUPLE
    "\x85": () => push([pop()]), // TUPLE1
    "\x86": () => push([pop(), pop()].reverse()), // TUPLE2
    "\x87": () => push([pop(), pop(), pop()].reverse()), // TUPLE3
    "\x91": () => push(new Set(popMark())), // FROZENSET
    "d": () => { // DICT
      const items = popMark();
      push(new Map());
      setItems(top(), items);
    },
    "a": () => { // APPEND
      const item = pop();
      append(top(), [item]);
    },
    "e": () => { // APPENDS
      const items = popMark();
      append(top(), items);
    },
    "s": () => { // SETITEM
      const value = pop();
      const key = pop();
      setItems(top(), [key, value]);
    },
    "u": () => { // SETITEMS
      const items = popMark();
      setItems(top(), items);
    },
    "\x90": () => { // ADDITEMS
      const items = popMark();
      append(top(), items);
    },
    // What lies outside: only what the caller knows by name.
    "c": () => push(find(input.line(), input.line())), // GLOBAL
    "\x93": () => { // STACK_GLOBAL
      const name = pop();
      push(find(pop(), name));
    },
    "i": () => { // INST
      const callee = find(input.line(), input.line());
      push(call(callee, popMark()));
    },
    "o": () => { // OBJ
      const [callee, ...args] = popMark();
      push(call(callee, args));
    },
    "R": () => { // REDUCE
      const args = pop();
      push(call(pop(), args));
    },
    "\x81": () => { // NEWOBJ
      const args = pop();
      push(call(pop(), args));
    },
    "\x92": () => { // NEWOBJ_EX
      const named = pop();
      const args = pop();
      push(call(pop(), args, named));
    },
    "b": () => { // BUILD
      const state = pop();
      build(top(), state);
    },
    "P": () => push(persistent(input.line())), // PERSID
    "Q": () => push(persistent(pop())), // BINPERSID
  };

  for (let count = 0;; count++) {
    const code = input.unsigned(1);
    if (code === STOP) return pop();
    const operation = operations[String.fromCharCode(code)];
    if (operation === undefined) {
      throw refuse("one of known opcodes", `0x${code.toString(16)}`);
    }
    operation();
    if (count > MOST_OPERATIONS) {
      throw refuse(`of at most ${MOST_OPERATIONS} opcodes`, "more");
    }
  }
}

const STOP = 0x2e;
