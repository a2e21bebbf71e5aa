/** The overlap check: 20,000 images against 20,000, by fingerprints, and what a fingerprint costs. */
import { randomStream } from "../src/core/mod.ts";
import {
  findOverlap,
  fingerprintImages,
  type ImageFingerprint,
} from "../src/data/mod.ts";
import { encodeJpeg } from "../src/io/mod.ts";

const COUNT = 20_000;

/** Fingerprints of images that have nothing in common. */
function fingerprints(name: string): ImageFingerprint[] {
  return Array.from({ length: COUNT }, (_, i) => {
    const random = randomStream(1, name, i);
    const bits = () =>
      [random.integer(2 ** 32), random.integer(2 ** 32)] as const;
    return {
      path: `${i}`,
      identity: name,
      digest: `${name} ${i}`,
      hash: { upright: bits(), flipped: bits() },
      thumbnail: Uint8Array.from(random.uniforms(256), (x) => 255 * x),
    };
  });
}

const [first, second] = [fingerprints("a"), fingerprints("b")];
const pixels = randomStream(1, "picture").uniforms(128 * 128 * 3);
const jpeg = await encodeJpeg({ pixels, height: 128, width: 128 });
const records = Array.from({ length: 200 }, (_, i) => ({
  path: `${i}`,
  identity: "x",
  bytes: () => Promise.resolve(jpeg),
}));

Deno.bench("overlap of 20,000 and 20,000 fingerprints", { n: 5 }, async () => {
  await findOverlap(first, second);
});

Deno.bench("fingerprints of 200 JPEG of 128 x 128", { n: 5 }, async () => {
  await fingerprintImages(records);
});
