import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  findLibrary,
  libraryCache,
  libraryNames,
} from "../../../src/engine/tensorflow/library.ts";
import { elfBytes, folderOf } from "../../support/fake_library.ts";

const os = "linux";
const arch = Deno.build.arch;
const cc = "libtensorflow_cc.so.2";
const framework = "libtensorflow_framework.so.2";

/** Options that see nothing of the machine but what the test gives. */
function machine(variables: Record<string, string>, root = "/no/such/folder") {
  const all: Record<string, string> = { HOME: root, ...variables };
  return { os, arch, environment: (name: string) => all[name] };
}

function refusal(value: string): string {
  return assertThrows(
    () => findLibrary(machine({ OUTIS_LIBTENSORFLOW: value })),
    RangeError,
    "Cannot load TensorFlow as 'OUTIS_LIBTENSORFLOW' must be ",
  ).message;
}

Deno.test("findLibrary() takes the file that OUTIS_LIBTENSORFLOW names", () => {
  using folder = folderOf({ [cc]: elfBytes(), [framework]: elfBytes() });
  const path = `${folder.path}/${cc}`;
  assertEquals(findLibrary(machine({ OUTIS_LIBTENSORFLOW: path })), {
    library: {
      path,
      framework: `${folder.path}/${framework}`,
      source: "environment",
    },
    places: [],
  });
});

Deno.test("findLibrary() looks into a named folder, its lib/ and its tensorflow/", () => {
  for (
    const inner of [
      cc,
      `tensorflow/${cc}`,
      "lib/libtensorflow.so.2",
      "lib/libtensorflow.so",
    ]
  ) {
    using folder = folderOf({ [inner]: elfBytes() });
    const { library } = findLibrary(
      machine({ OUTIS_LIBTENSORFLOW: folder.path }),
    );
    assertEquals(library, {
      path: `${folder.path}/${inner}`,
      source: "environment",
    });
  }
});

Deno.test("findLibrary() prefers the option to the environment", () => {
  using folder = folderOf({ [`a/${cc}`]: elfBytes(), [`b/${cc}`]: elfBytes() });
  const { library } = findLibrary({
    ...machine({ OUTIS_LIBTENSORFLOW: `${folder.path}/a` }),
    library: `${folder.path}/b`,
  });
  assertEquals(library, { path: `${folder.path}/b/${cc}`, source: "option" });
  assertThrows(
    () => findLibrary({ ...machine({}), library: "/no/such/place" }),
    RangeError,
    "Cannot load TensorFlow as 'library' must be an existing file or folder",
  );
});

Deno.test("findLibrary() says what is wrong with a named library", () => {
  using folder = folderOf({
    "empty/readme": "",
    "text.so": "hello",
    "cut.so": elfBytes({ segmentEnd: 999 }),
    "foreign.so": elfBytes({ machine: 243 }),
    [`old/tensorflow/${cc}`]: elfBytes(),
    "old/tensorflow-2.8.4.dist-info/RECORD": "",
  });
  const at = folder.path;
  const start = "Cannot load TensorFlow as 'OUTIS_LIBTENSORFLOW' must be";
  assertEquals(
    refusal(`${at}/none`),
    `${start} an existing file or folder: current value is '${at}/none'`,
  );
  assertEquals(
    refusal(`${at}/empty`),
    `${start} a folder with libtensorflow_cc.so.2 (or libtensorflow.so) in ` +
      `it, in its lib/ or in its tensorflow/: current value is '${at}/empty'`,
  );
  assertEquals(
    refusal(`${at}/text.so`),
    `${start} a shared library (ELF): current value is '${at}/text.so', ` +
      "another kind of file",
  );
  assertEquals(
    refusal(`${at}/cut.so`),
    `${start} a whole file: current value is '${at}/cut.so', cut off after ` +
      "128 of at least 999 bytes",
  );
  assertEquals(
    refusal(`${at}/foreign.so`),
    `${start} built for ${arch}: current value is '${at}/foreign.so', built ` +
      "for riscv64",
  );
  assertEquals(
    refusal(`${at}/old`),
    `${start} TensorFlow 2.9 or newer: current value is ` +
      `'${at}/old/tensorflow/${cc}', version 2.8.4`,
  );
});

