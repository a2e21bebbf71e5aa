import { assertEquals } from "@std/assert";
import { openRunDirectory } from "../../src/core/mod.ts";
import { type RunLog, runLog } from "../../src/stages/run_log.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Opens a run and its log, does something, and closes it. */
async function session(
  path: string,
  work: (log: RunLog, tick: (ms: number) => void) => Promise<void>,
): Promise<void> {
  let time = 0;
  const resume = await Deno.stat(`${path}/manifest.json`).then(
    () => true,
    () => false,
  );
  using run = await openRunDirectory(path, {
    manifest: { configuration: {} },
    resume,
    now: () => 0,
  });
  const log = await runLog(run, { now: () => time });
  await work(log, (ms) => time += ms);
}

/** Part and step of all lines of the log. */
async function lines(path: string): Promise<string[]> {
  const text = await Deno.readTextFile(`${path}/metrics.jsonl`);
  return text.trim().split("\n").map((line) => {
    const { part, step } = JSON.parse(line);
    return `${part} ${step}`;
  });
}

Deno.test("runLog() drops what is done again, of that part only", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await session(path, async (log) => {
    const embedder = log.training("embedder").onStep!;
    for (const step of [1, 2, 3]) await embedder(step, 3, { loss: step });
    const reinforce = log.training("reinforce").onStep!;
    for (const step of [1, 2, 3, 4]) await reinforce(step, 9, { loss: step });
  });
  // The last checkpoint was of step 2.
  await session(path, async (log) => {
    const reinforce = log.training("reinforce").onStep!;
    await reinforce(3, 9, { loss: 30 });
    assertEquals(
      log.records("reinforce").map(({ loss }) => loss),
      [1, 2, 30],
    );
    await reinforce(4, 9, { loss: 40 });
  });
  assertEquals(await lines(path), [
    ...[1, 2, 3].map((step) => `embedder ${step}`),
    ...[1, 2, 3, 4].map((step) => `reinforce ${step}`),
  ]);
});

Deno.test("runLog() keeps means and standard errors of measurements", async () => {
  await using folder = await tempFolder();
  const rewards = (semantic: number[]) => ({
    semantic: Float32Array.from(semantic),
    coverage: new Float32Array(2),
    expressive: new Float32Array(2),
  });
  await session(folder.path, async (log) => {
    await log.measure(0, rewards([1, 3]));
    await log.measure(10, rewards([2, 2]));
    await log.measure(20, rewards([5, 5]));
  });
  await session(folder.path, async (log) => {
    await log.measure(20, rewards([4, 6]));
    // (1 + 3) / 2, and sqrt(2) / sqrt(2); the others are constant.
    const [first] = log.measurements();
    assertEquals([first.semantic, first.semanticError], [2, 1]);
    assertEquals([first.coverage, first.coverageError], [0, 0]);
    assertEquals(log.measurements().map(({ step }) => step), [0, 10, 20]);
    assertEquals(log.measurements()[2].semanticError, 1);
  });
});

Deno.test("runLog() adds up the time of a part over sessions, failed ones included", async () => {
  await using folder = await tempFolder();
  await session(folder.path, async (log, tick) => {
    const failed = log.timed("train", () => {
      tick(1500);
      return Promise.reject(new Error("stopped"));
    });
    await failed.catch(() => {});
    assertEquals(log.seconds(), { train: 1.5 });
  });
  await session(folder.path, async (log, tick) => {
    const result = await log.timed("train", () => {
      tick(500);
      return Promise.resolve("done");
    });
    assertEquals(result, "done");
    assertEquals(log.seconds(), { train: 2 });
  });
  const { seconds } = JSON.parse(
    await Deno.readTextFile(`${folder.path}/manifest.json`),
  );
  assertEquals(seconds, { train: 2 });
});

Deno.test("runLog() passes steps on to whoever watches", async () => {
  await using folder = await tempFolder();
  const seen: unknown[][] = [];
  using run = await openRunDirectory(folder.path, {
    manifest: { configuration: {} },
    now: () => 0,
  });
  const log = await runLog(run, {
    now: () => 0,
    onStep: (...step) => void seen.push(step),
  });
  log.step("generate", 64, 100, {});
  await log.training("embedder").onStep!(1, 5, { loss: 2 });
  assertEquals(seen, [
    ["generate", 64, 100, {}],
    ["embedder", 1, 5, { loss: 2 }],
  ]);
  // Steps without numbers are shown, not kept.
  assertEquals(await run.metrics.read(), [
    { part: "embedder", step: 1, loss: 2 },
  ]);
});
