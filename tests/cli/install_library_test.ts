import { assert, assertEquals, assertRejects } from "@std/assert";
import { InstallError } from "../../src/cli/install_error.ts";
import { installLibrary } from "../../src/cli/install_library.ts";
import { libraryNames } from "../../src/engine/tensorflow/library.ts";
import { elfBytes, folderOf } from "../support/fake_library.ts";
import { fakePython, writeWheel } from "../support/fake_python.ts";

const [name] = libraryNames().library;

/** A folder with a small wheel in it, and installing from it. */
async function workshop(files: Record<string, string>, download?: string) {
  const folder = folderOf({ log: "", ...files });
  const cacheDir = `${folder.path}/cache`;
  await writeWheel(`${folder.path}/t.whl`, {
    [`tensorflow/${name}`]: elfBytes(),
  });
  const python = fakePython({
    download: `echo x >> ${folder.path}/log; ` +
      (download ?? `cp ${folder.path}/t.whl "$dest"`),
  });
  const shown: string[] = [];
  return {
    cacheDir,
    shown,
    library: `${cacheDir}/2.21.0/${name}`,
    downloads: () => Deno.readTextFileSync(`${folder.path}/log`).length / 2,
    left: () =>
      Array.from(Deno.readDirSync(cacheDir), (entry) => entry.name)
        .filter((entry) => entry !== ".lock").sort(),
    install: (
      more: {
        signal?: AbortSignal;
        onWait?: () => void;
        isThere?: () => boolean;
      } = {},
    ) =>
      installLibrary({ command: python.path, version: "3.11.7" }, {
        cacheDir,
        name: "tensorflow-cpu",
        version: "2.21.0",
        isThere: () => false,
        progress: (label) => ({
          update: () => {},
          done: (note) => shown.push(`${label} ${note}`),
        }),
        ...more,
      }),
    [Symbol.dispose]: () => {
      folder[Symbol.dispose]();
      python[Symbol.dispose]();
    },
  };
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

Deno.test("installLibrary() leaves the library and what is known about it", async () => {
  using shop = await workshop({});
  await shop.install();
  assertEquals(shop.left(), ["2.21.0"]);
  const entries = Array.from(
    Deno.readDirSync(`${shop.cacheDir}/2.21.0`),
    (e) => e.name,
  );
  assertEquals(entries.sort(), ["installed.json", name]);
  const record = JSON.parse(
    await Deno.readTextFile(`${shop.cacheDir}/2.21.0/installed.json`),
  );
  assertEquals(
    { ...record, files: record.files.length },
    {
      schema: 1,
      package: "tensorflow-cpu",
      wheel: "t.whl",
      files: 1,
      version: "2.21.0",
    },
  );
  assertEquals(shop.shown, ["Download 0 MB", "Unpack 0 MB"]);
});

Deno.test("installLibrary() lets one of several work and the others wait", async () => {
  using shop = await workshop({}, undefined);
  let waits = 0;
  const options = {
    isThere: () => exists(shop.library),
    onWait: () => void waits++,
  };
  await Promise.all([1, 2, 3].map(() => shop.install(options)));
  assertEquals(shop.downloads(), 1);
  assertEquals(waits, 2);
  assertEquals(shop.left(), ["2.21.0"]);
});

Deno.test("installLibrary() removes what a killed process left", async () => {
  using shop = await workshop({ "cache/.installing-1/download/half.whl": "x" });
  await shop.install();
  assertEquals(shop.left(), ["2.21.0"]);
});

Deno.test("installLibrary() replaces a version that is damaged", async () => {
  using shop = await workshop({ [`cache/2.21.0/${name}`]: "half" });
  await shop.install();
  assertEquals(await Deno.readFile(shop.library), elfBytes());
  assertEquals(shop.left(), ["2.21.0"]);
});

Deno.test("installLibrary() leaves nothing behind when it fails", async () => {
  using shop = await workshop({}, 'echo half > "$dest/t.whl"');
  await assertRejects(
    () => shop.install(),
    InstallError,
    "must be a whole wheel",
  );
  assertEquals(shop.left(), []);
});

Deno.test("installLibrary() leaves nothing behind when it is stopped", async () => {
  using shop = await workshop({}, 'echo half > "$dest/t.whl"; exec sleep 60');
  const controller = new AbortController();
  const reason = new Error("stopped by the user");
  const running = shop.install({ signal: controller.signal });
  while (shop.downloads() === 0) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  controller.abort(reason);
  assertEquals(await assertRejects(() => running), reason);
  assertEquals(shop.left(), []);
});

Deno.test("installLibrary() says that the cache cannot be written", async () => {
  using shop = await workshop({ cache: "a file where the folder should be" });
  const error = await assertRejects(() => shop.install(), InstallError);
  assertEquals(
    error.message,
    "Cannot install TensorFlow as 'cache' must be a folder to write in: " +
      `current value is '${shop.cacheDir}'`,
  );
  assert(shop.downloads() === 0);
});
