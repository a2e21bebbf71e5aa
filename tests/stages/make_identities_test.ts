import { assert, assertEquals, assertRejects } from "@std/assert";
import type { LatentModel } from "../../src/brownian/mod.ts";
import {
  type Embedder,
  openRunDirectory,
  plainPreprocessing,
} from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { decodeImage } from "../../src/io/mod.ts";
import {
  makeIdentities,
  type MakeIdentitiesInput,
  openRunImages,
} from "../../src/stages/mod.ts";
import { readIdentity } from "../../src/stages/save_identity.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";

/** Pictures of 2 x 2 pixels: the four latents are the greys. */
const model: LatentModel = {
  dimensions: 4,
  mean: () => tf.zeros([4]),
  sample: (streams) =>
    tf.tensor2d(streams.map((stream) => Array.from(stream.normals(4)))),
  decode: (w) =>
    tf.tidy(() => {
      const grey = tf.reshape(tf.tanh(w), [-1, 2, 2, 1]);
      return tf.tile(grey, [1, 1, 1, 3]) as tf.Tensor4D;
    }),
};
const embedder: Embedder = {
  embed: (images) =>
    tf.tidy(() => tf.reshape(tf.mean(images, 3), [-1, 4]) as tf.Tensor2D),
  width: 4,
  preprocessing: plainPreprocessing(2, 2),
  fingerprint: "greys",
};
const base: Omit<MakeIdentitiesInput, "run"> = {
  model,
  embedder,
  auditor: embedder,
  settings: {
    count: 3,
    steps: 4,
    variations: { count: 2, steps: 2, distance: 1 },
  },
  generator: "four greys",
  facts: [["Algorithm", "dispersion"]],
  now: () => 0,
};

async function make(
  folder: string,
  options: Partial<MakeIdentitiesInput> = {},
  resume = false,
) {
  using run = await openRunDirectory(folder, {
    manifest: { configuration: {} },
    resume,
    now: () => 0,
  });
  await makeIdentities({ ...base, ...options, run });
  return await Promise.all(
    [0, 1, 2].map(async (i) => (await readIdentity(run, i))!),
  );
}

const digests = (folder: string) =>
  filesBelow(folder).filter((name) => name.endsWith(".png"))
    .map((name) => `${name} ${Deno.readFileSync(`${folder}/${name}`).length}`);

testOnBackends(
  "makeIdentities() leaves pictures, features and a report",
  async () => {
    await using folder = await tempFolder();
    const [one] = await make(folder.path);
    const images = await openRunImages(folder.path);
    assertEquals([images.count, images.identities.length], [9, 3]);
    assertEquals(images.generator, "four greys");
    // The saved features are those of the file.
    const { pixels } = await decodeImage(
      `${folder.path}/synthetic/identity-00000/001.png`,
    );
    const greys = [0, 3, 6, 9].map((at) => pixels[at]);
    assertClose(one.embeddings.slice(4, 8), greys, 1e-6);
    assertEquals(one.audited, one.embeddings);
    const report = await Deno.readTextFile(`${folder.path}/report.html`);
    for (
      const text of ["New identities", "identity-00002", "second embedder"]
    ) {
      assert(report.includes(text), text);
    }
    assert(!report.includes("Nearest real people"));
  },
);

testOnBackends(
  "makeIdentities() goes on after an interruption as if there had been none",
  async () => {
    await using whole = await tempFolder();
    await using parted = await tempFolder();
    const all = await make(whole.path);
    for (const at of [2, 5]) {
      // Within the references, then within the identities.
      let steps = 0;
      const controller = new AbortController();
      await assertRejects(
        () =>
          make(parted.path, {
            signal: controller.signal,
            onStep: () => {
              if (++steps === (at === 2 ? 2 : 3)) {
                controller.abort(new Error("!"));
              }
            },
          }, at > 2),
        Error,
        "!",
      );
    }
    const again = await make(parted.path, {}, true);
    assertEquals(again, all);
    assertEquals(digests(parted.path), digests(whole.path));
  },
);

testOnBackends(
  "makeIdentities() keeps away from photographs and says so",
  async () => {
    await using free = await tempFolder();
    await using folder = await tempFolder();
    const found = await make(free.path);
    const real: ImageSet = {
      // Each grey three times: the colours of a pixel.
      images: Float32Array.from(
        { length: 36 },
        (_, i) => found[Math.floor(i / 12)].embeddings[Math.floor(i / 3) % 4],
      ),
      height: 2,
      width: 2,
      count: 3,
      labels: Int32Array.from([0, 1, 2]),
      identities: ["ada", "bob", "cyd"],
      paths: ["ada", "bob", "cyd"].map((name) => `/at/home/${name}/1.png`),
      problems: [],
    };
    const kept = await make(folder.path, {
      avoid: { images: real, distance: 0.4 },
    });
    for (const { nearestReal } of kept) {
      assert(nearestReal!.angles.every((angle) => angle >= 0.4));
    }
    const report = await Deno.readTextFile(`${folder.path}/report.html`);
    assert(report.includes("Nearest real people"));
    assert(/(ada|bob|cyd)\/1\.png/.test(report));
    assert(!report.includes("at/home"));
    assert(report.includes("No picture lies within 0.4 rad"));
  },
);
