import { assert, assertEquals } from "@std/assert";
import { digestBytes } from "../../src/core/mod.ts";
import { useBackend } from "../../src/engine/mod.ts";
import { exportImages, saveGenerator } from "../../src/stages/mod.ts";
import { runCommand, startCommand } from "../support/command_line.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { tinyFaces, tinyGenerator } from "../support/tiny_prior.ts";

const contents = (folder: string) =>
  filesBelow(folder).map((name) =>
    `${name} ${digestBytes(Deno.readFileSync(`${folder}/${name}`))}`
  );

Deno.test("outis export writes the images of a run", async () => {
  await using folder = await tempFolder();
  await exportImages(tinyFaces(2, 3), `${folder.path}/run/synthetic`, {
    description: "A procedural face",
    manifest: { seed: 4, generator: "after reinforcement" },
  });
  const from = ["export", "--run", "run", "--licence", "CC0-1.0"];
  const { code, output } = await runCommand(
    [...from, "--format", "market1501", "--out", "set"],
    folder.path,
  );
  assertEquals([code, output], [0, ["set"]]);
  const files = filesBelow(`${folder.path}/set`);
  assertEquals(files.length, 9);
  assert(files.includes("bounding_box_train/0002_c1s1_000003_00.jpg"));
  const card = await Deno.readTextFile(`${folder.path}/set/README.md`);
  assert(card.includes("This data set: CC0-1.0."));
  const again = await runCommand(
    [...from, "--format", "folder", "--out", "set"],
    folder.path,
  );
  assertEquals(again.code, 2);
  assert(again.errors.at(-1)?.includes("'out' must be a new or empty folder"));
});

Deno.test("what makes no sense is refused", async () => {
  await using folder = await tempFolder();
  const refused: [string[], string][] = [
    [["--run", "run"], "--out must be given"],
    [["--out", "set"], "--run or --generator must be given, one of them"],
    [
      ["--out", "set", "--run", "a", "--generator", "b"],
      "--run or --generator must be given, one of them",
    ],
    [["--out", "set", "--run", "a", "--seed", "3"], "--seed must be left out"],
    [
      ["--out", "set", "--run", "a", "--shards", "3"],
      "--shards must be left out, as folder has none",
    ],
    [["--out", "set", "--run", "a"], "'a/synthetic/manifest.json' must be"],
    [["--out", "set", "--run", "a", "--format", "zip"], "'--format' must be"],
  ];
  const ended = await Promise.all(
    refused.map(([args]) => runCommand(["export", ...args], folder.path)),
  );
  for (const [i, { code, errors }] of ended.entries()) {
    assertEquals(code, 2);
    assert(errors[0].includes(refused[i][1]), errors[0]);
  }
  assertEquals(filesBelow(folder.path), []);
});

Deno.test("an export that is interrupted goes on where it was", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await useBackend("wasm");
  const names = Array.from({ length: 40 }, (_, i) => `nobody-${i}`);
  const generator = tinyGenerator(names);
  await saveGenerator(`${path}/prior`, generator);
  generator.dispose();
  const args = ["export", "--generator", "prior", "--backend", "wasm"]
    .concat("--images", "20", "--steps", "4", "--format", "webdataset")
    .concat("--shards", "2");
  const first = startCommand([...args, "--out", "set"], path);
  const journal = `${path}/set.partial/journal.jsonl`;
  const lines = async () =>
    (await Deno.readTextFile(journal).catch(() => "")).split("\n").length - 1;
  while (await lines() < 64) await new Promise((go) => setTimeout(go, 20));
  first.kill("SIGINT");
  const { code, errors } = await first.end;
  assertEquals(code, 130);
  assert(errors.includes("Stopped. The same command goes on from here."));
  assert(!filesBelow(path).some((name) => name.startsWith("set/")));
  const before = await lines();
  assert(before >= 64 && before < 800, `${before}`);
  const second = await runCommand([...args, "--out", "set"], path);
  assertEquals([second.code, second.output], [0, ["set"]]);
  const whole = await runCommand([...args, "--out", "whole"], path);
  assertEquals(whole.code, 0);
  assertEquals(contents(`${path}/set`), contents(`${path}/whole`));
});
