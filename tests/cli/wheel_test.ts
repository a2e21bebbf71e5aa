import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { InstallError } from "../../src/cli/install_error.ts";
import { unpackLibrary } from "../../src/cli/wheel.ts";
import { libraryNames } from "../../src/engine/tensorflow/library.ts";
import { elfBytes, folderOf } from "../support/fake_library.ts";
import {
  fakePython,
  type FakePythonOptions,
  writeWheel,
} from "../support/fake_python.ts";

const { library: [name], framework } = libraryNames();

type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** Unpacks a wheel with these files; the wheel is "t.whl". */
async function unpack(
  files: Files,
  options: FakePythonOptions & { record?: string; cut?: number } = {},
) {
  using python = fakePython(options);
  using folder = folderOf({ "ready/x": "" });
  const wheel = `${folder.path}/t.whl`;
  await writeWheel(wheel, files, options);
  if (options.cut) await Deno.truncate(wheel, options.cut);
  const sizes: number[] = [];
  const unpacked = await unpackLibrary(
    { command: python.path, version: "3.11.7" },
    {
      wheel,
      folder: `${folder.path}/ready`,
      onSize: (megabytes) => sizes.push(megabytes),
    },
  );
  const bytes = await Deno.readFile(`${folder.path}/ready/${name}`);
  return { ...unpacked, sizes, bytes };
}

async function sentence(...args: Parameters<typeof unpack>): Promise<string> {
  const { message } = await assertRejects(() => unpack(...args), InstallError);
  return message;
}

Deno.test("unpackLibrary() takes the library and its companion, and nothing else", async () => {
  const library = elfBytes();
  const { files, version, sizes, bytes } = await unpack({
    [`tensorflow/${name}`]: library,
    [`tensorflow/${framework}`]: new Uint8Array(1000),
    "tensorflow/other.py": new Uint8Array(7),
  });
  assertEquals(bytes, library);
  assertEquals(sizes, [(128 + 1000) / 1e6]);
  assertEquals(version, "2.21.0");
  const digest = await crypto.subtle.digest("SHA-256", library);
  assertEquals(files.map((file) => [file.name, file.bytes]), [
    [name, 128],
    [framework, 1000],
  ]);
  assertEquals(files[0].sha256, new Uint8Array(digest).toHex());
});

Deno.test("unpackLibrary() sees that a file is not what the wheel's RECORD says", async () => {
  assertEquals(
    await sentence({ [`tensorflow/${name}`]: elfBytes() }, { record: "abc" }),
    "Cannot install TensorFlow as 't.whl' must be a whole wheel: unpacking " +
      `says "the checksum of tensorflow/${name} is another than its RECORD has"`,
  );
});

Deno.test("unpackLibrary() sees that a wheel is cut off", async () => {
  assertStringIncludes(
    await sentence({ [`tensorflow/${name}`]: elfBytes() }, { cut: 100 }),
    "'t.whl' must be a whole wheel: unpacking says \"zipfile.BadZipFile",
  );
});

Deno.test("unpackLibrary() says that a wheel has no library in it", async () => {
  assertEquals(
    await sentence({ "tensorflow/x.py": new Uint8Array(3) }),
    `Cannot install TensorFlow as 't.whl' must hold ${name}`,
  );
});

Deno.test("unpackLibrary() refuses a library for another processor", async () => {
  assertStringIncludes(
    await sentence({ [`tensorflow/${name}`]: elfBytes({ machine: 243 }) }),
    `Cannot install TensorFlow as '${name}' must be built for ` +
      `${Deno.build.arch}: current value is`,
  );
});

Deno.test("unpackLibrary() refuses a library that does not load", async () => {
  const files = { [`tensorflow/${name}`]: elfBytes() };
  // The real loader, which finds an ELF file without a dynamic section.
  assertStringIncludes(
    await sentence(files, { load: 'exec python3 "$@"' }),
    `'${name}' must load on this machine: the loader says "OSError: `,
  );
  assertEquals(
    await sentence(files, { load: "kill -ILL $$" }),
    `Cannot install TensorFlow as '${name}' must run on this processor: it ` +
      "lacks instructions the library uses",
  );
});
