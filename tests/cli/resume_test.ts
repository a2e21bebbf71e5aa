import { assert, assertEquals } from "@std/assert";
import { useBackend } from "../../src/engine/mod.ts";
import {
  complaints,
  type RunningCommand,
  startCommand,
} from "../support/command_line.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { writePeople, writePrior } from "./target_folder.ts";

const start = ["reproduce", "--data", "people", "--prior", "prior"]
  .concat("--preset", "tiny");

/** Waits until a run has written a record, which it says by part and step. */
async function untilRecord(
  log: string,
  record: string,
  { end }: RunningCommand,
): Promise<void> {
  const early = end.then(({ code, errors }) => {
    throw new Error(`ended with ${code} before: ${errors.join("\n")}`);
  });
  early.catch(() => {});
  while (!(await records(log)).includes(record)) {
    await Promise.race([early, new Promise((next) => setTimeout(next, 20))]);
  }
}

/** Part and step of the records of a run; none where there is no run yet. */
async function records(log: string): Promise<string[]> {
  const text = await Deno.readTextFile(log).catch(() => "");
  return text.split("\n").slice(0, -1).map((line) => {
    const { part, step } = JSON.parse(line);
    return `${part} ${step}`;
  });
}

async function assertComplete(run: string): Promise<void> {
  const told = await records(`${run}/metrics.jsonl`);
  assertEquals(new Set(told).size, told.length, "a step was told twice");
  for (
    const [part, steps] of [["embedder", 40], ["reinforce", 4]] as const
  ) {
    const own = told.filter((record) => record.startsWith(`${part} `));
    const all = Array.from({ length: steps }, (_, i) => `${part} ${i + 1}`);
    assertEquals(own, all);
  }
  assertEquals(
    told.filter((record) => record.startsWith("measurement ")),
    [0, 2, 4].map((step) => `measurement ${step}`),
  );
  assert((await Deno.stat(`${run}/report.html`)).size > 1e5);
}

// The engine is the default one, as users have it.
Deno.test("a run that is interrupted or killed is resumed to the same results", async (t) => {
  await using folder = await tempFolder();
  const { path } = folder;
  await useBackend("wasm");
  await writePrior(`${path}/prior`);
  await writePeople(`${path}/people`, 6, 6);
  const results = (run: string) =>
    Deno.readTextFile(`${path}/${run}/results.json`);

  await t.step("Ctrl-C ends it soon, with a hint how to go on", async () => {
    const command = startCommand([...start, "--out", "first"], path);
    await untilRecord(`${path}/first/metrics.jsonl`, "embedder 3", command);
    const before = performance.now();
    command.kill("SIGINT");
    const end = await command.end;
    const seconds = (performance.now() - before) / 1000;
    assertEquals([end.code, end.output], [130, []], end.errors.join("\n"));
    assert(seconds < 10, `took ${seconds} s`);
    const said = end.errors.join("\n");
    assert(said.includes("Stops after the present step."));
    assert(said.includes("reproduce --resume --out first' goes on from here"));
    assert(!said.includes("    at "), "an interruption is no error");
    const left = filesBelow(`${path}/first`)
      // The number is a time.
      .map((name) => name.replace(/tfevents\.\d+/, "tfevents.N"));
    assertEquals(left, [
      ".lock",
      "checkpoints/embedder.safetensors",
      "manifest.json",
      "metrics.jsonl",
      "tensorboard/embedder/events.out.tfevents.N.outis.0",
    ]);
  });

  await t.step(
    "--resume completes it, and prints where the report is",
    async () => {
      const end = await startCommand(
        ["reproduce", "--resume", "--out", "first"],
        path,
      ).end;
      assertEquals(end.code, 0, end.errors.join("\n"));
      assertEquals(end.output, ["first/report.html"]);
      await assertComplete(`${path}/first`);
    },
  );

  await t.step(
    "--resume of a finished run prints it again, and changes no result",
    async () => {
      const before = await results("first");
      const { code, output } = await startCommand(
        ["reproduce", "--resume", "--out", "first"],
        path,
      ).end;
      assertEquals([code, output], [0, ["first/report.html"]]);
      assertEquals(await results("first"), before);
      await assertComplete(`${path}/first`);
    },
  );

  await t.step(
    "a killed run is found and completed by --resume alone, blurred as it was begun",
    async () => {
      const command = startCommand([...start, "--redact"], path);
      let name: string | undefined;
      while (name === undefined) {
        await new Promise((next) => setTimeout(next, 50));
        const runs = await Array.fromAsync(Deno.readDir(`${path}/runs`))
          .catch(() => []);
        name = runs[0]?.name;
      }
      await untilRecord(
        `${path}/runs/${name}/metrics.jsonl`,
        "reinforce 2",
        command,
      );
      command.kill("SIGKILL");
      assertEquals((await command.end).code, 137);
      const end = await startCommand(["reproduce", "--resume"], path).end;
      assertEquals(end.code, 0, end.errors.join("\n"));
      assertEquals(end.output, [`runs/${name}/report.html`]);
      await assertComplete(`${path}/runs/${name}`);
      assertEquals(await results(`runs/${name}`), await results("first"));
      const report = await Deno.readTextFile(
        `${path}/runs/${name}/report.html`,
      );
      assert(report.includes("Real faces are blurred in this report."));
    },
  );

  await t.step("a run that changed its images is not resumed", async () => {
    await Deno.remove(`${path}/people/face-0000/005.png`);
    const before = await Deno.readTextFile(`${path}/first/manifest.json`);
    const end = await startCommand(
      ["reproduce", "--resume", "--out", "first"],
      path,
    ).end;
    assertEquals(end.code, 2);
    const said = complaints(end);
    assertEquals(said.length, 1);
    assert(said[0].includes("'configuration.fingerprints.images' must be"));
    const after = await Deno.readTextFile(`${path}/first/manifest.json`);
    assertEquals(after, before);
  });
});

Deno.test("--skip-bad leaves broken images out and says so; a damaged checkpoint is a failure", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await useBackend("wasm");
  await writePrior(`${path}/prior`);
  await writePeople(`${path}/people`, 6, 6);
  const broken = "people/face-0001/002.png";
  const png = await Deno.readFile(`${path}/${broken}`);
  await Deno.writeFile(`${path}/${broken}`, png.subarray(0, png.length - 30));
  await Deno.mkdir(`${path}/people/nobody`);

  const command = startCommand(
    [...start, "--skip-bad", "--out", "run", "--backend", "wasm"],
    path,
  );
  await untilRecord(`${path}/run/metrics.jsonl`, "embedder 1", command);
  command.kill("SIGTERM");
  const { code, errors } = await command.end;
  assertEquals(code, 130);
  const said = errors.join("\n");
  assert(said.includes(broken), said);
  assert(said.includes("people/nobody is left out"), said);
  const manifest = JSON.parse(
    await Deno.readTextFile(`${path}/run/manifest.json`),
  );
  assertEquals(manifest.configuration.skipBad, true);

  // What is no fault of the caller's is told with the place where it happened.
  const checkpoint = "checkpoints/embedder.safetensors";
  await Deno.writeTextFile(`${path}/run/${checkpoint}`, "damaged");
  const end = await startCommand(
    ["reproduce", "--resume", "--out", "run", "--backend", "wasm"],
    path,
  ).end;
  assertEquals([end.code, end.output], [1, []]);
  assert(end.errors.some((line) => line.includes(checkpoint)));
  assert(end.errors.some((line) => line.startsWith("    at ")));
});
