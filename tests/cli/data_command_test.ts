import { assert, assertEquals } from "@std/assert";
import { images } from "../io/golden_containers.ts";
import { folderOf } from "../data/files.ts";
import { complaints, runCommand } from "../support/command_line.ts";

Deno.test("outis data inspect tells what is in a data set", async () => {
  await using folder = await folderOf({
    "people/ada/1.png": images[0],
    "people/ada/2.png": images[1],
    "people/bob/1.png": images[2],
  });
  const inspect = (...args: string[]) =>
    runCommand(["data", "inspect", "people", ...args], folder.path);
  const end = await inspect("--strict");
  assertEquals([end.code, complaints(end)], [0, []]);
  assertEquals(end.output, [
    "layout               folder",
    "protocol             One folder per identity.",
    "images               3",
    "identities           2",
    "images per identity  min 1, median 1, max 2",
    "sizes (w x h)        4 x 3: 3",
    "splits               none",
    "cameras              none",
    "groups               none",
    "pairs                none",
    "problems             none",
  ]);

  // Half a picture, and a file that is none.
  await Deno.writeFile(
    `${folder.path}/people/bob/2.png`,
    images[3].slice(0, 60),
  );
  await Deno.writeTextFile(`${folder.path}/people/bob/notes.txt`, "");
  const lax = await inspect();
  assertEquals(lax.code, 0);
  const from = lax.output.indexOf("problems             2");
  assertEquals(
    lax.output[from + 1],
    "  people/bob/notes.txt is left out: not PNG, JPEG or WebP",
  );
  assert(lax.output[from + 2].startsWith("  people/bob/2.png is broken: "));
  const strict = await inspect("--strict", "--json");
  assertEquals(strict.code, 1);
  const found = JSON.parse(strict.output.join("\n"));
  assertEquals([found.images, found.problems.length], [4, 2]);
  const quick = await inspect("--quick", "--json");
  assertEquals(JSON.parse(quick.output.join("\n")).problems.length, 1);
});

Deno.test("outis data refuses what it cannot recognise, with exit code 2 and a sentence", async () => {
  await using folder = await folderOf(["empty/", "people/ada/1.png"]);
  const cases: [string[], string][] = [
    [["data"], "they must be inspect DIR"],
    [["data", "look", "people"], "must be inspect DIR"],
    [["data", "inspect"], "they must be inspect DIR"],
    [["data", "inspect", "empty"], "current value is an empty folder"],
    [["data", "inspect", "nowhere"], "current value is not there"],
    [
      ["data", "inspect", "people", "--layout", "market1501"],
      "one without bounding_box_train, query, bounding_box_test",
    ],
    [
      ["data", "inspect", "people", "--layout", "x"],
      "'--layout' must be one of market1501",
    ],
  ];
  const ends = await Promise.all(
    cases.map(([args]) => runCommand(args, folder.path)),
  );
  for (const [i, end] of ends.entries()) {
    const said = complaints(end);
    assertEquals(
      [end.code, said.length, end.output],
      [2, 1, []],
      said.join("\n"),
    );
    assert(
      said[0].startsWith("Cannot ") && said[0].includes(cases[i][1]),
      said[0],
    );
  }
  const help = await runCommand(["data", "--help"], folder.path);
  assertEquals(help.code, 0);
  assert(
    help.output.includes("Usage: deno task outis data inspect DIR [options]"),
  );
});
