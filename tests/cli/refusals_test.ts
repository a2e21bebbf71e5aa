import { assert, assertEquals } from "@std/assert";
import { useBackend } from "../../src/engine/mod.ts";
import { complaints, runCommand } from "../support/command_line.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { writePeople, writePrior } from "./target_folder.ts";

/** Whatever is wrong: one sentence, exit code 2, and nothing is touched. */
async function refuses(
  folder: string,
  args: string[],
  sentence: string,
): Promise<void> {
  const before = contentOf(folder);
  const end = await runCommand(args, folder);
  const said = complaints(end);
  assertEquals([end.code, said.length], [2, 1], end.errors.join("\n"));
  assert(said[0].startsWith("Cannot "), said[0]);
  assert(said[0].includes(sentence), said[0]);
  assertEquals(end.output, []);
  assertEquals(contentOf(folder), before);
}

/** Paths and lengths of all files, and the folders. */
function contentOf(folder: string): string[] {
  return filesBelow(folder, "", true).map((path) =>
    `${path} ${Deno.statSync(`${folder}/${path}`).size}`
  );
}

const wasm = ["--backend", "wasm"];

Deno.test("a command that is none is refused before anything starts", async () => {
  await using folder = await tempFolder();
  for (const name of ["bogus", "toString"]) {
    await refuses(
      folder.path,
      [name],
      `: current value is ${name}`,
    );
  }
  const help = await runCommand([], folder.path);
  assertEquals(help.code, 2);
  assert(/^ *reproduce +Run the whole method/m.test(help.output.join("\n")));
});

Deno.test("--help tells the options and does nothing", async () => {
  await using folder = await tempFolder();
  for (const command of ["reproduce", "pretrain", "setup"]) {
    const { code, output, errors } = await runCommand(
      [command, "--help"],
      folder.path,
    );
    assertEquals([code, errors], [0, []]);
    assert(output.some((line) => line.startsWith("  --backend NAME")));
  }
  assertEquals(contentOf(folder.path), []);
});

Deno.test("options that are wrong are refused before anything starts", async () => {
  await using folder = await tempFolder();
  const cases: [string[], string][] = [
    [["reproduce", "--bogus"], "current value is --bogus"],
    [["reproduce", "--preset", "huge"], "'--preset' must be one of tiny"],
    [["reproduce", "--resume"], "runs/ must hold one"],
    [
      ["reproduce", "--resume", "--out", "nowhere"],
      "'--out' must be the folder of an earlier run: current value is nowhere",
    ],
    [
      ["reproduce", "--resume", "--out", "nowhere", "--seed", "1"],
      "'--seed' must be left out, since the run remembers it",
    ],
    [
      ["reproduce", "--data", "nowhere"],
      "'nowhere' must be an existing folder: current value is not there",
    ],
    [["reproduce", "--layout", "casia"], "'--layout' must come with --data"],
    [
      ["reproduce", "--data", ".", "--layout", "lmdb"],
      "'--layout' must be one of market1501",
    ],
    [["setup", "--version", "new"], "'version' must be numbers"],
    [["pretrain", "--identities", "1"], "a whole number of at least 2"],
  ];
  for (const [args, sentence] of cases) {
    await refuses(folder.path, args, sentence);
  }
});

Deno.test("data, priors and folders that are no good are refused before a run is there", async (t) => {
  await using folder = await tempFolder();
  const { path } = folder;
  await useBackend("wasm");
  await writePrior(`${path}/prior`);
  const first = "face-0000/000.png";
  const people = async (name: string, count: number, each: number) => {
    await writePeople(`${path}/${name}`, count, each);
    return `${path}/${name}`;
  };
  const good = await people("good", 6, 5);
  await people("few", 2, 5);
  await people("short", 6, 3);
  await Deno.mkdir(`${await people("empty", 6, 5)}/nobody`);
  const truncated = `${await people("truncated", 6, 5)}/${first}`;
  const png = await Deno.readFile(truncated);
  await Deno.writeFile(truncated, png.subarray(0, png.length / 2));
  await Deno.mkdir(`${path}/full`);
  await Deno.writeTextFile(`${path}/full/notes.txt`, "mine");
  await Deno.mkdir(`${path}/run`);
  await Deno.writeTextFile(`${path}/run/manifest.json`, "{}");

  const cases: [string, string[], string][] = [
    [
      "a folder that is not there",
      ["--data", "nowhere"],
      "'nowhere' must be an existing folder: current value is not there",
    ],
    ["a file", ["--data", `good/${first}`], "current value is a file"],
    ["an empty class", ["--data", "empty"], "'empty/nobody' must be a folder"],
    ["half a picture", ["--data", "truncated"], `truncated/${first}`],
    ["two people", ["--data", "few"], "at least 2 training identities"],
    [
      "three images of each",
      ["--data", "short"],
      "at least 10 same pairs and as many different ones: current value is 6 same",
    ],
    [
      "a prior that is not there",
      ["--data", "good", "--prior", "nowhere"],
      "'nowhere' must be a folder with generator.json",
    ],
    [
      "a folder with something in it",
      ["--data", good, "--out", "full"],
      "not one that holds notes.txt",
    ],
    [
      "a run, where it is not to be resumed",
      ["--data", good, "--out", "run"],
      "'path' must be a new or empty folder, or a run to resume",
    ],
    [
      "a file for a folder",
      ["--data", good, "--out", `prior/generator.json`],
      "'path' must be a folder",
    ],
    [
      "a manifest of something else",
      ["--resume", "--out", "run"],
      "'--out' must be the folder of an earlier run",
    ],
  ];
  for (const [name, args, sentence] of cases) {
    const prior = args.includes("--prior") || args.includes("--resume")
      ? []
      : ["--prior", "prior"];
    await t.step(
      name,
      () => refuses(path, ["reproduce", ...args, ...prior, ...wasm], sentence),
    );
  }
});

Deno.test("checkpoints of another seed are refused by pretrain", async () => {
  await using folder = await tempFolder();
  await Deno.writeTextFile(
    `${folder.path}/manifest.json`,
    JSON.stringify({
      format: "outis-run",
      schema: 1,
      configuration: { seed: 0, identities: 3 },
    }),
  );
  await Deno.writeTextFile(`${folder.path}/.lock`, "");
  await refuses(
    folder.path,
    ["pretrain", "--identities", "3", "--seed", "1", "--checkpoints", "."]
      .concat(wasm),
    "'configuration.seed' must be 0 as in the run to resume: current value is 1",
  );
});
