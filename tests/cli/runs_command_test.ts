import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../src/cli/options.ts";
import { runsCommand } from "../../src/cli/runs_command.ts";
import { openRunDirectory } from "../../src/core/mod.ts";
import { tempFolder } from "../support/temp_folder.ts";

async function makeRun(
  path: string,
  seed: number,
  results?: object,
): Promise<void> {
  using run = await openRunDirectory(path, {
    manifest: { configuration: { seed, reinforce: { rate: 1e-4 } } },
    now: () => seed * 1000,
  });
  if (results === undefined) return;
  await run.writeAtomic("results.json", JSON.stringify(results));
  await run.finish();
}

/** What the command prints. */
async function said(folder: string, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  try {
    const { signal } = new AbortController();
    const code = await runsCommand.run([...args, "--runs", folder], signal);
    assertEquals(code, 0);
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}

Deno.test("outis runs lists what there is", async () => {
  await using folder = await tempFolder();
  assertEquals(await said(folder.path), `No runs in ${folder.path}`);
  await makeRun(`${folder.path}/first`, 1, {});
  await makeRun(`${folder.path}/second`, 2);
  const rows = (await said(folder.path)).trim().split("\n").slice(-2);
  assert(/^second +stopped +1970-01-01 00:00 +2 +0\.0$/.test(rows[0]), rows[0]);
  assert(/^first +finished /.test(rows[1]), rows[1]);
  const json = JSON.parse(await said(folder.path, "--json"));
  assertEquals(json.length, 2);
});

Deno.test("outis runs compare tells settings and results that differ, and no others", async () => {
  await using folder = await tempFolder();
  await makeRun(`${folder.path}/first`, 1, { accuracy: 0.7, same: 1 });
  await makeRun(`${folder.path}/second`, 2, { accuracy: 0.8, same: 1 });
  const { differences } = JSON.parse(
    // The beginning of a name, and a path.
    await said(
      folder.path,
      "compare",
      "fir",
      `${folder.path}/second/`,
      "--json",
    ),
  );
  assertEquals(differences, [["seed", 1, 2], ["results.accuracy", 0.7, 0.8]]);
  assert(
    (await said(folder.path, "compare", "first", "first"))
      .includes("have the same settings and results"),
  );
  await assertRejects(
    () => said(folder.path, "compare", "first", "third"),
    UsageError,
    "'third' must name one run",
  );
});

Deno.test("outis runs prune removes only when told to, never what is finished or running", async () => {
  await using folder = await tempFolder();
  for (const seed of [1, 2, 3]) await makeRun(`${folder.path}/r${seed}`, seed);
  await makeRun(`${folder.path}/done`, 4, {});
  using _open = await openRunDirectory(`${folder.path}/open`, {
    manifest: { configuration: {} },
    now: () => 0,
  });
  const left = () =>
    Array.from(Deno.readDirSync(folder.path), ({ name }) => name).sort();
  const before = left();
  const would = await said(folder.path, "prune", "--keep", "1");
  assert(would.startsWith("Would remove, with --yes 2 runs"), would);
  assertEquals(left(), before);
  await said(folder.path, "prune", "--keep", "1", "--yes");
  assertEquals(left(), ["done", "open", "r3"]);
});

Deno.test("outis runs refuses what it does not know", async () => {
  await using folder = await tempFolder();
  for (const args of [["copy"], ["compare", "one"], ["prune", "one"]]) {
    await assertRejects(() => said(folder.path, ...args), UsageError);
  }
});
