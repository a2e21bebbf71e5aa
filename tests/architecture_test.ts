import { assert, assertEquals } from "@std/assert";
import {
  LONGEST_FILE,
  roomViolations,
  violations,
} from "./support/architecture.ts";

const root = new URL("../", import.meta.url);

/** Paths of all source files, from the root. */
function sourceFiles(folder = "src"): string[] {
  return Array.from(Deno.readDirSync(new URL(folder, root)))
    .flatMap(({ name, isDirectory }) =>
      isDirectory ? sourceFiles(`${folder}/${name}`) : [`${folder}/${name}`]
    )
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
    .sort();
}

/** What the checker says about a made-up file, without its path. */
function says(path: string, source: string): string[] {
  return violations(path, source).map((text) =>
    text.slice(path.length).replace(/^:(\d+:)? /, "")
  );
}

Deno.test("the source keeps to its layers, and to what each room may touch", () => {
  const files = sourceFiles();
  assert(files.length > 20, `only ${files.length} files were seen`);
  const found = files.flatMap((path) =>
    violations(path, Deno.readTextFileSync(new URL(path, root)))
  );
  assertEquals(found, []);
});

Deno.test("every room has a mod.ts, which deno.json exports", () => {
  const { exports } = JSON.parse(
    Deno.readTextFileSync(new URL("deno.json", root)),
  );
  assertEquals(roomViolations(sourceFiles(), exports), []);
});

Deno.test("the checker lets a file import its own room and lower ones", () => {
  const source = `
import { a } from "./a.ts";
import type { B } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import sharp from "sharp";
import { join } from "node:path";
`;
  assertEquals(says("src/nn/dense.ts", source), []);
  assertEquals(says("src/nn/deep/x.ts", 'import "../dense.ts";'), []);
  assertEquals(says("src/engine/wasm/x.ts", 'import "../tf.ts";'), []);
  assertEquals(says("src/cli/x.ts", 'import "../engine/environment.ts";'), []);
  assertEquals(
    says(
      "src/stages/x.ts",
      'import t from "../../data/x.json" with { type: "json" };',
    ),
    [],
  );
});

Deno.test("the checker catches imports of the same layer and of higher ones", () => {
  const cases: [string, string, string][] = [
    ["src/io/a.ts", "../core/mod.ts", "core is not below io"],
    ["src/rewards/a.ts", "../losses/mod.ts", "losses is not below rewards"],
    ["src/engine/a.ts", "../core/mod.ts", "core is not below engine"],
    ["src/engine/wasm/a.ts", "../../cli/a.ts", "cli is not below engine"],
    ["src/core/a.ts", "../nowhere/mod.ts", "nowhere is not below core"],
    [
      "src/nn/a.ts",
      "../core/random.ts",
      "a room is entered through its mod.ts",
    ],
    ["src/nn/a.ts", "../../bench/x.ts", "it lies outside src"],
    ["src/nn/a.ts", "../../mod.ts", "it lies outside src"],
  ];
  for (const [path, specifier, reason] of cases) {
    const forms = [
      `import { x } from "${specifier}";`,
      `import type { X } from "${specifier}";`,
      `import { type X } from "${specifier}";`,
      `export * from "${specifier}";`,
      `const x = await import("${specifier}");`,
      `let x: import("${specifier}").X;`,
    ];
    for (const source of forms) {
      const [first, ...more] = says(path, source);
      assert(
        first?.startsWith("imports ") && first.endsWith(`: ${reason}`),
        `${path}, ${source}: ${first}`,
      );
      assertEquals(more, []);
    }
  }
});

Deno.test("the checker keeps TensorFlow.js inside the engine", () => {
  const source = 'import type * as tf from "@tensorflow/tfjs";';
  assertEquals(says("src/engine/tf.ts", source), []);
  assertEquals(says("src/engine/jit.ts", source), [
    "imports @tensorflow/tfjs: only src/engine/tf.ts does",
  ]);
  const wasm = 'import "@tensorflow/tfjs-backend-wasm";';
  assertEquals(says("src/engine/wasm/backend.ts", wasm), []);
  assertEquals(says("src/models/dit.ts", wasm), [
    "imports @tensorflow/tfjs-backend-wasm: only the engine does",
  ]);
});

