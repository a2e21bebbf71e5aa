import { assertEquals } from "@std/assert";
import { partProgress } from "../../src/cli/part_progress.ts";

/** The display with a clock and a screen that the test holds. */
function display() {
  const written: string[] = [];
  let time = 0;
  const parts = partProgress({
    isTerminal: false,
    columns: 80,
    plainInterval: 0,
    write: (text) => written.push(text),
    now: () => time,
  });
  return {
    written,
    step(part: string, done: number, total: number, metrics = {}) {
      time += 3000;
      parts.step(part, done, total, metrics);
    },
    end: parts.end,
  };
}

Deno.test("partProgress() ends a part when it is done, or when the next begins", () => {
  const { written, step, end } = display();
  step("embedder", 1, 2, { loss: 7.12345, norm: 3 });
  step("embedder", 2, 2, { loss: 6, norm: 2 });
  step("reinforce", 1, 9, { kl: 0.5, semantic: 0.81, reward: 1 });
  step("generate", 64, 100);
  end();
  end();
  assertEquals(written.map((text) => text.trimEnd()), [
    "embedder 2/2 100 %, 0.67/s  loss 6.000",
    "embedder: loss 6.000, 3.0 s",
    "reinforce: semantic 0.8100, kl 0.5000, 3.0 s",
    "generate: 0.0 s",
  ]);
});

Deno.test("partProgress() does not count what an earlier session did into the rate", () => {
  const { written, step } = display();
  step("train", 501, 1000);
  step("train", 502, 1000); // two in 3 s, counted from 500
  assertEquals(written.map((text) => text.trimEnd()), [
    "train 502/1000 50 %, 0.67/s, 12 min 27 s left",
  ]);
});
