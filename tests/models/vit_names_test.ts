import { assertEquals } from "@std/assert";
import {
  timmVitNames,
  torchvisionVitNames,
  vit,
  vitS16,
} from "../../src/models/mod.ts";

const bare = vit(vitS16());
const classified = vit(vitS16({ classes: 10 }));

Deno.test("torchvisionVitNames() gives every weight a name of its own, and back", () => {
  const { config, shapes } = classified;
  const scheme = torchvisionVitNames(config, shapes);
  const theirs = Object.keys(shapes).map((name) =>
    scheme.toTheirs(name) as string
  );
  assertEquals(new Set(theirs).size, theirs.length);
  assertEquals(
    theirs.map((name) => scheme.toOurs(name)),
    Object.keys(shapes),
  );
  assertEquals(
    scheme.toTheirs("blocks.11.attn.qkv.weight"),
    "encoder.layers.encoder_layer_11.self_attention.in_proj_weight",
  );
  assertEquals(
    scheme.toTheirs("blocks.0.mlp.fc2.bias"),
    "encoder.layers.encoder_layer_0.mlp.3.bias",
  );
});

Deno.test("names of transformers pass over a classifier only without one", () => {
  for (
    const [names, head] of [
      [timmVitNames, "head.weight"],
      [torchvisionVitNames, "heads.head.weight"],
    ] as const
  ) {
    assertEquals(names(bare.config, bare.shapes).ignored?.(head), true);
    const { config, shapes } = classified;
    assertEquals(names(config, shapes).ignored?.(head), false);
  }
});
