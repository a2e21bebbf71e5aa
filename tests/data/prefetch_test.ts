import { assert, assertEquals, assertRejects } from "@std/assert";
import { prefetch } from "../../src/data/mod.ts";

const pause = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("values come in order, however long each takes", async () => {
  const values = [];
  const load = async (step: number) => {
    await pause((step * 7) % 5);
    return step;
  };
  for await (const value of prefetch(load, { from: 2, to: 12, ahead: 4 })) {
    values.push(value);
  }
  assertEquals(values, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

Deno.test("no more than `ahead` steps are begun beforehand", async () => {
  for (const ahead of [0, 1, 3]) {
    let begun = 0;
    let taken = 0;
    let most = 0;
    const load = (step: number) => {
      begun++;
      return step;
    };
    for await (const _ of prefetch(load, { to: 10, ahead })) {
      taken++;
      await pause(1);
      most = Math.max(most, begun - taken);
    }
    assertEquals([begun, most], [10, ahead]);
  }
});

Deno.test("the next step loads while one computes", async () => {
  // Each step computes until the next one is loaded: were that not begun, this would never end.
  const loaded = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const load = async (step: number) => {
    await pause(1);
    loaded[step].resolve();
    return step;
  };
  const seen: number[] = [];
  for await (const step of prefetch(load, { to: 5, ahead: 1 })) {
    await loaded[Math.min(step + 1, 4)].promise;
    seen.push(step);
  }
  assertEquals(seen, [0, 1, 2, 3, 4]);
});

Deno.test("an error comes out at its step, and ends it", async () => {
  const seen: number[] = [];
  const begun: number[] = [];
  const load = async (step: number) => {
    begun.push(step);
    await pause(step === 2 ? 0 : 2);
    if (step === 2) throw new SyntaxError("a broken image");
    return step;
  };
  await assertRejects(
    async () => {
      for await (const value of prefetch(load, { ahead: 3 })) seen.push(value);
    },
    SyntaxError,
    "a broken image",
  );
  assertEquals(seen, [0, 1]);
  assert(begun.length <= 6);
});

Deno.test("what nobody took is disposed, and loads are told to end", async () => {
  const living = new Set<number>();
  const told: number[] = [];
  const load = async (step: number, signal: AbortSignal) => {
    await pause(1);
    if (signal.aborted) told.push(step);
    living.add(step);
    return step;
  };
  const dispose = (step: number) => living.delete(step);
  for await (const value of prefetch(load, { ahead: 4, dispose })) {
    living.delete(value);
    if (value === 3) break;
  }
  assertEquals(living.size, 0);
  assert(told.length > 0);
});

Deno.test("the signal ends it while it waits", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const { promise, resolve } = Promise.withResolvers<number>();
  const load = (step: number, signal: AbortSignal) => {
    signal.addEventListener("abort", () => resolve(-1));
    return step === 0 ? 0 : promise;
  };
  const seen: number[] = [];
  setTimeout(() => controller.abort(reason), 5);
  const error = await assertRejects(async () => {
    const values = prefetch(load, { signal: controller.signal });
    for await (const value of values) seen.push(value);
  });
  assertEquals([error, seen], [reason, [0]]);
  const late = prefetch(load, { signal: controller.signal });
  assertEquals(await assertRejects(() => late.next()), reason);
});

Deno.test("impossible steps are refused", async () => {
  for (const options of [{ from: -1 }, { to: 0.5 }, { ahead: NaN }]) {
    await assertRejects(
      () => prefetch((step) => step, options).next(),
      RangeError,
      `'${Object.keys(options)[0]}'`,
    );
  }
});
