import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Params,
  plainPreprocessing,
  preprocess,
  preprocessingMetadata,
  randomStream,
} from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  resizePositions,
  resnet,
  resnet18,
  torchvisionResnetNames,
  torchvisionVitNames,
  vit,
  vitS16,
} from "../../src/models/mod.ts";
import { loadEmbedder } from "../../src/stages/load_embedder.ts";
import { publishedEmbedder } from "../../src/stages/published_embedder.ts";
import { saveWeights } from "../../src/stages/save_weights.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const tensorflow = { backends: ["tensorflow"] } as const;
const size = { height: 64, width: 32 };

/** Does something with a file that is gone afterwards. */
async function withFile(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(`${folder}/weights.safetensors`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** An untrained ResNet-18 with a classifier, in the place of a download. */
async function saveResnet(
  path: string,
  metadata?: Record<string, string>,
): Promise<Params> {
  const { config, shapes, init } = resnet(resnet18({ classes: 2 }));
  const params = init(randomStream(1));
  const scheme = torchvisionResnetNames(config, shapes);
  await saveWeights(path, params, scheme, { metadata });
  return params;
}

testOnBackends("loadEmbedder() computes what the network does", async () => {
  await withFile(async (path) => {
    using params = owned(await saveResnet(path));
    using embedder = await loadEmbedder(path, { model: "resnet18", ...size });
    assertEquals(embedder.width, 512);
    tf.tidy(() => {
      const images = tf.randomUniform<tf.Rank.R4>([2, 64, 32, 3], -1, 1);
      // ImageNet's, on the scale [0, 1].
      const unit = tf.div(tf.add(images, 1), 2);
      const normal = tf.div(
        tf.sub(unit, [0.485, 0.456, 0.406]),
        [0.229, 0.224, 0.225],
      ) as tf.Tensor4D;
      const { features } = resnet(resnet18()).apply(params.value, normal);
      assertClose(embedder.embed(images), features, 1e-4);
      // And the same where a gradient is taken.
      const slope = tf.grad((x) => tf.sum(embedder.embed(x as tf.Tensor4D)));
      assert(tf.norm(slope(images)).dataSync()[0] > 0);
    });
  });
}, tensorflow);

testOnBackends("loadEmbedder() resizes positions to the images", async () => {
  await withFile(async (path) => {
    const trained = vit(vitS16({ classes: 3 })); // 224 x 224
    using params = owned(trained.init(randomStream(1)));
    const scheme = torchvisionVitNames(trained.config, trained.shapes);
    await saveWeights(path, params.value, scheme);
    using embedder = await loadEmbedder(path, {
      model: "vitS16",
      names: "torchvision",
      height: 32,
      width: 48,
      preprocessing: { mean: [0, 0, 0], deviation: [1, 1, 1] },
    });
    tf.tidy(() => {
      const images = tf.randomUniform<tf.Rank.R4>([1, 32, 48, 3], -1, 1);
      const pos_embed = resizePositions(params.value.pos_embed as tf.Tensor3D, {
        from: [14, 14],
        to: [2, 3],
      });
      const { features } = vit(vitS16({ height: 32, width: 48 }))
        .apply({ ...params.value, pos_embed }, images);
      assertClose(embedder.embed(images), features, 1e-4);
    });
  });
}, tensorflow);

testOnBackends(
  "loadEmbedder() takes and checks the file's preprocessing",
  async () => {
    await withFile(async (path) => {
      const preprocessing = {
        ...plainPreprocessing(64, 32),
        channels: "bgr",
      } as const;
      const metadata = preprocessingMetadata(preprocessing);
      using params = owned(await saveResnet(path, metadata));
      {
        using embedder = await loadEmbedder(path, { model: "resnet18" });
        assertEquals(embedder.preprocessing, preprocessing);
        tf.tidy(() => {
          const images = tf.randomUniform<tf.Rank.R4>([2, 64, 32, 3], -1, 1);
          const { features } = resnet(resnet18())
            .apply(params.value, preprocess(images, preprocessing));
          assertClose(embedder.embed(images), features, 1e-4);
        });
      }
      for (
        const [name, other, message] of [
          ["height", { height: 128 }, "64: current value is 128"],
          [
            "channels",
            { preprocessing: { channels: "rgb" } },
            "bgr: current value is rgb",
          ],
          [
            "mean",
            { preprocessing: { mean: [0, 0, 0.1] } },
            "0,0,0: current value is 0,0,0.1",
          ],
        ] as const
      ) {
        await assertRejects(
          () =>
            loadEmbedder(
              path,
              {
                model: "resnet18",
                ...other,
              } as Parameters<typeof loadEmbedder>[1],
            ),
          RangeError,
          `'${name}' must be what its file was saved with, ${message}`,
        );
      }
    });
  },
  tensorflow,
);

testOnBackends(
  "loadEmbedder()'s fingerprint tells preprocessings apart",
  async () => {
    await withFile(async (path) => {
      tf.dispose(await saveResnet(path));
      const fingerprints = new Set<string>();
      for (const channels of ["rgb", "bgr", "rgb"] as const) {
        using embedder = await loadEmbedder(path, {
          model: "resnet18",
          preprocessing: { channels },
        });
        fingerprints.add(embedder.fingerprint);
      }
      assertEquals(fingerprints.size, 2);
    });
  },
  tensorflow,
);

testOnBackends(
  "loadEmbedder() refuses weights of another network",
  async () => {
    await withFile(async (path) => {
      tf.dispose(await saveResnet(path));
      await assertRejects(
        () => loadEmbedder(path, { model: "resnet34" }),
        TypeError,
        "must hold those of torchvision's ResNet: 80 missing (layer1.2.conv1.weight",
      );
      await assertRejects(
        () => loadEmbedder(path, { model: "vitB16" }),
        TypeError,
        "missing (cls_token",
      );
    });
  },
  tensorflow,
);

Deno.test("publishedEmbedder() refuses what is not published", () => {
  assertThrows(
    () => publishedEmbedder("resnet51" as "resnet50"),
    RangeError,
    "'model' must be one of resnet18, resnet34",
  );
  assertThrows(
    () => publishedEmbedder("resnet50", { names: "insightface" }),
    RangeError,
    "'names' must be one of torchvision, timm for this model: current value is insightface",
  );
  assertThrows(
    () => publishedEmbedder("iresnet50", { height: 128, width: 128 }),
    RangeError,
    "'height, width' must be 112, 112: current value is 128, 128",
  );
});

Deno.test("publishedEmbedder() knows what each publisher does to pixels", () => {
  const mean = (...args: Parameters<typeof publishedEmbedder>) =>
    publishedEmbedder(...args).preprocessing.mean[0];
  assertEquals(mean("vitB16"), 0);
  assertClose(mean("vitB16", { names: "torchvision" }), 2 * 0.485 - 1, 1e-9);
  assertClose(mean("resnet50"), 2 * 0.485 - 1, 1e-9);
  const face = publishedEmbedder("iresnet100").preprocessing;
  assertEquals(face, plainPreprocessing(112, 112));
});