Deno.test("the checker keeps versions of packages in deno.json", () => {
  assertEquals(says("src/io/image.ts", 'import sharp from "npm:sharp@0.35";'), [
    "names npm:sharp@0.35 outside deno.json",
  ]);
  assertEquals(says("src/io/image.ts", "await import(`x${1}`);"), [
    "imports a module whose name is computed",
  ]);
});

Deno.test("the checker catches what only the command line may do", () => {
  const clock = "reads the clock: time is passed in";
  const print = "prints or reads the terminal: only src/cli does";
  const process = "reads arguments or ends the process: only src/cli does";
  const system =
    "listens to the system: only src/cli and core/stop_signal.ts do";
  const cases: [string, string][] = [
    ["Date.now()", clock],
    ["performance.now()", clock],
    ["new Date()", clock],
    ["new Date;", clock],
    ["`took ${Date.now() - start}`", clock],
    ["console.log(1)", print],
    ["Deno.stdout.writeSync(x)", print],
    ["Deno\n  .stderr", print],
    ["Deno.args", process],
    ["Deno.exit(1)", process],
    ['Deno.addSignalListener("SIGINT", stop)', system],
  ];
  for (const [source, reason] of cases) {
    assertEquals(says("src/core/a.ts", source), [reason], source);
    assertEquals(says("src/cli/a.ts", source), [], source);
  }
});

Deno.test("the checker catches environment and chance everywhere", () => {
  const environment =
    "reads the environment: only src/engine/environment.ts does";
  for (const path of ["src/core/a.ts", "src/cli/a.ts", "src/engine/a.ts"]) {
    assertEquals(says(path, 'Deno.env.get("HOME")'), [environment]);
    assertEquals(says(path, "process.env.HOME"), [environment]);
    assertEquals(says(path, "Math.random()").length, 1);
    assertEquals(says(path, "const { env } = Deno;").length, 1);
    assertEquals(says(path, 'Deno["env"]').length, 1);
  }
  assertEquals(says("src/engine/environment.ts", "Deno.env.get(name)"), []);
});

Deno.test("the checker lets code speak of what it must not do", () => {
  const source = `
// Date.now() and console.log() are for cli/.
/** \`Deno.env\` is read elsewhere. */
const text = "Math.random()";
const date = new Date(milliseconds), again = new Date( milliseconds);
const candidate = validate.now;
`;
  assertEquals(says("src/core/a.ts", source), []);
});

Deno.test("the checker catches empty names, long files and unknown rooms", () => {
  for (const name of ["utils", "util", "types", "helpers", "common", "misc"]) {
    assertEquals(says(`src/core/${name}.ts`, ""), ["its name says nothing"]);
  }
  assertEquals(says("src/core/type_checks.ts", ""), []);
  assertEquals(says("src/core/a.ts", "x;\n".repeat(LONGEST_FILE)), []);
  assertEquals(says("src/core/a.ts", "x;\n".repeat(LONGEST_FILE + 1)), [
    `has ${LONGEST_FILE + 1} lines, ${LONGEST_FILE} at most`,
  ]);
  for (const path of ["src/shed/a.ts", "src/a.ts"]) {
    assertEquals(says(path, ""), ["lies in no room that has a layer"]);
  }
});

Deno.test("the checker catches rooms that are not published", () => {
  const files = ["src/core/mod.ts", "src/io/mod.ts", "src/cli/main.ts"];
  const exports = {
    ".": "./mod.ts",
    "./core": "./src/core/mod.ts",
    "./io": "./src/io/mod.ts",
  };
  assertEquals(roomViolations(files, exports), []);
  assertEquals(roomViolations([...files, "src/nn/dense.ts"], exports), [
    "src/nn has no mod.ts",
    "deno.json does not export src/nn/mod.ts",
  ]);
  assertEquals(roomViolations(files.slice(1), exports), [
    "deno.json exports ./core, which is no room",
  ]);
});
