import { assertEquals } from "@std/assert";
import { folderLayout, webDatasetLayout } from "../../src/data/mod.ts";
import { isCI } from "../support/backends.ts";
import { runPython } from "../support/run_python.ts";
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

/** Reads the XMP of an image by Pillow and parses it by Python's own XML parser: no code of ours. */
const READ_XMP = `
import io, json, sys, tarfile, xml.etree.ElementTree as tree
from PIL import Image
def xmp(content):
    info = Image.open(io.BytesIO(content)).info
    text = info.get("xmp") or info.get("XML:com.adobe.xmp")
    if isinstance(text, str): text = text.encode()
    text = text[text.index(b"<x:xmpmeta"):text.rindex(b">") + 1].split(b"<?xpacket")[0]
    return {e.tag: e.text for e in tree.fromstring(text).iter() if e.text and e.text.strip()}
found = []
for path in sys.argv[1:]:
    if path.endswith(".tar"):
        with tarfile.open(path) as shard:
            members = [m for m in shard if not m.name.endswith((".cls", ".json"))]
            found += [xmp(shard.extractfile(m).read()) for m in members]
    else:
        found.append(xmp(open(path, "rb").read()))
print(json.dumps(found))
`;

for (const fileType of ["png", "jpeg", "webp"] as const) {
  Deno.test({
    name:
      `Pillow finds the provenance of every exported ${fileType}, in folders and in tar shards`,
    ignore: !hasPython("import PIL"),
    fn: async () => {
      await using folder = await tempFolder();
      for (const layout of [folderLayout(), webDatasetLayout()]) {
        const out = `${folder.path}/${layout.name}`;
        await exportTo(out, layout, { fileType });
        const rows = await rowsOf(out);
        const files = layout.pack === undefined
          ? rows.map(({ path }) => `${out}/${path}`)
          : [`${out}/shard-000000.tar`];
        const said: { [tag: string]: string }[] = JSON.parse(
          (await runPython(READ_XMP, ...files))!,
        );
        const own = "{urn:outis:provenance:1:}";
        const facts = said.map((tags) => [
          tags[
            "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
          ],
          tags["{http://ns.adobe.com/xap/1.0/}CreatorTool"],
          tags[`${own}seed`],
          tags[`${own}label`],
          tags[`${own}run`],
        ]);
        assertEquals(
          facts.map(String).sort(),
          rows.map(({ identity }) =>
            [
              "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
              "a test",
              "7",
              identity,
              "run-1",
            ].join()
          ).sort(),
        );
      }
    },
  });
}
