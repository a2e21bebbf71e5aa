import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/mod.ts";
import type { TensorFlowBackend } from "../../../src/engine/tensorflow/backend.ts";
import {
  opSignature,
  parseOpDef,
} from "../../../src/engine/tensorflow/op_signature.ts";
import { testOnBackends } from "../../support/backends.ts";

const only = { backends: ["tensorflow"] } as const;

/** A field with a length: key = number · 8 + 2. */
const field = (number: number, content: number[] | string) => {
  const bytes = typeof content === "string"
    ? [...new TextEncoder().encode(content)]
    : content;
  return [number * 8 + 2, bytes.length, ...bytes];
};

Deno.test("parseOpDef() tells lists from single inputs", () => {
  const bytes = Uint8Array.from([
    ...field(1, "Concat"), // name
    ...field(2, [...field(1, "values"), ...field(4, "T"), ...field(5, "N")]),
    ...field(2, [...field(1, "axis"), ...field(3, [3])]),
    ...field(2, [...field(1, "extra"), ...field(6, "Types")]),
    ...field(3, [...field(1, "output"), ...field(5, "M")]), // outputs do not count
  ]);
  assertEquals(parseOpDef(bytes), {
    lists: [true, false, true],
    inferred: new Set(["N", "Types"]),
  });
});

Deno.test("parseOpDef() passes over fields of every wire type", () => {
  const bytes = Uint8Array.from([
    ...[16 * 8 % 128 | 128, 1, 150 | 128, 1], // field 16, varint 150 in two bytes
    ...[9 * 8 + 1, 2, 2, 2, 2, 2, 2, 2, 2], // 64 bits
    ...[9 * 8 + 5, 2, 2, 2, 2], // 32 bits
    ...field(2, [...[3 * 8, 1], ...field(1, "x")]), // an input with a varint (its dtype)
    ...[2 * 8, 5], // a varint under the number of inputs is none
  ]);
  assertEquals(parseOpDef(bytes), { lists: [false], inferred: new Set() });
});

Deno.test("parseOpDef() reads lengths above 127", () => {
  const name = "n".repeat(200);
  const input = [
    1 * 8 + 2,
    200 & 127 | 128,
    1,
    ...new TextEncoder().encode(name),
  ];
  const length = input.length; // 203
  const bytes = Uint8Array.from([
    2 * 8 + 2,
    length & 127 | 128,
    length >> 7,
    ...input,
    ...field(2, field(5, "N")),
  ]);
  assertEquals(parseOpDef(bytes).lists, [false, true]);
});

Deno.test("parseOpDef() takes an empty name of a list for none, and no bytes for no inputs", () => {
  const bytes = Uint8Array.from(field(2, field(5, "")));
  assertEquals(parseOpDef(bytes).lists, [false]);
  assertEquals(parseOpDef(new Uint8Array()).lists, []);
});

const known: [name: string, lists: boolean[], inferred: string[]][] = [
  ["MatMul", [false, false], []],
  ["ConcatV2", [true, false], ["N"]],
  ["Pack", [true], ["N"]],
  ["AddN", [true], ["N"]],
  ["Einsum", [true], ["N"]],
  ["IdentityN", [true], ["T"]],
  ["Split", [false, false], []], // num_split belongs to the outputs
  ["SplitV", [false, false, false], []],
  ["Const", [], []],
];

testOnBackends("opSignature() reads TensorFlow's own definitions", () => {
  const { library } = (tf.backend() as TensorFlowBackend).binding;
  const graph = library.symbols.TF_NewGraph()!;
  for (const [name, lists, inferred] of known) {
    const signature = opSignature(library, graph, name);
    assertEquals(signature, { lists, inferred: new Set(inferred) }, name);
  }
  assertThrows(
    () => opSignature(library, graph, "NoSuchOperation"),
    Error,
    "Cannot find operation 'NoSuchOperation'",
  );
  library.symbols.TF_DeleteGraph(graph);
}, only);
