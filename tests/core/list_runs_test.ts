import { assertEquals } from "@std/assert";
import { listRuns, openRunDirectory } from "../../src/core/mod.ts";
import { tempFolder } from "../support/temp_folder.ts";

async function run(path: string, time: number, finished = false) {
  using run = await openRunDirectory(path, {
    manifest: { configuration: { seed: time } },
    now: () => time,
  });
  await run.writeAtomic("deep/file.bin", new Uint8Array(1000));
  if (finished) await run.finish();
}

Deno.test("listRuns() tells state and size of runs, the newest first", async () => {
  await using folder = await tempFolder();
  await run(`${folder.path}/a`, 1000, true);
  await run(`${folder.path}/b`, 3000);
  using _open = await openRunDirectory(`${folder.path}/c`, {
    manifest: { configuration: {} },
    now: () => 2000,
  });
  const runs = await listRuns(folder.path);
  assertEquals(runs.map(({ name, state }) => `${name} ${state}`), [
    "b stopped",
    "c running",
    "a finished",
  ]);
  const manifest = (await Deno.stat(`${folder.path}/a/manifest.json`)).size;
  assertEquals(runs[2].bytes, 1000 + manifest);
  assertEquals(runs[2].manifest.configuration, { seed: 1000 });
  assertEquals(runs[2].manifest.finished, "1970-01-01T00:00:01.000Z");
});

Deno.test("listRuns() passes over what is no run, and finds nothing where nothing is", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/empty`);
  await Deno.mkdir(`${path}/other`);
  await Deno.writeTextFile(`${path}/other/manifest.json`, `{"images":[]}`);
  await Deno.mkdir(`${path}/broken`);
  await Deno.writeTextFile(`${path}/broken/manifest.json`, "{");
  await Deno.writeTextFile(`${path}/file`, "");
  assertEquals(await listRuns(path), []);
  assertEquals(await listRuns(`${path}/missing`), []);
});
