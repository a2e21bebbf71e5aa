import { assert, assertEquals, assertRejects } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { readSafetensors, writeSafetensors } from "../../src/io/mod.ts";
import { trainableNetwork } from "../../src/models/mod.ts";
import {
  loadEmbedder,
  loadRecognizer,
  recognizerEmbedder,
  saveRecognizer,
  startWeights,
  trainRecognizer,
} from "../../src/stages/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { NETWORK_SIZE, tinyNetworks } from "./tiny_networks.ts";

const faces = proceduralFaces({
  identities: 3,
  imagesPerIdentity: 2,
  size: NETWORK_SIZE,
});

for (const [kind, description] of Object.entries(tinyNetworks)) {
  testOnBackends(
    `a ${kind} is trained, saved, and loaded as the same embedder by its path alone`,
    async () => {
      await using folder = await tempFolder();
      const path = `${folder.path}/recognizer.safetensors`;
      const network = trainableNetwork(description);
      const { params, head } = await trainRecognizer(network, faces, {
        steps: 2,
        batchSize: 6,
      });
      await saveRecognizer(path, { network, params }, {
        metadata: { made: "here" },
      });
      const { metadata, tensors } = await readSafetensors(path);
      assertEquals(metadata.made, "here");
      assertEquals(JSON.parse(metadata.network), description);
      assert(!("head.weight" in tensors));
      {
        using embedder = await loadEmbedder(path);
        using before = await recognizerEmbedder(network, params);
        using images = owned(
          tf.randomUniform<tf.Rank.R4>([2, 32, 32, 3], -1, 1),
        );
        using features = owned(embedder.embed(images.value));
        using expected = owned(before.embed(images.value));
        assertClose(features.value, expected.value, 1e-5);
        assertEquals(embedder.width, network.width);
        assertEquals(embedder.preprocessing, network.preprocessing);
        await assertRejects(
          () => loadEmbedder(path, { height: 64 }),
          RangeError,
          "'height' must be what its file was saved with, 32: current value is 64",
        );
      }
      tf.dispose([params, head]);
    },
    { backends: ["tensorflow"] },
  );
}

testOnBackends(
  "weights of a network without a neck begin one with a neck",
  async () => {
    await using folder = await tempFolder();
    const path = `${folder.path}/recognizer.safetensors`;
    const { config, ...rest } = tinyNetworks.resnet as {
      config: { neck: boolean };
    };
    const plain = trainableNetwork(
      {
        ...rest,
        config: { ...config, neck: false },
      } as typeof tinyNetworks.resnet,
    );
    using params = owned(plain.init(randomStream(1)));
    await saveRecognizer(path, { network: plain, params: params.value });
    using start = owned(
      await startWeights(path, trainableNetwork(tinyNetworks.resnet)),
    );
    assertEquals(
      Object.keys(start.value).sort(),
      Object.keys(params.value).sort(),
    );
    assertClose(start.value["conv1.weight"], params.value["conv1.weight"]);
    await assertRejects(
      () => startWeights(path, trainableNetwork(tinyNetworks.vit)),
      RangeError,
      "must hold some of timm's vision transformer",
    );
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "files that tell no network, or none that can be, are refused",
  async () => {
    await using folder = await tempFolder();
    const path = `${folder.path}/other.safetensors`;
    const tensors = { w: { shape: [1], data: new Float32Array(1) } };
    await writeSafetensors(path, tensors);
    for (const load of [loadEmbedder, loadRecognizer]) {
      await assertRejects(
        () => load(path),
        RangeError,
        `'${path}' must tell what network it holds`,
      );
    }
    for (const network of ["{", '{"kind":"none"}', '{"kind":"vit"}']) {
      await writeSafetensors(path, tensors, { metadata: { network } });
      await assertRejects(
        () => loadRecognizer(path),
        SyntaxError,
        `must describe a network: current value is ${network}`,
      );
    }
  },
  { backends: ["wasm"] },
);
