import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  autoencoderKl,
  autoencoderKlNames,
  diffusersDitNames,
  dit,
  ditNames,
  ditS8,
  latentDiffusionNames,
  oldAutoencoderKlNames,
  stableDiffusionAutoencoder,
} from "../../src/models/mod.ts";
import {
  importGenerator,
  loadGenerator,
  makeSampler,
  saveGenerator,
  saveWeights,
} from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";

const ditSizes = { heads: 2 };
const autoencoderSizes = { widths: [4, 4, 4, 4], groups: 2, blocks: 1 };
const denoiser = dit(ditS8({
  hidden: 24,
  depth: 1,
  heads: 2,
  height: 16,
  width: 16,
  classes: 5,
}));
const vae = autoencoderKl(
  stableDiffusionAutoencoder({ height: 128, width: 128, ...autoencoderSizes }),
);
const prefix = "first_stage_model.";
const ditSchemes = [ditNames, diffusersDitNames];
const vaeSchemes = [
  autoencoderKlNames,
  oldAutoencoderKlNames,
  (shapes: typeof vae.shapes) => latentDiffusionNames(shapes),
  (shapes: typeof vae.shapes) => latentDiffusionNames(shapes, { prefix }),
];

/** Files of both networks' weights. */
async function write(
  folder: string,
  [ditScheme, vaeScheme]: [number, number],
): Promise<{ dit: string; autoencoder: string; params: Params }> {
  const files = {
    dit: `${folder}/dit.safetensors`,
    autoencoder: `${folder}/vae.safetensors`,
  };
  const params = denoiser.init(randomStream(1));
  await saveWeights(
    files.dit,
    params,
    ditSchemes[ditScheme](denoiser.config, denoiser.shapes),
  );
  using others = owned(vae.init(randomStream(2)));
  const scheme = vaeSchemes[vaeScheme](vae.shapes);
  await saveWeights(files.autoencoder, others.value, scheme);
  return { ...files, params };
}

for (const [i, j] of [[0, 0], [1, 1], [0, 2], [1, 3]] as const) {
  testOnBackends(
    `importGenerator() finds out the names (kind ${i} of DiT, ${j} of autoencoder)`,
    async () => {
      await using folder = await tempFolder();
      const { params, ...files } = await write(folder.path, [i, j]);
      using kept = owned(params);
      const parts = new Set<string>();
      const generator = await importGenerator({
        ...files,
        // diffusers' files do not hold the positions, whose number would tell the size.
        ...(i === 1 ? { height: 128, width: 128 } : {}),
        ditSizes,
        autoencoderSizes,
        onProgress: (part) => parts.add(part),
      });
      assertEquals(generator.config.dit, denoiser.config);
      assertEquals(generator.config.autoencoder, vae.config);
      assertEquals([...parts], ["autoencoder", "dit"]);
      const name = "blocks.0.attn.qkv.weight";
      assertEquals(
        generator.params.dit[name].dataSync(),
        kept.value[name].dataSync(),
      );
      generator.dispose();
    },
  );
}

testOnBackends(
  "an imported generator samples, and is saved and loaded like any other",
  async () => {
    await using folder = await tempFolder();
    const { params, ...files } = await write(folder.path, [0, 0]);
    tf.dispose(params);
    const generator = await importGenerator({
      ...files,
      ditSizes,
      autoencoderSizes,
      identities: ["a", "b"],
    });
    await saveGenerator(`${folder.path}/prior`, generator);
    const back = await loadGenerator(`${folder.path}/prior`);
    assertEquals(back.config, generator.config);
    const images = [generator, back].map((one) => {
      const sampler = makeSampler(one, {
        samplingSteps: 2,
        guidance: 2,
        guidanceChannels: 3,
        precision: "bfloat16",
      });
      const key = { label: 0, random: randomStream(3) };
      const pixels = tf.tidy(() => {
        const latents = sampler.run(one.params.dit, [key]);
        const decoded = one.decode(latents);
        assertEquals(decoded.shape, [1, 128, 128, 3]);
        return decoded.dataSync();
      });
      sampler.dispose();
      one.dispose();
      return pixels;
    });
    assertEquals(images[0], images[1]);
    assert(images[0].every(Number.isFinite));
  },
);

testOnBackends(
  "importGenerator() makes images of another size, with positions of its own",
  async () => {
    await using folder = await tempFolder();
    const { params, ...files } = await write(folder.path, [0, 0]);
    tf.dispose(params);
    const generator = await importGenerator({
      ...files,
      height: 256,
      width: 128,
      ditSizes,
      autoencoderSizes,
    });
    assertEquals(generator.autoencoder.latentShape, [32, 16, 4]);
    assertEquals(generator.config.dit.height, 32);
    generator.dispose();
  },
);

testOnBackends(
  "importGenerator() refuses files that are swapped, and keeps nothing",
  async () => {
    await using folder = await tempFolder();
    const { params, dit, autoencoder } = await write(folder.path, [0, 0]);
    tf.dispose(params);
    await assertRejects(
      () => importGenerator({ dit: autoencoder, autoencoder: dit }),
      TypeError,
      "Cannot load a DiT as the file must hold x_embedder.proj.weight",
    );
    await assertRejects(
      () => importGenerator({ dit, autoencoder: dit, ditSizes }),
      TypeError,
      `Cannot load weights as '${dit}' must hold those of diffusers AutoencoderKL: 248 missing`,
    );
  },
);
