import { assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { openWeights } from "../../src/io/mod.ts";
import {
  diffusersDitNames,
  dit,
  ditNames,
  ditS2,
} from "../../src/models/mod.ts";
import { loadWeights, saveWeights } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";

const model = dit(ditS2({
  hidden: 24,
  depth: 2,
  heads: 2,
  height: 8,
  width: 8,
  classes: 5,
}));

for (const make of [ditNames, diffusersDitNames]) {
  testOnBackends(
    `saveWeights() writes what loadWeights() reads back bit for bit, ${make.name}`,
    async () => {
      await using folder = await tempFolder();
      const path = `${folder.path}/dit.safetensors`;
      const scheme = make(model.config, model.shapes);
      using params = owned(model.init(randomStream(1)));
      await saveWeights(path, params.value, scheme, {
        metadata: { origin: "a test" },
      });
      using file = await openWeights(path);
      assertEquals(file.metadata, { origin: "a test" });
      using back = owned(await loadWeights(file, model, scheme));
      assertEquals(Object.keys(back.value), Object.keys(model.shapes));
      for (const [name, weight] of Object.entries(params.value)) {
        assertEquals(back.value[name].dataSync(), weight.dataSync(), name);
      }
    },
  );
}

testOnBackends(
  "saveWeights() has the published layout, cuts parts and repeats copies",
  async () => {
    await using folder = await tempFolder();
    const path = `${folder.path}/dit.safetensors`;
    const scheme = diffusersDitNames(model.config, model.shapes);
    using params = owned(model.init(randomStream(1)));
    await saveWeights(path, params.value, scheme);
    using file = await openWeights(path);
    const read = async (name: string): Promise<unknown> =>
      (await file.read(name)).data;
    // Our kernel is [24, 3 · 24]: keys are its columns 24 to 47, and rows of the file.
    const ours = params.value["blocks.1.attn.qkv.weight"];
    using keys = owned(
      tf.tidy(() => tf.transpose(tf.slice(ours, [0, 24], [24, 24]))),
    );
    assertEquals(
      await read("transformer_blocks.1.attn1.to_k.weight"),
      keys.value.dataSync(),
    );
    const emb = "norm1.emb.timestep_embedder.linear_1.bias";
    for (const block of [0, 1]) {
      assertEquals(
        await read(`transformer_blocks.${block}.${emb}`),
        params.value["t_embedder.mlp.0.bias"].dataSync(),
      );
    }
  },
);

testOnBackends(
  "saveWeights() writes fixed tensors and scalars, too",
  async () => {
    await using folder = await tempFolder();
    const path = `${folder.path}/a.safetensors`;
    using params = owned({ temperature: tf.scalar(3) });
    await saveWeights(path, params.value, {
      name: "a scalar",
      toOurs: (name) => name,
      toTheirs: (name) => name,
      layout: () => "same",
      constants: () => ({
        "bn.num_batches_tracked": { shape: [], data: new BigInt64Array([5n]) },
      }),
    });
    using file = await openWeights(path);
    assertEquals(
      file.entries.map(({ name, dtype, shape }) => [name, dtype, shape]),
      [
        ["bn.num_batches_tracked", "I64", []],
        ["temperature", "F32", []],
      ],
    );
    assertEquals([...(await file.read("temperature")).data], [3]);
  },
);
