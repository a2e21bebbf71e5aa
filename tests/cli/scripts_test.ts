import { assert, assertEquals } from "@std/assert";
import { commands } from "../../src/cli/main.ts";
import { writeSafetensors } from "../../src/io/mod.ts";
import { exportImages } from "../../src/stages/mod.ts";
import { capturedCommand } from "../support/captured.ts";
import { runCommand, startCommand } from "../support/command_line.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { tinyFaces } from "../support/tiny_prior.ts";
import { writePeople } from "./target_folder.ts";

Deno.test("with --json standard output is one JSON document, whatever is said beside it", async (t) => {
  await using folder = await tempFolder();
  const { path } = folder;
  await writePeople(`${path}/people`, 2, 2);
  await exportImages(tinyFaces(2, 2), `${path}/run/synthetic`, {
    description: "A procedural face",
    manifest: { seed: 4, generator: "after reinforcement" },
  });
  await writeSafetensors(`${path}/weights.safetensors`, {
    weight: { shape: [2], data: new Float32Array([1, 2]) },
  });
  const cases: [string[], (json: Record<string, unknown>) => unknown][] = [
    [["setup", "--backend", "wasm"], (json) => json.backend === "wasm"],
    [["data", "inspect", "people"], (json) => json.images === 4],
    [["inspect", "weights.safetensors"], (json) => json.count === 1],
    [
      ["convert", "weights.safetensors", "half.safetensors", "--dtype", "F16"],
      (json) => json.out === "half.safetensors" && json.written === true,
    ],
    [
      ["convert", "weights.safetensors", "other.safetensors", "--dry-run"],
      (json) => json.written === false,
    ],
    [["export", "--run", "run", "--out", "set"], (json) => json.count === 4],
    [["verify", "set"], (json) => json.passed === true],
    [["runs"], (json) => Array.isArray(json)],
    [["runs", "prune"], (json) => json.removed === false],
    [["completions", "bash"], (json) => json.shell === "bash"],
    [
      ["pretrain", "--backend", "wasm", "--world", "faces", "--dry-run"],
      (json) => Number(json.referenceSeconds) > 1000,
    ],
  ];
  for (const [args, holds] of cases) {
    await t.step(args.slice(0, 2).join(" "), async () => {
      const { code, output, errors } = await runCommand(
        [...args, "--json"],
        path,
      );
      assertEquals(code, 0, errors.join("\n"));
      assert(holds(JSON.parse(output.join("\n"))), output.join("\n"));
    });
  }
});

Deno.test("with --json no command writes a word on standard output when it fails", async () => {
  for (const { name, operands } of commands) {
    const args = [name, ...operands.map(() => "x"), "--no-such", "--json"];
    const { code, output, errors } = await capturedCommand(args);
    assertEquals([code, output, errors.length], [2, [], 1], name);
  }
});

async function denoFolder(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

Deno.test("--dry-run leaves no trace, and installs nothing", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  // A machine without libtensorflow and without Python.
  const bare = {
    OUTIS_LIBTENSORFLOW: "",
    XDG_CACHE_HOME: `${path}/cache`,
    HOME: path,
    PATH: "",
    PYTHON: "",
    VIRTUAL_ENV: "",
    DENO_DIR: await denoFolder(), // what Deno keeps is none of this
  };
  const { code, output, errors } = await runCommand(
    ["pretrain", "--dry-run", "--checkpoints", "run", "--out", "prior"],
    path,
    bare,
  );
  assertEquals([code, output], [0, []], errors.join("\n"));
  const said = errors.join("\n");
  assert(said.includes("TensorFlow is not there: a run first installs"), said);
  assert(
    /^Takes about .* on 2 idle cores of an AMD EPYC with TensorFlow;/m
      .test(said),
    said,
  );
  assertEquals(filesBelow(path, "", true), []);
});

Deno.test("exit codes tell scripts how it ended", async (t) => {
  await using folder = await tempFolder();
  const { path } = folder;
  const cases: [string, string[], number, { [name: string]: string }?][] = [
    ["done", ["runs"], 0],
    ["help", ["audit", "--help"], 0],
    ["no command", [], 2],
    ["a command that is none", ["nothing"], 2],
    ["an option that is none", ["runs", "--nothing"], 2],
    ["a value that is none", ["train", "--steps", "few"], 2],
    ["bad input", ["verify", "nowhere"], 2],
    [
      "a failure that is not the caller's",
      ["setup", "--version", "0.0.1"],
      1,
      { PATH: "", PYTHON: "/no/such/python", OUTIS_LIBTENSORFLOW: "" },
    ],
  ];
  for (const [name, args, expected, env] of cases) {
    await t.step(name, async () => {
      const { code, errors } = await runCommand(args, path, env);
      assertEquals(code, expected, errors.join("\n"));
    });
  }
  await t.step("a gate refused", async () => {
    await exportImages(tinyFaces(2, 2), `${path}/run/synthetic`, {
      description: "A procedural face",
      manifest: { seed: 4, generator: "after reinforcement" },
    });
    await runCommand(["export", "--run", "run", "--out", "set"], path);
    const [image] = filesBelow(`${path}/set`).filter((one) =>
      one.endsWith(".png")
    );
    await Deno.remove(`${path}/set/${image}`);
    const { code, output } = await runCommand(
      ["verify", "set", "--json"],
      path,
    );
    // A gate has found something: it is told.
    assertEquals([code, JSON.parse(output.join("\n")).passed], [3, false]);
  });
  await t.step("interrupted", async () => {
    const command = startCommand(
      ["pretrain", "--backend", "wasm", "--world", "faces", "--out", "prior"],
      path,
    );
    const manifest = `${path}/runs/pretrain/manifest.json`;
    let isDone = false;
    void command.end.then(() => isDone = true);
    while (
      !isDone && !await Deno.stat(manifest).then(() => true, () => false)
    ) {
      await new Promise((next) => setTimeout(next, 20));
    }
    command.kill("SIGINT");
    const { code, output, errors } = await command.end;
    assertEquals([code, output], [130, []], errors.join("\n"));
    assertEquals(
      errors.at(-1),
      "Stopped. The same command goes on from here.",
    );
  });
});
