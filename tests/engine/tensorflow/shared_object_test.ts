import { assertEquals, assertThrows } from "@std/assert";
import { sharedObjectFault } from "../../../src/engine/tensorflow/shared_object.ts";
import { elfBytes, folderOf } from "../../support/fake_library.ts";

const x86 = { os: "linux", arch: "x86_64" };

function faultOf(bytes: Uint8Array | string, options = x86) {
  using folder = folderOf({ "x.so": bytes });
  return sharedObjectFault(`${folder.path}/x.so`, options);
}

Deno.test("sharedObjectFault() finds none in a library of this processor", () => {
  assertEquals(faultOf(elfBytes({ machine: 62 })), undefined);
  assertEquals(
    faultOf(elfBytes({ machine: 183 }), { os: "linux", arch: "aarch64" }),
    undefined,
  );
});

Deno.test("sharedObjectFault() names the processor a library was built for", () => {
  assertEquals(faultOf(elfBytes({ machine: 183 })), {
    rule: "built for x86_64",
    found: "built for aarch64",
  });
  assertEquals(
    faultOf(elfBytes({ machine: 8 }))?.found,
    "built for processor number 8",
  );
});

Deno.test("sharedObjectFault() sees that a file is cut off", () => {
  // The segment claims bytes 0 to 4,096 of a file of 128.
  assertEquals(faultOf(elfBytes({ machine: 62, segmentEnd: 4096 })), {
    rule: "a whole file",
    found: "cut off after 128 of at least 4096 bytes",
  });
  // The segment table ends at 64 + 56.
  assertEquals(faultOf(elfBytes({ machine: 62 }).slice(0, 100)), {
    rule: "a whole file",
    found: "cut off after 100 of at least 120 bytes",
  });
});

Deno.test("sharedObjectFault() tells other files from libraries", () => {
  const rule = "a shared library (ELF)";
  assertEquals(faultOf(""), { rule, found: "an empty file" });
  assertEquals(faultOf("INPUT(libtensorflow.so)"), {
    rule,
    found: "another kind of file",
  });
  assertEquals(faultOf(elfBytes({ machine: 62, type: 2 })), {
    rule,
    found: "an ELF file that is not shared",
  });
});

Deno.test("sharedObjectFault() reads the headers of macOS and Windows", () => {
  const mac = { os: "darwin", arch: "aarch64" };
  const arm = new Uint8Array([0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1]);
  assertEquals(faultOf(arm, mac), undefined);
  assertEquals(
    faultOf(arm, { ...mac, arch: "x86_64" })?.found,
    "built for aarch64",
  );
  assertEquals(
    faultOf(new Uint8Array([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2]), mac),
    undefined,
  );
  assertEquals(faultOf("text", mac)?.rule, "a shared library (Mach-O)");
  assertEquals(faultOf("MZ", { os: "windows", arch: "x86_64" }), undefined);
  assertEquals(
    faultOf("text", { os: "windows", arch: "x86_64" })?.rule,
    "a shared library (DLL)",
  );
});

Deno.test("sharedObjectFault() refuses a path where nothing is", () => {
  assertThrows(() => sharedObjectFault("/no/such/file"), Deno.errors.NotFound);
});
