import { assert, assertEquals, assertRejects } from "@std/assert";
import { InstallError } from "../../src/cli/install_error.ts";
import { setup, type SetupOptions } from "../../src/cli/setup.ts";
import {
  findLibrary,
  type FindLibraryOptions,
  libraryNames,
} from "../../src/engine/tensorflow/library.ts";
import { elfBytes, folderOf } from "../support/fake_library.ts";
import {
  fakePython,
  type FakePythonOptions,
  writeWheel,
} from "../support/fake_python.ts";

const [name] = libraryNames().library;

/** Sees the cache only, not what this machine happens to have. */
function search(options: FindLibraryOptions) {
  const found = findLibrary({ ...options, environment: () => undefined });
  const isHere = ["cache", "option"].includes(found.library?.source ?? "");
  return isHere ? found : { places: found.places };
}

/** A cache, a Python whose pip hands out a small wheel, and the lines said. */
async function workshop(options: FakePythonOptions = {}) {
  const folder = folderOf({ "cache/readme": "" });
  await writeWheel(`${folder.path}/t.whl`, {
    [`tensorflow/${name}`]: elfBytes(),
  });
  const python = fakePython({
    download: `cp ${folder.path}/t.whl "$dest"`,
    ...options,
  });
  const lines: string[] = [];
  return {
    cache: `${folder.path}/cache`,
    lines,
    run: (more: Partial<SetupOptions> = {}) =>
      setup({
        backend: "auto",
        cacheDir: `${folder.path}/cache`,
        pythons: [python.path],
        onLine: (line) => lines.push(line),
        search,
        progress: () => ({ update: () => {}, done: () => {} }),
        ...more,
      }),
    left: () =>
      Array.from(Deno.readDirSync(`${folder.path}/cache`), (e) => e.name)
        .filter((entry) => entry !== ".lock" && entry !== "readme").sort(),
    [Symbol.dispose]: () => {
      folder[Symbol.dispose]();
      python[Symbol.dispose]();
    },
  };
}

Deno.test("setup() needs nothing for wasm and webgpu", async () => {
  for (const backend of ["wasm", "webgpu"] as const) {
    const lines: string[] = [];
    const result = await setup({ backend, onLine: (line) => lines.push(line) });
    assertEquals(result, { backend });
    assertEquals(lines, [`Nothing to set up for ${backend}.`]);
  }
});

Deno.test("setup() installs the library, and finds it the next time", async () => {
  using shop = await workshop();
  const path = `${shop.cache}/2.21.0/${name}`;
  const library = { path, source: "cache" as const, version: "2.21.0" };
  const result = { backend: "tensorflow" as const, library };
  assertEquals(await shop.run(), result);
  assert(
    shop.lines[0].startsWith("Installs TensorFlow 2.21.0, "),
    shop.lines[0],
  );
  assert(shop.lines[0].endsWith(`stay in ${shop.cache}`), shop.lines[0]);
  assertEquals(shop.lines.at(-1), `TensorFlow 2.21.0 is installed: ${path}`);
  assertEquals(shop.left(), ["2.21.0"]);

  shop.lines.length = 0;
  assertEquals(await shop.run({ backend: "tensorflow", pythons: [] }), result);
  assertEquals(shop.lines, [`TensorFlow 2.21.0 is there: ${path}`]);
});

Deno.test("setup() installs a version that is asked for beside another", async () => {
  using shop = await workshop();
  await shop.run();
  const { library } = await shop.run({ version: "2.20.0" });
  assertEquals(library?.path, `${shop.cache}/2.20.0/${name}`);
  assertEquals(shop.left(), ["2.20.0", "2.21.0"]);
  shop.lines.length = 0;
  await shop.run({ version: "2.20.0", pythons: [] });
  assertEquals(shop.lines, [`TensorFlow 2.20.0 is there: ${library?.path}`]);
});

Deno.test("setup() refuses a version that is none before anything else", async () => {
  using shop = await workshop();
  for (const version of ["newest", "", "../2.21.0", "2.21.0 --pre"]) {
    const error = await assertRejects(() => shop.run({ version }), RangeError);
    assertEquals(
      error.message,
      "Cannot set up TensorFlow as 'version' must be numbers, as in " +
        `'2.21.0': current value is '${version}'`,
    );
  }
  assertEquals(shop.left(), []);
});

Deno.test("setup() goes on with wasm where auto cannot have the library, and says so", async () => {
  using shop = await workshop();
  const reason = "Cannot install TensorFlow as 'Python' must be on this " +
    "machine: tried /no/such/python";
  const result = await shop.run({ pythons: ["/no/such/python"] });
  assertEquals(result, { backend: "wasm", reason });
  assertEquals(shop.lines, [
    `${reason}.`,
    "Goes on with wasm: wasm needs nothing installed, but is one thread and " +
    "about ten times slower.",
  ]);
});

Deno.test("setup() that may not install tells what a run would install, and lets wasm stand in", async () => {
  using shop = await workshop();
  for (const backend of ["auto", "tensorflow"] as const) {
    shop.lines.length = 0;
    const { backend: found } = await shop.run({ backend, installs: false });
    assertEquals(found, "wasm");
    assertEquals(shop.lines, [
      "TensorFlow is not there: a run first installs it, about 270 MB to download and about 850 MB to keep.",
    ]);
  }
  assertEquals(shop.left(), []);
});

Deno.test("setup() fails where tensorflow was asked for and cannot be had", async () => {
  using shop = await workshop({ download: "exit 1" });
  await assertRejects(
    () => shop.run({ backend: "tensorflow" }),
    InstallError,
    "Cannot install TensorFlow as 'pip' must succeed: exit code 1",
  );
  assertEquals(shop.left(), []);
});

Deno.test("setup() does not hide that OUTIS_LIBTENSORFLOW is wrong", async () => {
  using shop = await workshop();
  const wrong = () => findLibrary({ library: "/no/such/library" });
  await assertRejects(() => shop.run({ search: wrong }), RangeError);
});
