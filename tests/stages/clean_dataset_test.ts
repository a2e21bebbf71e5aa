import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  exportDataset,
  folderLayout,
  openExported,
  readImageFolder,
} from "../../src/data/mod.ts";
import { cleanDataset, exportImages } from "../../src/stages/mod.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { patternPeople } from "../support/pattern_people.ts";

const faces = patternPeople({ people: 2, photographs: 2 });
const names = ["person-0/0.png", "person-0/1.png", "person-1/0.png"];

Deno.test("cleanDataset() copies a run's images without those dropped, and its list", async () => {
  await using folder = await tempFolder();
  const [from, out] = [`${folder.path}/faces`, `${folder.path}/clean`];
  await exportImages(faces, from, {
    description: "A pattern",
    manifest: { seed: 3, generator: "patterns" },
  });
  const done: number[] = [];
  const stayed = await cleanDataset(`${from}/`, {
    drop: new Set(["person-1/1.png"]),
    out,
    onProgress: (count) => done.push(count),
  });
  assertEquals(stayed, 3);
  assertEquals(filesBelow(out), ["manifest.json", ...names]);
  const list = JSON.parse(await Deno.readTextFile(`${out}/manifest.json`));
  assertEquals([list.seed, list.count], [3, 3]);
  assertEquals(list.images.map(({ path }: { path: string }) => path), names);
  for (const name of names) {
    const [a, b] = [from, out].map((root) =>
      Deno.readFileSync(`${root}/${name}`)
    );
    assertEquals(a, b);
  }
  assertEquals((await readImageFolder(out, { size: 8 })).count, 3);
  assertEquals(done.at(-1), 5);
});

Deno.test("cleanDataset() keeps manifests and card of an export true", async () => {
  await using folder = await tempFolder();
  const [from, out] = [`${folder.path}/export`, `${folder.path}/clean`];
  const pixels = new Float32Array(8 * 8 * 3);
  const image = { pixels, height: 8, width: 8 };
  await exportDataset([
    { identity: "ada", number: 0, ...image },
    { identity: "ada", number: 1, ...image },
    { identity: "bob", number: 0, ...image },
  ], {
    out: from,
    layout: folderLayout(),
    identities: ["ada", "bob"],
    provenance: { description: "Grey" },
    description: { protocol: "Left grey.", licence: "CC0-1.0", chain: [] },
  });
  const before = await openExported(from);
  const { path } = before.rows[0];
  assertEquals(await cleanDataset(from, { drop: new Set([path]), out }), 2);
  const after = await openExported(out);
  assertEquals(after.rows, before.rows.slice(1));
  assertEquals(after.statedManifest, after.manifest);
  const card = await Deno.readTextFile(`${out}/README.md`);
  assert(card.endsWith("has dropped 1 images; 2 are left.\n"));
});

Deno.test("cleanDataset() leaves nothing behind where it must not write, or is stopped", async () => {
  await using folder = await tempFolder();
  const from = `${folder.path}/faces`;
  await exportImages(faces, from, { description: "A pattern", manifest: {} });
  const drop = new Set<string>();
  await assertRejects(
    () => cleanDataset(from, { drop, out: from }),
    RangeError,
    "'out' must be a path where nothing is",
  );
  const controller = new AbortController();
  await assertRejects(
    () =>
      cleanDataset(from, {
        drop,
        out: `${folder.path}/clean`,
        signal: controller.signal,
        onProgress: (done) => done === 2 && controller.abort(),
      }),
    DOMException,
  );
  assertEquals(Array.from(Deno.readDirSync(folder.path), ({ name }) => name), [
    "faces",
  ]);
  await Deno.writeTextFile(`${from}/manifest.json`, "{");
  await assertRejects(
    () => cleanDataset(from, { drop, out: `${folder.path}/clean` }),
    SyntaxError,
  );
});
