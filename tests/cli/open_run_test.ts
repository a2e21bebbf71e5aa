import { assert, assertEquals, assertRejects } from "@std/assert";
import { openRun } from "../../src/cli/open_run.ts";
import { UsageError } from "../../src/cli/options.ts";
import { tempFolder } from "../support/temp_folder.ts";

const engine = { name: "none" };

Deno.test("openRun() goes on with a run of the same configuration", async () => {
  await using folder = await tempFolder();
  const description = { configuration: { seed: 1, out: undefined }, engine };
  {
    using run = await openRun(`${folder.path}/run`, description);
    assert(!run.resumed);
    assertEquals(run.manifest.configuration, { seed: 1, out: null });
  }
  using again = await openRun(`${folder.path}/run`, description);
  assert(again.resumed);
});

Deno.test("openRun() calls another configuration the caller's mistake", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/run`;
  (await openRun(path, { configuration: { seed: 1 }, engine }))
    [Symbol.dispose]();
  const error = await assertRejects(
    () => openRun(path, { configuration: { seed: 2 }, engine }),
    UsageError,
  );
  assert(error.message.includes("seed"), error.message);
});
