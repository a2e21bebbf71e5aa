import { assert, assertEquals } from "@std/assert";
import { useBackend } from "../../src/engine/mod.ts";
import { encodePng } from "../../src/io/mod.ts";
import { saveGenerator } from "../../src/stages/mod.ts";
import { runCommand } from "../support/command_line.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { tinyGenerator } from "../support/tiny_prior.ts";

/** A folder with two photographs, and a generator that knows three people. */
async function setUp(path: string): Promise<void> {
  await Deno.mkdir(`${path}/bob`);
  for (const name of ["1", "2"]) {
    const pixels = new Float32Array(64 * 64 * 3).map((_, i) =>
      Math.sin(i * +name)
    );
    await Deno.writeFile(
      `${path}/bob/${name}.png`,
      await encodePng({ pixels, height: 64, width: 64 }),
    );
  }
  await useBackend("wasm");
  const generator = tinyGenerator();
  await saveGenerator(`${path}/generator`, generator);
  generator.dispose();
}

const withdraw = ["withdraw", "--backend", "wasm", "--person", "bob"];

Deno.test("outis withdraw retires a class, writes the record, and finds nobody the second time", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await setUp(path);
  const command = [
    ...withdraw,
    "--generator",
    "generator",
    "--by",
    "the controller",
  ];
  const dry = await runCommand([...command, "--dry-run", "--out", "dry"], path);
  assertEquals(dry.code, 0, dry.errors.join("\n"));
  const config = () =>
    JSON.parse(Deno.readTextFileSync(`${path}/generator/generator.json`));
  assertEquals(config().identities, ["ada", "bob", "cyd"]);
  const done = await runCommand([...command, "--out", "record"], path);
  assertEquals([done.code, done.output], [0, ["record/withdrawal.md"]]);
  assertEquals([config().identities[1], config().retired], ["withdrawn-1", [
    1,
  ]]);
  const record = JSON.parse(
    await Deno.readTextFile(`${path}/record/withdrawal.json`),
  );
  assertEquals([record.state, record.person, record.by, record.photographs], [
    "done",
    "bob",
    "the controller",
    2,
  ]);
  assert(done.errors.some((line) => line.startsWith("Most memory held: ")));
  const again = await runCommand(command, path);
  assertEquals(again.code, 2);
  assert(
    again.errors.at(-1)!.includes(
      "current value is bob, of whom there is nothing",
    ),
  );
});

Deno.test("outis withdraw refuses what makes no sense in one sentence", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/bob`);
  const cases: [string[], string][] = [
    [["withdraw"], "'--person' must be given"],
    [withdraw, "'--dataset, --run, --generator or --bank' must be given"],
    [
      [...withdraw, "--run", "run"],
      "'--person' must be a folder with photographs in it",
    ],
    [
      ["withdraw", "--person", "none", "--run", "run"],
      "'--person' must be a folder that is there",
    ],
    [
      [...withdraw, "--run", "run", "--within", "x"],
      "'--within' must be a number above 0",
    ],
  ];
  const ended = await Promise.all(
    cases.map(([args]) => runCommand(args, path)),
  );
  for (const [i, { code, errors }] of ended.entries()) {
    assertEquals([code, errors.length], [2, 1], errors.join("\n"));
    assert(errors[0].includes(cases[i][1]), errors[0]);
  }
  await Deno.writeFile(
    `${path}/bob/1.png`,
    await encodePng({
      pixels: new Float32Array(64 * 64 * 3),
      height: 64,
      width: 64,
    }),
  );
  const places: [string[], string][] = [
    [["--dataset", "bob"], "must hold manifest.jsonl"],
    [["--run", "bob"], "a run directory with a manifest.json"],
    [["--generator", "bob"], "a folder with generator.json"],
    [["--bank", "bob/1.png"], "bob/1.png"],
  ];
  for (const [args, part] of places) {
    const { code, errors } = await runCommand([...withdraw, ...args], path);
    assertEquals(code, 2);
    assert(errors.at(-1)!.includes(part), errors.at(-1));
  }
  assertEquals(filesBelow(path), ["bob/1.png"]);
});
