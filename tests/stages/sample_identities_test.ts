import { assert, assertEquals, assertRejects } from "@std/assert";
import type { LatentModel } from "../../src/brownian/mod.ts";
import { type Embedder, plainPreprocessing } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { liveCurves } from "../../src/figures/mod.ts";
import {
  type SampledIdentity,
  sampleIdentities,
  type SampleIdentitiesOptions,
} from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Pictures of one pixel: the latent, squashed, is the colour, and the colour is the identity. */
const model: LatentModel = {
  dimensions: 3,
  mean: () => tf.zeros([3]),
  sample: (streams) =>
    tf.tensor2d(streams.map((stream) => Array.from(stream.normals(3)))),
  decode: (w) =>
    tf.tidy(() => tf.tanh(tf.reshape(w, [-1, 1, 1, 3])) as tf.Tensor4D),
};
const embedder: Embedder = {
  embed: (images) => tf.reshape(images, [-1, 3]),
  width: 3,
  preprocessing: plainPreprocessing(1, 1),
  fingerprint: "colours",
};
const base: SampleIdentitiesOptions = {
  count: 4,
  steps: 12,
  langevin: { distance: 1.4 },
  variations: { count: 5, steps: 6, distance: 1, identity: 2, pull: 0 },
  seed: 3,
};

async function collect(options: SampleIdentitiesOptions) {
  const all: SampledIdentity[] = [];
  for await (const one of sampleIdentities(model, embedder, options)) {
    all.push(one);
  }
  return all;
}

const rows = (values: ArrayLike<number>) =>
  Array.from(
    { length: values.length / 3 },
    (_, i) => Array.from({ length: 3 }, (_, k) => values[3 * i + k]),
  );
const angle = (a: number[], b: number[]) => {
  const dot = (x: number[], y: number[]) =>
    x.reduce((sum, v, k) => sum + v * y[k], 0);
  return Math.acos(
    Math.min(1, dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))),
  );
};

testOnBackends(
  "sampleIdentities() saves the embeddings of the images as they are saved",
  async () => {
    const all = await collect(base);
    assertEquals(all.map(({ number }) => number), [0, 1, 2, 3]);
    for (const { pixels, embeddings, latents, height, width } of all) {
      assertEquals([height, width, pixels.length], [1, 1, 18]);
      // 256 steps, and close to the latents they come from.
      for (const [i, x] of pixels.entries()) {
        const byte = (x + 1) * 127.5;
        assert(Math.abs(byte - Math.round(byte)) < 1e-3);
        assert(Math.abs(x - Math.tanh(latents[i])) < 0.5 / 127);
      }
      assertEquals(embeddings, pixels);
    }
  },
);

testOnBackends(
  "sampleIdentities() leaves nothing within reach of planted neighbours",
  async () => {
    // The very colours that are found when nobody has to be avoided.
    const free = await collect(base);
    const planted = free.flatMap(({ embeddings }) => rows(embeddings))
      .filter((_, i) => i % 5 === 0);
    using real = owned(tf.tensor2d(planted));
    const distance = 0.35;
    const avoid = { embeddings: real.value, distance };
    const all = await collect({ ...base, avoid });
    assertEquals(all.length, 4);
    for (const { embeddings, nearestReal } of all) {
      for (const [i, e] of rows(embeddings).entries()) {
        const angles = planted.map((c) => angle(e, c));
        const nearest = Math.min(...angles);
        assert(nearest >= distance, `${nearest}`);
        assert(Math.abs(nearestReal!.angles[i] - nearest) < 1e-3);
        assert(Math.abs(angles[nearestReal!.indices[i]] - nearest) < 1e-3);
      }
    }
  },
);

testOnBackends(
  "sampleIdentities() rejects what no force has moved",
  async () => {
    const still = {
      ...base,
      method: "random" as const,
      variations: { ...base.variations!, spread: 1, stiffness: 0, identity: 0 },
    };
    const free = await collect(still);
    const distance = 0.5;
    using real = owned(tf.tensor2d([
      rows(free[1].embeddings)[0],
      rows(free[2].embeddings)[3],
    ]));
    const all = await collect({
      ...still,
      avoid: { embeddings: real.value, distance, stiffness: 0 },
    });
    assertEquals(all.map(({ redrawn }) => redrawn)[1], true);
    assert(all.some(({ drawnBack }) => drawnBack > 0));
    for (const { nearestReal } of all) {
      assert(nearestReal!.angles.every((a) => a >= distance));
    }
  },
);

