import { assertEquals } from "@std/assert";
import { folderLayout } from "../../src/data/mod.ts";
import { isCI } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { exportTo, layouts, rowsOf } from "./made_images.ts";

async function python(script: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command("python3", {
    args: [new URL(`../${script}`, import.meta.url).pathname, ...args],
    env: { OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals(code, 0, text(stderr));
  return JSON.parse(text(stdout));
}

function hasPython(code: string): boolean {
  try {
    return new Deno.Command("python3", { args: ["-c", code] }).outputSync()
      .success;
  } catch {
    return false;
  }
}

for (const [format, layout] of Object.entries(layouts)) {
  Deno.test({
    name: `Python's standard library reads ${format} as its loader does`,
    ignore: !isCI && !hasPython("0"),
    fn: async () => {
      await using folder = await tempFolder();
      const out = `${folder.path}/set`;
      await exportTo(out, layout());
      const rows = await rowsOf(out);
      const read: [unknown, string][] = await python(
        "read_exported.py",
        format,
        out,
      );
      const named = rows.map(({ label, identity, sha256 }) => [
        format === "folder"
          ? identity
          : format === "casia"
          ? `000000${label}`
          : format === "market1501"
          ? [label + 1, 1]
          : label,
        sha256,
      ]);
      const sorted = (list: unknown[]) =>
        list.map((entry) => JSON.stringify(entry)).sort();
      assertEquals(sorted(read), sorted(named));
      assertEquals(new Set(rows.map(({ sha256 }) => sha256)).size, 12);
    },
  });
}

// PyTorch is a large thing to ask for; where it is missing, the readers above are the independent eye.
Deno.test({
  name: "an exported folder trains in ten lines of PyTorch",
  ignore: !hasPython(
    "import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, ['torch', 'numpy', 'PIL'])))",
  ),
  fn: async () => {
    await using folder = await tempFolder();
    await exportTo(`${folder.path}/set`, folderLayout());
    const { images, accuracy } = await python(
      "train_exported.py",
      `${folder.path}/set`,
    );
    assertEquals([images, accuracy], [12, 1]);
  },
});
