import { assert, assertEquals } from "@std/assert";
import { duration, progress } from "../../src/cli/progress.ts";

/** A display with a clock and a screen that the test holds. */
function display(
  total: number,
  options: {
    isTerminal: boolean;
    unit?: string;
    columns?: number;
    from?: number;
    plainInterval?: number;
  },
) {
  const written: string[] = [];
  let time = 0;
  const bar = progress("Train", total, {
    columns: 80,
    ...options,
    write: (text) => written.push(text),
    now: () => time,
  });
  return {
    written,
    bar,
    at: (ms: number, done: number, note?: string) => {
      time = ms;
      bar.update(done, note);
    },
    tick: (ms: number) => time = ms,
  };
}

Deno.test("progress() draws bar, rate and time left over the same line", () => {
  const { written, at } = display(400, { isTerminal: true });
  // 100 in 50 s: 2 a second, 300 more take 150 s. A quarter of 24 is 6.
  at(50_000, 100, "loss 0.5");
  assertEquals(written, [
    `\rTrain [======${" ".repeat(18)}] 100/400 25 %, 2/s, 2 min 30 s left` +
    "  loss 0.5\x1b[K",
  ]);
});

Deno.test("progress() redraws at most ten times a second", () => {
  const { written, at } = display(100, { isTerminal: true });
  for (let ms = 0; ms < 1000; ms += 10) at(ms, ms / 10);
  assertEquals(written.length, 10);
});

Deno.test("progress() keeps within the width of the terminal", () => {
  const { written, at, bar } = display(100, { isTerminal: true, columns: 20 });
  at(1000, 50, "a long note beside the bar");
  bar.done("another long note for the end");
  for (const text of written) {
    assert(text.replace("\r", "").replace("\x1b[K", "").trimEnd().length < 20);
  }
});

Deno.test("progress() writes a plain line after 2 s, and then one for every 10 %", () => {
  const { written, at } = display(60, { isTerminal: false, unit: "steps" });
  for (let second = 0; second <= 15; second++) at(1000 * second, second);
  // 2, and 6 more each time, at one a second; nothing is redrawn.
  assertEquals(written, [
    "Train 2/60 steps 3 %, 1 steps/s, 58 s left\n",
    "Train 8/60 steps 13 %, 1 steps/s, 52 s left\n",
    "Train 14/60 steps 23 %, 1 steps/s, 46 s left\n",
  ]);
});

Deno.test("progress() writes plain lines at most every 5 s, and of slow work one a minute", () => {
  const quick = display(20, { isTerminal: false });
  for (let second = 0; second <= 12; second++) quick.at(1000 * second, second);
  assertEquals(quick.written.map((text) => text.split(" ")[1]), [
    "2/20",
    "7/20",
    "12/20",
  ]);
  const slow = display(1e6, { isTerminal: false });
  for (let second = 0; second <= 200; second++) slow.at(1000 * second, second);
  assertEquals(slow.written.map((text) => text.split(" ")[1]), [
    "2/1000000",
    "62/1000000",
    "122/1000000",
    "182/1000000",
  ]);
});

Deno.test("progress() leaves the bar out where there is no room for it and the numbers", () => {
  const narrow = display(100, { isTerminal: true, columns: 40 });
  narrow.at(1000, 50);
  assertEquals(narrow.written, ["\rTrain 50/100 50 %, 50/s, 1.0 s left\x1b[K"]);
});

Deno.test("progress() can write plain lines more often", () => {
  const { written, at } = display(20, {
    isTerminal: false,
    plainInterval: 2000,
  });
  for (let second = 0; second <= 6; second++) at(1000 * second, second);
  assertEquals(written.length, 3);
});

Deno.test("progress() counts the rate of resumed work from where it started", () => {
  const { written, at } = display(400, { isTerminal: false, from: 300 });
  // 20 in 10 s: 2 a second, 80 more take 40 s.
  at(10_000, 320);
  assertEquals(written, ["Train 320/400 80 %, 2/s, 40 s left\n"]);
});

Deno.test("progress() says what it can where the total is not known", () => {
  const { written, at } = display(0, { isTerminal: false, unit: "MB" });
  at(4000, 500);
  assertEquals(written, ["Train 500 MB, 125 MB/s\n"]);
});

Deno.test("progress() ends with one line that stays, and then is silent", () => {
  for (const isTerminal of [true, false]) {
    const { written, at, bar, tick } = display(10, { isTerminal });
    tick(1500);
    bar.done("loss 0.25");
    at(9000, 10);
    bar.done();
    assertEquals(
      written,
      isTerminal
        ? ["\rTrain: loss 0.25, 1.5 s\x1b[K\n"]
        : ["Train: loss 0.25, 1.5 s\n"],
    );
  }
});

Deno.test("duration() changes its units with the length", () => {
  const texts = [0.04, 0.44, 9.94, 9.96, 59.4, 59.6, 185, 3599.6, 7620];
  assertEquals(texts.map(duration), [
    "0.0 s",
    "0.4 s",
    "9.9 s",
    "10 s",
    "59 s",
    "1 min 00 s",
    "3 min 05 s",
    "1 h 00 min",
    "2 h 07 min",
  ]);
});
