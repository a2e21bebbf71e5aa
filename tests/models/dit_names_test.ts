import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  diffusersDitNames,
  dit,
  ditConfigFrom,
  ditNames,
  ditS2,
  ditXL4,
  layoutShape,
} from "../../src/models/mod.ts";
import golden from "../golden/autoencoder_kl.json" with { type: "json" };

// The sizes of the golden script's transformer.
const config = ditS2({
  hidden: 24,
  depth: 2,
  heads: 2,
  height: 8,
  width: 8,
  classes: 5,
});
const { shapes } = dit(config);
const published: { [name: string]: number[] } = golden.names.dit;

Deno.test("ditNames() are the names and shapes of the published state", () => {
  const scheme = ditNames(config, shapes);
  const theirs = Object.keys(shapes).map((name) => [
    scheme.toTheirs(name) as string,
    layoutShape(scheme.layout(name), shapes[name]),
  ]);
  const constants = Object.entries(scheme.constants!())
    .map(([name, { shape }]) => [name, shape]);
  assertEquals(Object.fromEntries([...theirs, ...constants]), published);
});

Deno.test("diffusersDitNames() are diffusers' names, with parts and copies", () => {
  const scheme = diffusersDitNames(config, shapes);
  const theirs = Object.keys(shapes).flatMap((name) => scheme.toTheirs(name));
  assertEquals(theirs.toSorted(), golden.names.diffusersDit);
  for (const name of Object.keys(shapes)) {
    for (const theirName of [scheme.toTheirs(name)].flat()) {
      assertEquals(scheme.toOurs(theirName), name);
    }
  }
  assertEquals(scheme.several?.("blocks.1.attn.qkv.bias"), "parts");
  assertEquals(scheme.several?.("t_embedder.mlp.0.weight"), "copies");
  assert(scheme.ignored?.("pos_embed.pos_embed"));
});

Deno.test("ditConfigFrom() reads the sizes off the shapes of both kinds of file", () => {
  const original = Object.entries(published)
    .map(([name, shape]) => ({ name, shape }));
  // One head per 64 channels is a guess that does not hold here.
  assertEquals(ditConfigFrom(original, { heads: 2 }), config);
  const large = dit(ditXL4({ learnSigma: false }));
  const scheme = diffusersDitNames(large.config, large.shapes);
  const entries = Object.entries(large.shapes).flatMap(([name, shape]) => {
    const theirs = [scheme.toTheirs(name)].flat();
    const parts = scheme.several?.(name) === "copies" ? 1 : theirs.length;
    const [rows, ...rest] = layoutShape(scheme.layout(name), shape);
    return theirs.map((theirName) => ({
      name: theirName,
      shape: [rows / parts, ...rest],
    }));
  });
  assertEquals(ditConfigFrom(entries), large.config);
  assertEquals(ditConfigFrom(entries, { height: 16 }).height, 16);
});

Deno.test("ditConfigFrom() refuses what is no diffusion transformer", () => {
  assertThrows(
    () => ditConfigFrom([{ name: "fc.weight", shape: [2, 3] }]),
    TypeError,
    "Cannot load a DiT as the file must hold x_embedder.proj.weight or pos_embed.proj.weight: there is none among its 1 tensors",
  );
});
