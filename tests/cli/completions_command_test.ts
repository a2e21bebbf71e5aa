import { assert, assertEquals } from "@std/assert";
import { commands } from "../../src/cli/main.ts";
import { capturedCommand } from "../support/captured.ts";
import { tempFolder } from "../support/temp_folder.ts";

async function scriptFor(shell: string): Promise<string> {
  const { code, output } = await capturedCommand(["completions", shell]);
  assertEquals(code, 0);
  return output.join("\n");
}

/** Runs a shell where it is there; undefined where it is not. */
async function shell(
  name: string,
  args: string[],
  cwd: string,
): Promise<string | undefined> {
  try {
    const { code, stdout, stderr } = await new Deno.Command(name, { args, cwd })
      .output();
    const errors = new TextDecoder().decode(stderr);
    assertEquals([code, errors], [0, ""]);
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

Deno.test("bash completes commands, options, choices, actions and folders", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/faces and more`);
  await Deno.writeTextFile(`${path}/facts.txt`, "");
  await Deno.writeTextFile(`${path}/outis.bash`, await scriptFor("bash"));
  // The words as bash takes them apart: "=" is one of its own.
  const cases: [string[], string[]][] = [
    [["re"], ["reproduce"]],
    [["help", "tra"], ["train"]],
    [["reproduce", "--pre"], ["--preset"]],
    [["reproduce", "--dry"], ["--dry-run"]],
    [["reproduce", "--preset", ""], ["tiny", "small", "paper"]],
    [["reproduce", "--preset", "=", "ti"], ["tiny"]],
    [["reproduce", "--data", "fa"], ["faces and more"]],
    [["data", ""], ["inspect"]],
    [["data", "--layout", "casia", "inspect", "fa"], ["faces and more"]],
    [["data", "--layout", "=", "casia", ""], ["inspect"]],
    [["inspect", "fact"], ["facts.txt"]],
    [["runs", "--json", "pr"], ["prune"]],
    [["completions", "z"], ["zsh"]],
    [["train", "--seed", ""], []],
    [["nothing", "-"], []],
  ];
  const program = cases.map(([words]) =>
    `COMP_WORDS=(outis ${words.map((word) => `"${word}"`).join(" ")})
COMP_CWORD=${words.length}; _outis; printf '%s|' "\${COMPREPLY[@]}"; echo`
  ).join("\n");
  const said = await shell(
    "bash",
    ["--norc", "-c", `source ./outis.bash\n${program}`],
    path,
  );
  if (said === undefined) return; // no bash here
  assertEquals(
    said.trimEnd().split("\n"),
    cases.map(([, found]) => found.length === 0 ? "|" : `${found.join("|")}|`),
  );
});

Deno.test("bash finds every option of every command, and every choice of each", async () => {
  await using folder = await tempFolder();
  await Deno.writeTextFile(
    `${folder.path}/outis.bash`,
    await scriptFor("bash"),
  );
  const wanted: string[] = [];
  const program: string[] = ["source ./outis.bash"];
  for (const { name, options } of commands) {
    program.push(`_outis_options ${name}`);
    wanted.push(Object.keys(options).map((one) => `--${one}`).join(" "));
    for (const [option, { choices }] of Object.entries(options)) {
      if (choices === undefined) continue;
      program.push(`_outis_offer ${name} --${option}`);
      wanted.push(`words ${choices.join(" ")}`);
    }
  }
  const said = await shell(
    "bash",
    ["--norc", "-c", program.join("\n")],
    folder.path,
  );
  if (said === undefined) return;
  assertEquals(said.trimEnd().split("\n"), wanted);
});

Deno.test("zsh takes the script, and fish offers commands, choices and options", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await Deno.writeTextFile(`${path}/outis.zsh`, await scriptFor("zsh"));
  const zsh = await shell(
    "zsh",
    [
      "-f",
      "-c",
      `autoload -Uz compinit && compinit -u -d ${path}/dump
source ./outis.zsh; print -r -- \${_comps[outis]}`,
    ],
    path,
  );
  assert(zsh === undefined || zsh === "_bash_complete -F _outis\n", zsh);

  await Deno.writeTextFile(`${path}/outis.fish`, await scriptFor("fish"));
  const fish = await shell("fish", [
    "--no-config",
    "-c",
    `source ./outis.fish
complete -C "outis repr"
complete -C "outis reproduce --preset "
complete -C "outis verify --js"
complete -C "outis completions b"`,
  ], path);
  if (fish === undefined) return;
  assertEquals(fish.trimEnd().split("\n").map((line) => line.split("\t")[0]), [
    "reproduce",
    "paper",
    "small",
    "tiny",
    "--json",
    "bash",
  ]);
});

Deno.test("completions for a shell that is none are refused", async () => {
  const { code, errors } = await capturedCommand(["completions", "fsh"]);
  assertEquals(code, 2);
  assertEquals(errors, [
    "Cannot print completions as the shell must be one of bash, zsh, fish: current value is fsh (did you mean fish?)",
  ]);
});
