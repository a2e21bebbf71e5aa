import { assertEquals, assertRejects } from "@std/assert";
import { InstallError } from "../../src/cli/install_error.ts";
import { downloadWheel, findPython } from "../../src/cli/pip.ts";
import { fakePython } from "../support/fake_python.ts";

const start = "Cannot install TensorFlow as ";
const machine = `Python 3.11.7 on ${Deno.build.os} ${Deno.build.arch}`;

/** What downloadWheel() says where pip does this. */
async function sentence(download: string): Promise<string> {
  using python = fakePython({ download });
  const { message } = await assertRejects(
    () =>
      downloadWheel({ command: python.path, version: "3.11.7" }, {
        name: "tensorflow-cpu",
        version: "2.99.0",
        folder: python.folder,
      }),
    InstallError,
  );
  return message.replaceAll(python.folder, "<folder>");
}

Deno.test("findPython() takes the first Python that has pip", async () => {
  using bare = fakePython({ pip: "echo No module named pip >&2; exit 1" });
  using good = fakePython();
  assertEquals(
    await findPython(["/no/such/python", bare.path, good.path]),
    { command: good.path, version: "3.11.7" },
  );
});

Deno.test("findPython() tells a missing Python from a missing pip", async () => {
  using bare = fakePython({ pip: "exit 1" });
  const none = await assertRejects(
    () => findPython(["/no/such/python", "/nor/this"]),
    InstallError,
  );
  assertEquals(
    none.message,
    `${start}'Python' must be on this machine: tried /no/such/python, /nor/this`,
  );
  const noPip = await assertRejects(
    () => findPython([bare.path]),
    InstallError,
  );
  assertEquals(
    noPip.message,
    `${start}'pip' must be part of Python: tried ${bare.path} 3.11.7`,
  );
});

Deno.test("downloadWheel() asks pip for one wheel and reads its size", async () => {
  using python = fakePython({
    download: 'echo "  Downloading x.whl (273.8 MB)"; ' +
      'echo "$3" > "$dest/x.whl"; echo "$TMPDIR" > "$dest/tmpdir"',
  });
  const sizes: number[] = [];
  const wheel = await downloadWheel(
    { command: python.path, version: "3.11.7" },
    {
      name: "tensorflow-cpu",
      version: "2.21.0",
      folder: python.folder,
      onSize: (megabytes) => sizes.push(megabytes),
    },
  );
  assertEquals(wheel, "x.whl");
  assertEquals(sizes, [273.8]);
  const text = (name: string) => Deno.readTextFile(`${python.folder}/${name}`);
  assertEquals(await text("x.whl"), "tensorflow-cpu==2.21.0\n");
  // What is on its way lies where it will be cleaned up.
  assertEquals(await text("tmpdir"), `${python.folder}\n`);
});

Deno.test("downloadWheel() says that the index cannot be reached", async () => {
  assertEquals(
    await sentence(
      `echo "WARNING: Retrying after 'NewConnectionError('<x>: Failed to establish a new connection: [Errno 111] Connection refused')'" >&2
      echo "ERROR: Could not find a version (from versions: none)" >&2; exit 1`,
    ),
    `${start}'package index' must be within reach of pip: it says "Failed to ` +
      'establish a new connection: [Errno 111] Connection refused"',
  );
});

Deno.test("downloadWheel() names the newest version where the wished one is unknown", async () => {
  assertEquals(
    await sentence(
      'echo "ERROR: No such version (from versions: 2.20.0, 2.21.0, 2.22.0rc0)" >&2; exit 1',
    ),
    `${start}'version' must be one that pip has for ${machine}: current ` +
      "value is '2.99.0', newest is '2.21.0'",
  );
});

Deno.test("downloadWheel() says that there is no wheel for this machine", async () => {
  assertEquals(
    await sentence(
      'echo "ERROR: No such version (from versions: none)" >&2; exit 1',
    ),
    `${start}'tensorflow-cpu' must have a wheel for ${machine}: there is none`,
  );
});

Deno.test("downloadWheel() says that a file arrived damaged", async () => {
  assertEquals(
    await sentence(
      'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS" >&2; exit 1',
    ),
    `${start}'tensorflow-cpu' must arrive whole: its checksum is another; ` +
      "please try again",
  );
});

Deno.test("downloadWheel() says that the disk is full", async () => {
  assertEquals(
    await sentence(
      'echo "ERROR: [Errno 28] No space left on device" >&2; exit 1',
    ),
    `${start}'cache' must have room for it: '<folder>' is full`,
  );
});

Deno.test("downloadWheel() hands on what else pip says", async () => {
  assertEquals(
    await sentence(
      'echo "ERROR: Could not find an activated virtualenv (required)." >&2; exit 3',
    ),
    `${start}'pip' must succeed: exit code 3, it says "ERROR: Could not find ` +
      'an activated virtualenv (required)."',
  );
  assertEquals(
    await sentence("true"),
    `${start}'pip' must leave a wheel: there is none`,
  );
});