testOnBackends(
  "sampleIdentities() gives an identity the same variations, whichever are made beside it",
  async () => {
    const all = await collect(base);
    const some = await collect({ ...base, isDone: (i) => i !== 2 });
    assertEquals(some.length, 1);
    assertEquals(some[0].latents, all[2].latents);
    assertEquals(some[0].pixels, all[2].pixels);
  },
);

testOnBackends(
  "sampleIdentities() gives each identity noise of its own",
  async () => {
    const [one, two] = await collect({
      ...base,
      variations: {
        count: 2,
        steps: 1,
        stiffness: 0,
        identity: 0,
        pull: 0,
        noise: 0,
      },
    });
    const start = ({ latents }: SampledIdentity) => {
      const [reference, variation] = rows(latents);
      return variation.map((x, k) => x - reference[k]);
    };
    const difference = start(one).map((x, k) => x - start(two)[k]);
    assert(Math.hypot(...difference) > 0.01);
  },
);

testOnBackends("sampleIdentities() resumes to the same bits", async () => {
  const all = await collect(base);
  await using folder = await tempFolder();
  const checkpoint = `${folder.path}/references.safetensors`;
  const controller = new AbortController();
  await assertRejects(
    () =>
      collect({
        ...base,
        checkpoint,
        signal: controller.signal,
        onStep: (_, done) => {
          if (done === 5) controller.abort(new Error("enough"));
        },
      }),
    Error,
    "enough",
  );
  const steps: number[] = [];
  const again = await collect({
    ...base,
    checkpoint,
    onStep: (part, done) => {
      if (part === "references") steps.push(done);
    },
  });
  assertEquals(steps[0], 6);
  assertEquals(
    again.map(({ latents }) => latents),
    all.map(({ latents }) => latents),
  );
});

testOnBackends(
  "sampleIdentities() asks the second embedder about the same images",
  async () => {
    const auditor: Embedder = {
      ...embedder,
      width: 2,
      embed: (images) =>
        tf.tidy(() =>
          tf.slice(tf.reshape(images, [-1, 3]), [0, 1], [-1, 2]) as tf.Tensor2D
        ),
    };
    const [{ pixels, audited }] = await collect({ ...base, count: 1, auditor });
    const expected = rows(pixels).flatMap(([, g, b]) => [g, b]);
    assertEquals(Array.from(audited!), expected);
  },
);

testOnBackends(
  "sampleIdentities() is drawn live in a notebook, a figure for references and one for identities",
  async () => {
    const shown = new Map<string, number>();
    const display = (_bundle: unknown, options: { display_id: string }) => {
      const { display_id: id } = options;
      shown.set(id, 1 + (shown.get(id) ?? 0));
      return Promise.resolve();
    };
    const onStep = liveCurves(display, {
      names: ["smallestAngle", "overlaps"],
    });
    await collect({ ...base, onStep });
    // Twelve iterations, four identities.
    assertEquals([...shown.values()], [12, 4]);
  },
);

testOnBackends(
  "sampleIdentities() refuses a world without room, and numbers out of range",
  async () => {
    using real = owned(tf.tensor2d([
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
      [0, 0, 1],
      [0, 0, -1],
    ]));
    await assertRejects(
      () =>
        collect({ ...base, avoid: { embeddings: real.value, distance: 1.2 } }),
      RangeError,
      "'avoid' must leave room for identity",
    );
    const refused: Partial<SampleIdentitiesOptions>[] = [
      { count: 0 },
      { steps: 0 },
      { chunk: 0 },
      { redraws: 0 },
      { variations: { count: 0 } },
      { method: "magic" as "random" },
    ];
    for (const options of refused) {
      await assertRejects(() => collect({ ...base, ...options }), RangeError);
    }
  },
);
