import { assert, assertEquals, assertRejects } from "@std/assert";
import { auditCommand } from "../../src/cli/audit_command.ts";
import { UsageError } from "../../src/cli/options.ts";
import { randomStream } from "../../src/core/mod.ts";
import { type ImageSet, readImageFolder } from "../../src/data/mod.ts";
import { tf, useBackend } from "../../src/engine/mod.ts";
import { recognizer, smallRecognizer } from "../../src/models/mod.ts";
import { exportImages, plantLeaks, saveAuditor } from "../../src/stages/mod.ts";
import {
  complaints,
  runCommand,
  startCommand,
} from "../support/command_line.ts";
import { PATTERN_SIZE, patternPeople } from "../support/pattern_people.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";

const size = { people: 12, photographs: 3 };
const real = patternPeople(size);

/** Sets, and two matchers of random weights: equal pictures have equal features all the same. */
async function prepare(folder: string): Promise<void> {
  await useBackend("wasm");
  for (const seed of [5, 6]) {
    const model = recognizer(smallRecognizer({
      height: PATTERN_SIZE,
      width: PATTERN_SIZE,
      widths: [8, 8, 8, 32],
      features: 16,
    }));
    const params = model.init(randomStream(seed));
    await Deno.mkdir(`${folder}/prior-${seed}`);
    await saveAuditor(`${folder}/prior-${seed}`, { model, params });
    tf.dispose(params);
  }
  const clean = patternPeople({ ...size, first: 200, prefix: "nobody" });
  const { images: leaky } = await plantLeaks(clean, real, {
    count: 3,
    kinds: ["copy", "flip", "recompression", "crop"],
  });
  const sets: { [name: string]: ImageSet } = {
    real,
    clean,
    leaky,
    control: patternPeople({ ...size, first: 100 }),
  };
  for (const [name, set] of Object.entries(sets)) {
    await exportImages(set, `${folder}/${name}`, {
      description: "A pattern",
      manifest: { seed: 0, generator: "patterns" },
    });
  }
}

const usual = [
  ["--backend", "wasm", "--fmr", "0.01"],
  ["--embedder", "auditor=prior-5", "--embedder", "auditor=prior-6"],
].flat();
const sets = ["--real", "real", "--control", "control"];

Deno.test("outis audit lets a clean set pass, refuses a leaky one with code 3, and writes what is left", async () => {
  await using folder = await tempFolder();
  await prepare(folder.path);
  const [clean, leaky] = await Promise.all([
    runCommand(
      ["audit", "--synthetic", "clean", ...sets, ...usual, "--out", "a"],
      folder.path,
    ),
    runCommand(
      ["audit", "--synthetic", "leaky/", ...sets, ...usual, "--out", "b"]
        .concat("--clean", "cleaned", "--redact"),
      folder.path,
    ),
  ]);
  assertEquals([clean.code, clean.output], [0, ["a/audit.html"]]);
  assertEquals([leaky.code, leaky.output], [3, ["b/audit.html"]]);
  assert(
    leaky.errors.some((line) => line.startsWith("FAILS  duplicates: 12 ")),
  );
  assert(leaky.errors.some((line) => /^Most memory held: \d+ MiB/.test(line)));
  assertEquals(filesBelow(`${folder.path}/b`), [
    ".lock",
    "audit.html",
    "audit.json",
    "drop.txt",
    "manifest.json",
  ]);
  const json = JSON.parse(
    await Deno.readTextFile(`${folder.path}/b/audit.json`),
  );
  assertEquals([json.schema, json.passed, json.duplicates], [1, false, 12]);
  const dropped = (await Deno.readTextFile(`${folder.path}/b/drop.txt`))
    .split("\n").filter(Boolean);
  assertEquals(dropped, json.dropped);
  assert(dropped.length >= 12 && dropped.every((path) => /^nobody/.test(path)));
  const left = await readImageFolder(`${folder.path}/cleaned`, { size: 16 });
  assertEquals(left.count, 36 - dropped.length);
  const list = JSON.parse(
    await Deno.readTextFile(`${folder.path}/cleaned/manifest.json`),
  );
  assertEquals(list.count, left.count);
});

