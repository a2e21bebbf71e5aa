/** What a training step asks of the data room: a batch of 64 images of 128 x 128, gathered and augmented. */
import { jit, tf, useBackend } from "../src/engine/mod.ts";
import { randomStream } from "../src/core/mod.ts";
import {
  augment,
  augmentation,
  type AugmentationDraw,
  byteImageSet,
  gatherImages,
  gatherPixels,
  identityBatches,
  sampleStreams,
} from "../src/data/mod.ts";

const [SIDE, COUNT] = [128, 640];

await useBackend("auto");
const random = randomStream(1, "data bench");
const labels = Int32Array.from({ length: COUNT }, (_, i) => i % 40);
const set = byteImageSet(
  Uint8Array.from({ length: COUNT * SIDE * SIDE * 3 }, (_, i) => i * 31 % 251),
  {
    height: SIDE,
    width: SIDE,
    count: COUNT,
    labels,
    identities: [...Array(40).keys()].map(String),
    paths: [...Array(COUNT).keys()].map(String),
    problems: [],
  },
);
const batch = identityBatches(labels, { identities: 16, images: 4, random });
const size = { height: SIDE, width: SIDE, padding: 10, erase: 0.5 };
const baseline = augmentation(size);
const colours = augmentation({
  ...size,
  brightness: 0.2,
  contrast: 0.15,
  saturation: 0.15,
  hue: 0.02,
  lowResolution: 0.2,
});
const images = gatherImages(set, batch(0));
const pixels = gatherPixels(set, batch(0));
let step = 0;

Deno.bench("indices of a 16 x 4 batch", () => void batch(step++));

Deno.bench("64 images of 128 x 128 from bytes to a tensor", () => {
  gatherImages(set, batch(0)).dispose();
});

for (
  const [name, { draw, apply }] of Object.entries({
    "flip, crop, erase": baseline,
    "the same, colours and resolution": colours,
  })
) {
  const jitted = jit((x: tf.Tensor4D, drawn: AugmentationDraw) =>
    apply(x, drawn)
  );
  const once = () => {
    const drawn = draw(sampleStreams(random, batch(0), 0));
    const changed = jitted(images, drawn);
    tf.dispose([drawn, changed]);
  };
  once();
  Deno.bench(name, { group: "augment 64 images of 128 x 128" }, once);
}

Deno.bench("flip, crop, erase with a value, on an array", {
  group: "augment 64 images of 128 x 128",
  baseline: true,
}, () => void augment(pixels, { ...size, random }));
