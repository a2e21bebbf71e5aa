import { assertEquals, assertThrows } from "@std/assert";
import { OpaqueObject, TorchTensor } from "../../src/io/torch_objects.ts";
import { findStateDict } from "../../src/io/torch_state_dict.ts";

function tensor(...shape: number[]): TorchTensor {
  const storage = { key: "0", dtype: "F32", type: "", count: 0, start: 0 };
  return new TorchTensor(storage as never, 0, shape, [], "F32");
}

const map = (entries: { [name: string]: unknown }) =>
  new Map(Object.entries(entries));

Deno.test("weights are found at the top, or in dictionaries, or in dictionaries of those", () => {
  const weights = map({ weight: tensor(10), bias: tensor(1) });
  const cases: [unknown, string][] = [
    [weights, ""],
    [map({ state_dict: weights }), "state_dict"],
    [map({ checkpoint: map({ model: weights }) }), "checkpoint.model"],
  ];
  for (const [content, group] of cases) {
    const found = findStateDict(content, "a.pt");
    assertEquals([found.group, found.groups], [group, [group]]);
    assertEquals([...found.tensors.keys()], ["weight", "bias"]);
  }
});

Deno.test("states of optimisers are no weights: their keys are numbers", () => {
  const state = new Map([[0, map({ exp_avg: tensor(10) })]]);
  const content = map({
    model: map({ weight: tensor(10) }),
    optimizer: map({ state, param_groups: [] }),
    config: new OpaqueObject("argparse.Namespace"),
    scores: [1, 2],
    step: 3,
    name: new TextEncoder().encode("DiT"),
  });
  const found = findStateDict(content, "a.pt");
  assertEquals(found.groups, ["model"]);
  assertEquals(found.metadata, { step: "3", name: "DiT" });
  assertEquals(found.skipped, [
    "optimizer (a dict of 2)",
    "config (argparse.Namespace)",
    "scores (a sequence of 2)",
  ]);
});

Deno.test("of several groups one has to be chosen", () => {
  const content = map({
    generator: map({ a: tensor(3) }),
    discriminator: map({ b: tensor(2) }),
  });
  for (const group of [undefined, "generator.a", "none"]) {
    assertThrows(
      () => findStateDict(content, "gan.pt", group),
      RangeError,
      `'group' must be one of generator, discriminator in gan.pt: current value is ${
        group ?? "none"
      }`,
    );
  }
  const { tensors } = findStateDict(content, "gan.pt", "discriminator");
  assertEquals([...tensors.keys()], ["b"]);
  const all = findStateDict(content, "gan.pt", "*");
  assertEquals([...all.tensors.keys()], ["generator/a", "discriminator/b"]);
});

Deno.test("the top is chosen by a dot", () => {
  const content = map({ a: tensor(3), ema: map({ a: tensor(3) }) });
  assertThrows(
    () => findStateDict(content, "a.pt"),
    RangeError,
    "must be one of ema, . (the top) in a.pt: current value is none",
  );
  assertEquals(findStateDict(content, "a.pt", ".").group, "");
});

Deno.test("weights that are there twice are one group", () => {
  const weights = map({ a: tensor(3) });
  const found = findStateDict(map({ model: weights, ema: weights }), "a.pt");
  assertEquals(found.groups, ["model"]);
});

Deno.test("a name that is there as text and as bytes is refused", () => {
  const content = new Map<unknown, unknown>([
    ["a", tensor(1)],
    [new Uint8Array([0x61]), tensor(1)],
  ]);
  assertThrows(
    () => findStateDict(content, "a.pt"),
    SyntaxError,
    "must be without repeated names: current value is a",
  );
});

Deno.test("dictionaries that hold themselves, or lie deep, come to an end", () => {
  const loop = new Map<string, unknown>();
  loop.set("self", loop);
  let deep: unknown = map({ a: tensor(1) });
  for (let i = 0; i < 1e5; i++) deep = map({ deeper: deep });
  for (const content of [loop, deep, null, [tensor(1)], tensor(1)]) {
    assertThrows(
      () => findStateDict(content, "a.pt"),
      SyntaxError,
      "must be a dictionary of tensors by name",
    );
  }
});