Deno.test("outis audit says each fault in one sentence, with code 2, and writes nothing", async () => {
  await using folder = await tempFolder();
  await prepare(folder.path);
  const { signal } = new AbortController();
  const at = (name: string) => `${folder.path}/${name}`;
  await Deno.mkdir(at("empty"));
  await Deno.mkdir(at("broken/ada"), { recursive: true });
  for (const k of [0, 1]) {
    await Deno.writeTextFile(at(`broken/ada/${k}.png`), "no picture");
  }
  await Deno.symlink(at("real"), at("link"));
  await Deno.copyFile(at("prior-5/auditor.safetensors"), at("whole"));
  await Deno.mkdir(at("damaged"));
  await Deno.writeTextFile(at("damaged/auditor.safetensors"), "no weights");
  const embedder = (name: string) => ["--backend", "wasm", "--embedder", name];
  const audited = ["--synthetic", "clean", ...sets];
  const cases: [string[], string][] = [
    [[], "'--synthetic' must be given: current value is nothing"],
    [["--synthetic", "clean"], "'--real' must be given"],
    [
      ["--synthetic", "nowhere", "--real", "real"],
      "'--synthetic' must be a folder that is there: current value is",
    ],
    [
      ["--synthetic", "real", "--real", "link"],
      "'--real' must be another folder than --synthetic: current value is",
    ],
    [["--synthetic", "empty", ...sets, ...usual], "one folder per identity"],
    [["--synthetic", "broken", ...sets, ...usual], "broken/ada/0.png"],
    [[...audited, ...embedder("auditor")], "'--embedder' must be given twice"],
    [
      [...audited, ...usual, "--embedder", "iresnet50=gone.onnx"],
      "'--embedder' must be a file that is there: current value is gone.onnx",
    ],
    [
      [...audited, ...usual, "--embedder", "psychic"],
      "with one of the models resnet18",
    ],
    [[...audited, ...usual, "--embedder", "auditor=damaged"], "Cannot"],
    [
      [...audited, ...usual, "--embedder", "auditor=empty"],
      "a folder with an auditor",
    ],
    [
      [...audited, ...usual, "--reward", "auditor=prior-6"],
      "other ones than the reward's",
    ],
    [[...audited, ...usual, "--fmr", "2"], "'--fmr' must be a number above 0"],
    [
      [...audited, ...usual, "--fmr", "1e-4"],
      "a rate of 0.0001 takes 100000 pairs of different real people",
    ],
    [
      [...audited, ...usual, "--clean", "control"],
      "'--clean' must be a path where nothing is",
    ],
    [["--run", "real"], "must be a folder that is there"],
    [["--run", "real", "--synthetic", "clean"], "must be a run of reproduce"],
  ];
  const here = (args: string[]) =>
    args.map((arg) =>
      Array.from(Deno.readDirSync(folder.path), ({ name }) => name)
          .includes(arg)
        ? at(arg)
        : arg.replace(/^auditor=/, `auditor=${at("")}`)
    );
  for (const [k, [args, sentence]] of cases.entries()) {
    const out = at(`out-${k}`);
    // A UsageError is what ends with code 2.
    const error = await assertRejects(
      () => auditCommand.run([...here(args), "--out", out], signal),
      UsageError,
      sentence,
    );
    assert(!error.message.includes("\n"), error.message);
    const left = await Deno.stat(out).then(() => filesBelow(out), () => []);
    assertEquals(left.filter((name) => /audit|drop|partial/.test(name)), []);
  }
  const ended = await runCommand(["audit", "--real", "real"], folder.path);
  assertEquals([ended.code, ended.output, complaints(ended).length], [
    2,
    [],
    1,
  ]);
});

Deno.test("outis audit stops after Ctrl-C and leaves nothing half written", async () => {
  await using folder = await tempFolder();
  await prepare(folder.path);
  const running = startCommand(
    ["audit", "--synthetic", "leaky", ...sets, ...usual, "--out", "a"]
      .concat("--clean", "cleaned"),
    folder.path,
  );
  while (!(await Deno.stat(`${folder.path}/a`).catch(() => undefined))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  running.kill("SIGINT");
  const { code } = await running.end;
  assertEquals(code, 130);
  const left = filesBelow(folder.path).filter((path) =>
    path.startsWith("a/") || path.startsWith("cleaned")
  );
  assert(left.every((path) => /manifest\.json|\.lock/.test(path)), `${left}`);
});
