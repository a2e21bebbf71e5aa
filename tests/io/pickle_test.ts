import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import golden from "../golden/pickles.json" with { type: "json" };
import { unpickle } from "../../src/io/pickle.ts";
import type { PickleGlobal } from "../../src/io/pickle_objects.ts";

const bytesOf = (text: string) => Uint8Array.fromBase64(text);
const latin1 = (text: string) => {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
};
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** What tests/golden/pickles.py pickles. */
const plain: [string, unknown][] = [
  ["none", null],
  ["flags", [true, false]],
  [
    "integers",
    [
      ...[0, -1, 255, 256, 65535, 65536, -(2 ** 31), 2 ** 31],
      ...[2 ** 53 - 1, -(2 ** 53) + 1],
    ],
  ],
  [
    "wide",
    [2n ** 53n, -(2n ** 53n), 2n ** 63n, -(2n ** 80n), 2n ** 2100n],
  ],
  ["floats", [0.5, -1e300, 1e-5, Infinity, -Infinity]],
  ["text", ["", "é€😀", "line\nend\\u0041 \\ 'quotes\"", "x".repeat(300)]],
  [
    "bytes",
    [new Uint8Array(), Uint8Array.from(range(256)), latin1("y".repeat(300))],
  ],
  ["bytearray", new Uint8Array([0, 255])],
  ["tuples", [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]],
  [
    "nested",
    new Map<unknown, unknown>([
      ["a", new Map([["b", [new Map([["c", []]])]]])],
      [3, "three"],
      [[1, 2], "tuple"],
    ]),
  ],
  ["sets", [new Set(), new Set([1]), new Set([2]), new Set()]],
  ["shared", [["shared"], ["shared"]]],
  ["many", range(300)],
];

Deno.test("every protocol gives the object that Python pickled", () => {
  golden.plain.forEach((text, protocol) => {
    const value = unpickle(bytesOf(text)) as Map<string, unknown>;
    assertEquals([...value.keys()], plain.map(([name]) => name));
    for (const [name, wanted] of plain) {
      assertEquals(value.get(name), wanted, `${name}, protocol ${protocol}`);
    }
    const [first, second] = value.get("shared") as unknown[];
    assertStrictEquals(first, second);
  });
});

Deno.test("strings of Python 2 are kept as bytes", () => {
  const { protocol0, protocol2 } = golden.python2;
  const [[, first]] = [
    ...unpickle(bytesOf(protocol0)) as Map<unknown, unknown>,
  ];
  assertEquals(first, [
    new Uint8Array([0xff, 0xd8, 0x27, 0x22, 10]),
    true,
    12,
    34,
  ]);
  const [[key, second]] = [
    ...unpickle(bytesOf(protocol2)) as Map<unknown, unknown>,
  ];
  assertEquals(key, latin1("images"));
  assertEquals(second, [latin1("\xff\xd8"), latin1("abc"), true, 12]);
});

Deno.test("only what `globals` names is called, and hears the rest of its object", () => {
  for (const text of golden.ordered) {
    const value = unpickle(bytesOf(text), {
      globals: {
        "collections.OrderedDict": (items = []) =>
          new Map(items as [unknown, unknown][]),
      },
    });
    assertEquals(value, new Map([["b", 1], ["a", 2]]));
  }
  for (const text of golden.state) {
    const states: unknown[] = [];
    const person = { setState: (state: unknown) => states.push(state) };
    // Before protocol 2 Python spells out how an object is made.
    const make = () => person;
    const value = unpickle(bytesOf(text), {
      globals: {
        "__main__.Person": make,
        "copy_reg._reconstructor": make,
        "__builtin__.object": make,
      },
    });
    assertStrictEquals(value, person);
    assertEquals(states, [new Map([["name", "nobody"]])]);
  }
  for (const text of golden.date) {
    const value = unpickle(bytesOf(text), {
      globals: { "datetime.date": (state) => [...state as Uint8Array] },
    });
    assertEquals(value, [2020 >> 8, 2020 & 255, 1, 2]);
  }
});

Deno.test("a pickle that calls os.system or eval is refused by name, and runs nothing", () => {
  const marker = "/tmp/outis-was-executed";
  for (const text of golden.system) {
    assertThrows(
      () => unpickle(bytesOf(text), { source: "evil.pt" }),
      SyntaxError,
      "Cannot unpickle as 'evil.pt' must be free of calls to unknown code: current value is posix.system",
    );
  }
  for (const text of golden.eval) {
    const error = assertThrows(() => unpickle(bytesOf(text)), SyntaxError);
    assertEquals(/(builtins|__builtin__)\.eval$/.test(error.message), true);
  }
  assertThrows(() => Deno.statSync(marker), Deno.errors.NotFound);
  // Names that JavaScript's objects have without anyone giving them.
  for (const name of ["constructor", "__proto__", "toString"]) {
    assertThrows(
      () => unpickle(latin1(`c${name}\n${name}\n.`)),
      SyntaxError,
      "unknown code",
    );
  }
  assertThrows(
    () => unpickle(latin1("I1\n(I2\ntR.")),
    SyntaxError,
    "a call of 1",
  );
});

