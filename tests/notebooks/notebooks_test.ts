// The notebooks as they are committed.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { leftovers } from "../../notebooks/tools/check_cells.ts";
import { KNOBS, readNotebook } from "../../notebooks/tools/notebook.ts";
import { tempFolder } from "../support/temp_folder.ts";

const folder = new URL("../../notebooks/", import.meta.url).pathname;
const paths = Array.from(Deno.readDirSync(folder), ({ name }) => name)
  .filter((name) => /^[^.].*\.ipynb$/.test(name))
  .sort();
const notebooks = await Promise.all(
  paths.map((name) => readNotebook(folder + name)),
);

Deno.test("notebooks are committed without outputs", () => {
  assert(notebooks.length > 0);
  assertEquals(notebooks.flatMap(leftovers), []);
});

Deno.test("every notebook has its number, a title, knobs and fast settings for them", () => {
  notebooks.forEach(({ name, cells, fast }) => {
    assertMatch(name, /^\d\d_[a-z_]+$/);
    assertMatch(cells[0].source, /^# .+/, name);
    const knobs = cells.filter(({ source }) => source.startsWith(KNOBS));
    assertEquals(knobs.length, 1, name);
    const known = Array.from(
      knobs[0].source.matchAll(/^let (\w+)/gm),
      ([, knob]) => knob,
    );
    const set = Array.from(
      (fast ?? "").matchAll(/(\w+) = /g),
      ([, knob]) => knob,
    );
    assert(set.length > 0, `${name} has no fast settings`);
    assertEquals(set.filter((knob) => !known.includes(knob)), [], name);
  });
});

Deno.test("readNotebook() names a file that is no notebook", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/x.ipynb`;
  await Deno.writeTextFile(path, "{}");
  await assertRejects(() => readNotebook(path), SyntaxError, path);
});
