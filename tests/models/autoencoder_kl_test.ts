import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Params } from "../../src/core/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import {
  autoencoderKl,
  type AutoencoderKlConfig,
  autoencoderKlNames,
  fromLayout,
  latentDiffusionNames,
  layoutShape,
  oldAutoencoderKlNames,
  stableDiffusionAutoencoder,
} from "../../src/models/mod.ts";
import golden from "../golden/autoencoder_kl.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { goldenValues } from "./golden_values.ts";

const { widths, blocks, groups, latent, scale } = golden.size;
const { height, width } = golden;
const config: AutoencoderKlConfig = {
  kind: "kl",
  height,
  width,
  latentChannels: latent,
  widths,
  blocks,
  groups,
  scale,
};
const model = autoencoderKl(config);
const names = latentDiffusionNames(model.shapes);
const shapes: { [name: string]: number[] } = golden.names.latentDiffusion;

/** The golden weights, through the original names. */
function goldenParams(): Params {
  const params: Params = {};
  Object.keys(shapes).toSorted().forEach((theirName, number) => {
    const ourName = names.toOurs(theirName)!;
    const theirs = tf.tensor(
      goldenValues(theirName, shapes[theirName], number),
      shapes[theirName],
    );
    params[ourName] = fromLayout(names.layout(ourName), theirs);
  });
  return params;
}

const images = (values: number[]) => tf.tensor4d(values, [2, height, width, 3]);
const grid = (values: number[]) => tf.tensor4d(values, [2, 2, 3, latent]);

testOnBackends("autoencoderKl() computes what PyTorch computes", () => {
  tf.tidy(() => {
    const params = goldenParams();
    const x = images(golden.images);
    const { mean, logVariance } = model.posterior(params, x);
    assertClose(mean, grid(golden.mean), 1e-5);
    assertClose(logVariance, grid(golden.logVariance), 1e-5);
    assertClose(model.encode(params, x), tf.mul(mean, scale), 1e-6);
    const drawn = model.encode(params, x, grid(golden.noise));
    assertClose(drawn, grid(golden.encoded), 1e-5);
    const decode = jit(model.decode);
    const z = grid(golden.latents);
    assertClose(model.decode(params, z), images(golden.decoded), 1e-4);
    assertClose(decode(params, z), images(golden.decoded), 1e-4);
    decode.dispose();
  });
});

testOnBackends("autoencoderKl()'s gradients are PyTorch's", () => {
  tf.tidy(() => {
    const params = goldenParams();
    const theirNames = Object.keys(golden.gradients);
    const ourNames = theirNames.map((name) => names.toOurs(name)!);
    // The slope cos(0), cos(1), ... counts in PyTorch's order, [B, C, H, W].
    const scored = (y: tf.Tensor4D) => {
      const [b, h, w, c] = y.shape;
      const slope = tf.reshape(tf.cos(tf.range(0, y.size)), [b, c, h, w]);
      return tf.sum(tf.mul(y, tf.transpose(slope, [0, 2, 3, 1])));
    };
    const score = (x: tf.Tensor, z: tf.Tensor, ...weights: tf.Tensor[]) => {
      const changed: Params = { ...params };
      ourNames.forEach((name, i) => changed[name] = weights[i]);
      const noise = grid(golden.noise);
      const encoded = model.encode(changed, x as tf.Tensor4D, noise);
      const decoded = model.decode(changed, z as tf.Tensor4D);
      return tf.add(scored(encoded), scored(decoded));
    };
    const [byImages, byLatents, ...byWeights] = tf.grads(score)([
      images(golden.images),
      grid(golden.latents),
      ...ourNames.map((name) => params[name]),
    ]);
    assertClose(byImages, images(golden.imagesGradient), 1e-4);
    assertClose(byLatents, grid(golden.latentsGradient), 1e-4);
    theirNames.forEach((name, i) => {
      const expected = golden.gradients[name as keyof typeof golden.gradients];
      const size = Math.max(1, ...expected.map(Math.abs));
      const share = (values: number[]) => values.map((value) => value / size);
      assertClose(share([...byWeights[i].dataSync()]), share(expected), 1e-4);
    });
  });
});

Deno.test("all weights have the original names and shapes, and back", () => {
  const theirs = Object.keys(model.shapes).map((name) => {
    const theirName = names.toTheirs(name) as string;
    assertEquals(names.toOurs(theirName), name);
    return [theirName, layoutShape(names.layout(name), model.shapes[name])];
  });
  assertEquals(Object.fromEntries(theirs), shapes);
  const whole = latentDiffusionNames(model.shapes, {
    prefix: "first_stage_model.",
  });
  const name = "first_stage_model.decoder.up.3.block.0.norm1.bias";
  assertEquals(whole.toOurs(name), "decoder.up_blocks.0.resnets.0.norm1.bias");
  assert(whole.ignored?.("cond_stage_model.transformer.x"));
  assert(whole.ignored?.("decoder.conv_in.bias")); // another network's
  assert(!whole.ignored?.(name));
  assert(names.ignored?.("loss.logvar"));
  assert(!names.ignored?.("decoder.conv_in.weird"));
});

Deno.test("diffusers' names are those of its files, new and old", () => {
  for (
    const [make, expected] of [
      [autoencoderKlNames, golden.names.diffusers],
      [oldAutoencoderKlNames, golden.names.oldDiffusers],
    ] as const
  ) {
    const scheme = make(model.shapes);
    const ours = Object.keys(model.shapes);
    const theirs = ours.map((name) => scheme.toTheirs(name) as string);
    assertEquals(theirs.toSorted(), expected);
    assertEquals(theirs.map(scheme.toOurs), ours);
    const query = "encoder.mid_block.attentions.0.to_q.weight";
    assertEquals(scheme.layout(query), "dense");
  }
});

Deno.test("Stable Diffusion's autoencoder has the published 83,653,863 weights", () => {
  const { shapes } = autoencoderKl(stableDiffusionAutoencoder());
  const sizes = Object.values(shapes).map((s) => s.reduce((a, b) => a * b, 1));
  assertEquals(sizes.reduce((a, b) => a + b, 0), 83_653_863);
});

testOnBackends(
  "autoencoderKl() makes the weights it tells the shapes of",
  () => {
    using params = owned(model.init(randomStream(1)));
    const made = Object.entries(params.value).map(([n, w]) => [n, w.shape]);
    assertEquals(Object.fromEntries(made), model.shapes);
  },
);

testOnBackends(
  "autoencoderKl() refuses images and latents of other sizes",
  () => {
    tf.tidy(() => {
      assertThrows(
        () => model.encode({}, tf.zeros([1, 16, 16, 3])),
        TypeError,
        "Cannot encode images as 'images' must be of shape [any, 16, 24, 3]: current value is [1, 16, 16, 3]",
      );
      assertThrows(
        () => model.decode({}, tf.zeros([1, 2, 2, 3])),
        TypeError,
        "Cannot decode latents as 'latents' must be of shape [any, 2, 3, 3]: current value is [1, 2, 2, 3]",
      );
    });
  },
);

Deno.test("autoencoderKl() refuses sizes that do not divide", () => {
  assertThrows(
    () => autoencoderKl({ ...config, height: 20 }),
    RangeError,
    "Cannot make an autoencoder as 'height' must be a multiple of 8: current value is 20",
  );
  assertThrows(
    () => autoencoderKl({ ...config, widths: [8, 10] }),
    RangeError,
    "'widths[1]' must be a multiple of 4: current value is 10",
  );
});
