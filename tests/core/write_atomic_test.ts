import { assertEquals, assertRejects } from "@std/assert";
import { writeAtomic } from "../../src/core/write_atomic.ts";

Deno.test("writeAtomic() replaces a file and clears a stale partial one", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.txt`;
  await Deno.writeTextFile(`${path}.partial`, "left by a kill, and longer");
  await writeAtomic(path, "äöü");
  assertEquals(await Deno.readTextFile(path), "äöü");
  await writeAtomic(path, new Uint8Array());
  assertEquals(await Deno.readTextFile(path), "");
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [
    "a.txt",
  ]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("writeAtomic() leaves the old content where it cannot write", async () => {
  const folder = await Deno.makeTempDir();
  await assertRejects(
    () => writeAtomic(`${folder}/missing/a.txt`, "x"),
    Deno.errors.NotFound,
  );
  await Deno.remove(folder, { recursive: true });
});
