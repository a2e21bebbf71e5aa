import { assert, assertEquals } from "@std/assert";
import { startEngine } from "../../src/cli/start_engine.ts";
import { complaints, runCommand } from "../support/command_line.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("startEngine() starts what is asked for and says what computes", async () => {
  const lines: string[] = [];
  const engine = await startEngine({
    backend: "wasm",
    onLine: (line) => lines.push(line),
  });
  assertEquals(engine.name, "wasm");
  assertEquals(lines, ["Nothing to set up for wasm.", engine.description]);
});

Deno.test("a library the user named that is none is bad input", async () => {
  await using folder = await tempFolder();
  const library = `${folder.path}/libtensorflow.so`;
  await Deno.writeTextFile(library, "no library");
  for (const command of ["reproduce", "setup"]) {
    const end = await runCommand([command], folder.path, {
      OUTIS_LIBTENSORFLOW: library,
    });
    const said = complaints(end);
    assertEquals([end.code, said.length], [2, 1], end.errors.join("\n"));
    assert(said[0].includes(library), said[0]);
  }
});
