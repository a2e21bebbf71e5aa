import { assertEquals } from "@std/assert";
import { owned, type tf } from "../../src/engine/mod.ts";
import { openWeights } from "../../src/io/mod.ts";
import {
  insightfaceNames,
  iresnet,
  type NameScheme,
  resnet,
  timmVitNames,
  torchvisionResnetNames,
  torchvisionVitNames,
  vit,
} from "../../src/models/mod.ts";
import { loadWeights } from "../../src/stages/load_weights.ts";
import { saveWeights } from "../../src/stages/save_weights.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import faces from "../golden/iresnet.json" with { type: "json" };
import residual from "../golden/resnet.json" with { type: "json" };
import transformers from "../golden/vit.json" with { type: "json" };
import { type GoldenCase, goldenWeights } from "../models/golden_network.ts";

/** A network of each kind, beside the state of its twin in PyTorch. */
function networks(): {
  title: string;
  golden: GoldenCase;
  shapes: Record<string, number[]>;
  scheme: NameScheme;
}[] {
  const first = residual.cases[0] as unknown as GoldenCase & {
    config: Parameters<typeof resnet>[0];
  };
  const face = faces.cases[0] as unknown as GoldenCase & {
    config: Parameters<typeof iresnet>[0];
  };
  const network = resnet(first.config);
  const { shapes } = iresnet(face.config);
  const schemes = { timm: timmVitNames, torchvision: torchvisionVitNames };
  return [
    {
      title: "torchvision's ResNet",
      golden: first,
      shapes: network.shapes,
      scheme: torchvisionResnetNames(first.config, network.shapes),
    },
    {
      title: "insightface's IResNet",
      golden: face,
      shapes,
      scheme: insightfaceNames(shapes),
    },
    ...transformers.cases.map((one) => {
      const names = one.names as keyof typeof schemes;
      const { shapes } = vit(one.config);
      return {
        title: `${names}'s vision transformer`,
        golden: one as unknown as GoldenCase,
        shapes,
        scheme: schemes[names](one.config, shapes),
      };
    }),
  ];
}

for (const { title, golden, shapes, scheme } of networks()) {
  testOnBackends(
    `saveWeights() writes the whole state of ${title}`,
    async () => {
      const folder = await Deno.makeTempDir();
      try {
        const path = `${folder}/weights.safetensors`;
        const none = () => ({ results: {}, statistics: {} });
        using params = owned(
          await goldenWeights(golden, { shapes, scheme, apply: none }),
        );
        await saveWeights(path, params.value, scheme);
        using file = await openWeights(path);
        assertEquals(
          Object.fromEntries(
            file.entries.map(({ name, shape }) => [name, shape]),
          ),
          golden.state,
        );
        for (const { name, dtype } of file.entries) {
          const isCounter = name.endsWith("num_batches_tracked");
          assertEquals([name, dtype], [name, isCounter ? "I64" : "F32"]);
        }
        using again = owned(await loadWeights(file, { shapes }, scheme));
        for (const [name, tensor] of Object.entries(params.value)) {
          assertClose(again.value[name], tensor as tf.Tensor, 0);
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
    { backends: ["tensorflow"] },
  );
}