Deno.test("findLibrary() takes the newest whole version of the cache", () => {
  using folder = folderOf({
    [`outis/libtensorflow/2.9.3/${cc}`]: elfBytes(),
    [`outis/libtensorflow/2.21.0/${cc}`]: elfBytes(),
    [`outis/libtensorflow/2.22.0/${cc}`]: elfBytes({ segmentEnd: 999 }),
    [`outis/libtensorflow/2.23.0/readme`]: "",
    [`outis/libtensorflow/.installing-1/${cc}`]: elfBytes(),
  });
  const cache = `${folder.path}/outis/libtensorflow`;
  const found = findLibrary(machine({ XDG_CACHE_HOME: folder.path }));
  assertEquals(found.library, {
    path: `${cache}/2.21.0/${cc}`,
    source: "cache",
    version: "2.21.0",
  });
  // What was passed over is named, with the reason.
  assert(
    found.places.some((place) =>
      place.startsWith(`${cache}/2.22.0 (must be a whole file`)
    ),
  );
  const own = findLibrary({ ...machine({}), cacheDir: cache });
  assertEquals(own.library, found.library);
});

Deno.test("findLibrary() finds the tensorflow of an installed Python", () => {
  const packages = "lib/python3.11/site-packages";
  for (const base of ["venv", "home/.local", "home/.pyenv/versions/3.11.7"]) {
    using folder = folderOf({
      [`${base}/${packages}/tensorflow/${cc}`]: elfBytes(),
      [`${base}/${packages}/tensorflow/${framework}`]: elfBytes(),
      [`${base}/${packages}/tensorflow_cpu-2.20.1.dist-info/RECORD`]: "",
      [`${base}/${packages}/tensorflow_estimator-2.15.0.dist-info/RECORD`]: "",
    });
    const { library } = findLibrary(
      machine({ VIRTUAL_ENV: `${folder.path}/venv` }, `${folder.path}/home`),
    );
    const home = `${folder.path}/${base}/${packages}/tensorflow`;
    assertEquals(library, {
      path: `${home}/${cc}`,
      framework: `${home}/${framework}`,
      source: "python",
      version: "2.20.1",
    });
  }
});

Deno.test("findLibrary() prefers the cache to Python", () => {
  using folder = folderOf({
    [`outis/libtensorflow/2.9.3/${cc}`]: elfBytes(),
    [`venv/lib/python3.12/site-packages/tensorflow/${cc}`]: elfBytes(),
  });
  const variables = {
    XDG_CACHE_HOME: folder.path,
    VIRTUAL_ENV: `${folder.path}/venv`,
  };
  assertEquals(findLibrary(machine(variables)).library?.source, "cache");
});

Deno.test("libraryCache() follows the custom of each system", () => {
  const read = (variables: Record<string, string>) => (name: string) =>
    variables[name];
  const cache = (os: string, variables: Record<string, string>) =>
    libraryCache({ os, environment: read(variables) });
  const end = "outis/libtensorflow";
  assertEquals(cache("linux", { HOME: "/h" }), `/h/.cache/${end}`);
  assertEquals(cache("darwin", { HOME: "/h" }), `/h/Library/Caches/${end}`);
  assertEquals(cache("windows", { LOCALAPPDATA: "/l" }), `/l/${end}`);
  assertEquals(
    cache("linux", { HOME: "/h", XDG_CACHE_HOME: "/x" }),
    `/x/${end}`,
  );
  assertEquals(cache("linux", {}), undefined);
});

Deno.test("libraryNames() names the files of each system", () => {
  assertEquals(libraryNames("linux"), {
    library: [cc, "libtensorflow.so.2", "libtensorflow.so"],
    framework,
  });
  assertEquals(libraryNames("darwin"), {
    library: [
      "libtensorflow_cc.2.dylib",
      "libtensorflow.2.dylib",
      "libtensorflow.dylib",
    ],
    framework: "libtensorflow_framework.2.dylib",
  });
});
