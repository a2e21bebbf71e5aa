import { unpicklable } from "./pickle_input.ts";

/** Most marks at a time: Python's writer stops at a depth of 1000. */
const DEEPEST = 1000;

/** The stack that a pickle's opcodes work on, with its marks and its memo. */
export interface PickleStack {
  /** Puts a value on the stack. */
  push(value: unknown): void;
  /** The value on top; none below a mark is reached. */
  top(): unknown;
  /** Takes the value on top. */
  pop(): unknown;
  /** Takes the value on top, or the mark if that is there. */
  drop(): void;
  /** Sets a mark. */
  mark(): void;
  /** Takes the last mark and all values above it. */
  popMark(): unknown[];
  /** Keeps the value on top in the memo; under the next number if none is given. */
  remember(index?: number): void;
  /** Puts a value of the memo on the stack. */
  recall(index: number): void;
}

/**
 * Makes an empty stack.
 *
 * @param source Name of the pickle, for errors.
 * @returns The stack. Its methods throw SyntaxError where a well formed pickle would not call them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pickleStack } from "./pickle_stack.ts";
 *
 * const stack = pickleStack("a pickle");
 * stack.mark();
 * stack.push(1);
 * assertEquals(stack.popMark(), [1]);
 * ```
 */
export function pickleStack(source: string): PickleStack {
  const values: unknown[] = [];
  const marks: number[] = [];
  const memo = new Map<number, unknown>();
  const refuse = (value: string) => unpicklable(source, "well formed", value);
  const top = (): unknown => {
    if (values.length <= (marks.at(-1) ?? 0)) throw refuse("an empty stack");
    return values[values.length - 1];
  };
  const pop = (): unknown => (top(), values.pop());
  return {
    push: (value) => void values.push(value),
    top,
    pop,
    drop: () => void (values.length === marks.at(-1) ? marks.pop() : pop()),
    mark() {
      if (marks.length === DEEPEST) {
        throw unpicklable(source, `of at most ${DEEPEST} levels`, "more");
      }
      marks.push(values.length);
    },
    popMark() {
      const mark = marks.pop();
      if (mark === undefined) throw refuse("a missing mark");
      return values.splice(mark);
    },
    remember: (index = memo.size) => void memo.set(index, top()),
    recall(index) {
      if (!memo.has(index)) throw refuse(`memo ${index} unset`);
      values.push(memo.get(index));
    },
  };
}
