import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  decodeVerificationBin,
  encodeVerificationBin,
} from "../../src/io/verification_bin.ts";
import { runPython } from "../support/run_python.ts";
import { bins, images, same } from "./golden_containers.ts";

Deno.test("sets that Python 2 and 3 pickled hold the same images and truth values", () => {
  for (const [name, bytes] of Object.entries(bins)) {
    const read = decodeVerificationBin(bytes);
    assertEquals(read.same, same, name);
    assertEquals(read.images, images, name);
  }
  assertEquals(Object.keys(bins).length, 8);
});

Deno.test("what is written is read again, and is the same each time", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.uint8Array(), fc.uint8Array(), fc.boolean())),
    (pairs) => {
      const content = {
        images: pairs.flatMap(([a, b]) => [a, b]),
        same: pairs.map(([, , value]) => value),
      };
      const bytes = encodeVerificationBin(content);
      assertEquals(decodeVerificationBin(bytes), content);
      assertEquals(encodeVerificationBin(content), bytes);
    },
  ));
});

Deno.test("Python reads what is written", async () => {
  const bytes = encodeVerificationBin({ images, same });
  const script = `
import base64, pickle, sys
data = base64.b64decode(sys.argv[1])
for options in ({}, {"encoding": "bytes"}):
    images, same = pickle.loads(data, **options)
    print(len(images), type(images[0]).__name__, base64.b64encode(images[5]).decode(), same)
`;
  const output = await runPython(script, bytes.toBase64());
  if (output === undefined) return; // no Python here
  const line = `6 bytes ${images[5].toBase64()} [True, False, True]`;
  assertEquals(output.trim().split("\n"), [line, line]);
});

Deno.test("a set that is cut short or changed is refused with a sentence", () => {
  for (const [name, bytes] of Object.entries(bins)) {
    for (let length = 0; length < bytes.length; length += 7) {
      assertThrows(
        () => decodeVerificationBin(bytes.subarray(0, length), "lfw.bin"),
        SyntaxError,
        "Cannot ",
        `${name} cut at ${length}`,
      );
    }
  }
});

Deno.test("any bytes are a set or refused with a sentence", () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.record({
      name: fc.constantFrom(...Object.keys(bins)),
      at: fc.nat(900),
      value: fc.nat(255),
    }).map(({ name, at, value }) => {
      const bytes = bins[name].slice();
      bytes[at % bytes.length] = value;
      return bytes;
    }),
  );
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      try {
        const read = decodeVerificationBin(bytes);
        assertEquals(read.images.length, 2 * read.same.length);
      } catch (error) {
        assert(error instanceof SyntaxError, String(error));
        assert(error.message.startsWith("Cannot "), error.message);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("what is no verification set says what it is instead", () => {
  // pickle.dumps(...) of: None, ([], [True]), ([1, 2], [True]), ([b"a", b"b"], [2])
  const cases: [string, string][] = [
    ["80024e2e", "must be a pickle of two lists"],
    ["80025d5d88618 62e".replace(" ", ""), "0 images and 1 truth values"],
    ["80025d284b014b02655d8861862e", "something else at 0"],
    ["80035d28430161430162655d4b0261862e", "something else at 0"],
    ["8002636f730a73797374656d0a2e", "os.system"],
  ];
  for (const [hex, sentence] of cases) {
    assertThrows(
      () => decodeVerificationBin(Uint8Array.fromHex(hex), "x.bin"),
      SyntaxError,
      sentence,
    );
  }
  assertThrows(
    () => encodeVerificationBin({ images, same: [true] }),
    TypeError,
    "'images' must be of length 2: current value is of length 6",
  );
});
