import {
  type Embedder,
  type Params,
  randomStream,
} from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import {
  autoencoder,
  dit,
  type DitConfig,
  recognizer,
  smallAutoencoder,
  smallDit,
  smallRecognizer,
} from "../../src/models/mod.ts";
import {
  type Generator,
  makeGenerator,
  pretrain,
  type PretrainOptions,
  recognizerEmbedder,
} from "../../src/stages/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";

/** Side of the pictures, pixels. */
export const TINY_SIZE = 16;

const vaeSizes = smallAutoencoder({
  height: TINY_SIZE,
  width: TINY_SIZE,
  widths: [8, 8, 8],
  latentChannels: 4,
});

/** Four tokens of width 32, one block as the published model has them. */
const ditSizes = smallDit({
  height: 2,
  width: 2,
  channels: 4,
  patch: 1,
  hidden: 32,
  depth: 1,
  heads: 2,
  sharedModulation: false,
});

/** Trains the smallest prior there can be, by the same code as the shipped one. */
export async function tinyPrior(
  options: PretrainOptions = {},
): Promise<Generator> {
  const { patch, hidden, depth, heads, sharedModulation } = ditSizes;
  const [prior] = await pretrain({
    worlds: ["faces"],
    identities: 4,
    imagesPerIdentity: 3,
    textures: 4,
    autoencoderSteps: 2,
    criticSteps: 1,
    decoderSteps: 2,
    denoiserSteps: 3,
    autoencoder: vaeSizes,
    dit: { patch, hidden, depth, heads, sharedModulation },
    ...options,
  });
  return prior;
}

/**
 * A generator of random weights: nothing to train, and no zeros that hide a
 * wrong gradient.
 *
 * @param identities What its classes stand for.
 * @param form Sizes of the transformer that differ.
 */
export function tinyGenerator(
  identities: string[] = ["ada", "bob", "cyd"],
  form: Partial<DitConfig> = {},
): Generator {
  const random = randomStream(7, "tiny generator");
  const sizes = { ...ditSizes, ...form, classes: identities.length };
  return makeGenerator({
    schema: 1,
    autoencoder: vaeSizes,
    dit: sizes,
    diffusion: { kind: "cosine", steps: 1000, prediction: "velocity" },
    identities,
  }, {
    autoencoder: autoencoder(vaeSizes).init(random.fork("autoencoder")),
    dit: shaken(dit(sizes).init(random.fork("dit"))),
  });
}

/** Takes weights over and returns them with noise added. */
function shaken(params: Params): Params {
  const random = randomStream(8, "shake");
  return tf.tidy(() =>
    Object.fromEntries(
      Object.entries(params).map(([name, w]) => {
        const noise = tf.tensor(random.fork(name).normals(w.size), w.shape);
        const moved = tf.add(w, tf.mul(0.1, noise));
        w.dispose();
        return [name, moved];
      }),
    )
  );
}

/** Procedural people, as an image set. */
export function tinyFaces(
  identities: number,
  imagesPerIdentity: number,
  options: { names?: string[]; seed?: number; size?: number } = {},
): ImageSet {
  const faces = proceduralFaces({
    identities,
    imagesPerIdentity,
    size: options.size ?? TINY_SIZE,
    seed: options.seed ?? 3,
    cameraRange: 0.35,
    occlusion: 0,
    ageRange: 0,
  });
  const { images, height, width, count, labels, paths, problems } = faces;
  const { identities: names } = faces;
  return {
    images,
    height,
    width,
    count,
    labels,
    identities: options.names ?? names,
    paths,
    problems,
  };
}

/** An untrained recogniser's features; to be disposed. */
export async function tinyEmbedder(
  seed = 5,
): Promise<Embedder & Disposable> {
  const model = recognizer(smallRecognizer({
    height: TINY_SIZE,
    width: TINY_SIZE,
    widths: [8, 8, 8, 32],
    features: 8,
  }));
  const params = model.init(randomStream(seed, "tiny embedder"));
  const embedder = await recognizerEmbedder(model, params);
  return { ...embedder, [Symbol.dispose]: () => tf.dispose(params) };
}