Deno.test("persistent ids go to the caller, with the globals they name", () => {
  const pickle = latin1("(S'storage'\nctorch\nFloatStorage\ntQ.");
  const value = unpickle(pickle, {
    globals: { "torch.FloatStorage": () => null },
    persistentLoad: (id) => id,
  }) as unknown[];
  assertEquals(value[0], latin1("storage"));
  assertEquals((value[1] as PickleGlobal).name, "torch.FloatStorage");
  assertEquals(unpickle(latin1("P7\n."), { persistentLoad: (id) => id }), "7");
  assertThrows(() => unpickle(latin1("P7\n.")), SyntaxError, "persistent");
});

Deno.test("bytes behind the end are left alone", () => {
  assertEquals(unpickle(latin1("K\x05.garbage")), 5);
});

Deno.test("every truncation is one sentence", () => {
  for (const [protocol, text] of golden.ordered.entries()) {
    const bytes = bytesOf(text);
    const globals = { "collections.OrderedDict": () => new Map() };
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      assertThrows(
        () => unpickle(cut, { globals }),
        SyntaxError,
        "Cannot unpickle as 'pickle' must be",
        `protocol ${protocol}, ${length} bytes`,
      );
    }
  }
});

Deno.test("lengths, depths and counts that cannot be are refused before memory is taken", () => {
  const cases: [string, string][] = [
    ["B\xff\xff\xff\xff.", "4294967295 bytes"],
    ["\x8e\xff\xff\xff\xff\xff\xff\xff\xff.", "complete"],
    ["\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.", "complete"],
    ["\x96\x00\x00\x00\x00\x01\x00\x00\x00.", "complete"],
    ["\x8b\x00\x00\x10\x00" + "\x01".repeat(0x100000) + ".", "an integer"],
    [`L${"9".repeat(1e5)}L\n.`, "an integer"],
    [`F${"1".repeat(1e6)}x\n.`, "a float"],
    ["(".repeat(1e6), "levels"],
    ["0]".repeat(3) + ".", "an empty stack"],
    ["N0".repeat(2.5e6), "4000000 opcodes"],
    ["j\xff\xff\xff\xff.", "memo 4294967295 unset"],
    ["gnothing\n.", "memo NaN unset"],
    ["t.", "a missing mark"],
    ["](0e.", "a missing mark"],
    ["}(I1\nu.", "half an entry"],
    ["I1\nI2\na.", "items put into 1"],
    ["}Nb.", "a state of"],
    ["I1x\n.", "an integer"],
    ["S'a\n.", "a string"],
    ["X\x01\x00\x00\x00\xff.", "UTF-8"],
    ["\x80\x06N.", "protocol 0 to 5"],
    ["\x82\x01.", "known opcodes"],
    ["<html>", "known opcodes"],
  ];
  for (const [text, sentence] of cases) {
    assertThrows(() => unpickle(latin1(text)), SyntaxError, sentence);
  }
});

Deno.test("no bytes make it crash or hang", () => {
  const opcodes =
    "(012pqr\x94ghjN\x88\x89IJKMLFGSTUBCXV])}l t\x85\x86\x87\x8fdaesuciRb\x81oPQ.\n\x80\x02";
  const program = fc.array(
    fc.oneof(
      fc.constantFrom(...opcodes).map((letter) => letter.charCodeAt(0)),
      fc.integer({ min: 0, max: 255 }),
    ),
    { maxLength: 60 },
  );
  const check = (bytes: Uint8Array) => {
    try {
      unpickle(bytes, { persistentLoad: () => null });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  };
  fc.assert(fc.property(program, (bytes) => check(Uint8Array.from(bytes))), {
    numRuns: 5000,
  });
  // A byte of a real pickle changed.
  const real = bytesOf(golden.plain[4]).subarray(0, 800);
  const places = fc.tuple(
    fc.integer({ min: 0, max: real.length - 1 }),
    fc.integer({ min: 0, max: 255 }),
  );
  fc.assert(
    fc.property(places, ([at, value]) => check(real.with(at, value))),
    { numRuns: 3000 },
  );
});
