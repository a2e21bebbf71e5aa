import { assert, assertEquals } from "@std/assert";
import { openRunDirectory } from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";
import { decodeImage } from "../../src/io/mod.ts";
import { protocolRecord } from "../../src/metrics/mod.ts";
import { compareRewards } from "../../src/stages/mod.ts";
import {
  type ReportInput,
  writeReport,
} from "../../src/stages/write_report.ts";
import { small } from "../../src/cli/presets.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { TINY_SIZE, tinyFaces, tinyGenerator } from "../support/tiny_prior.ts";

const hostile = [
  '<script>alert("a")</script>',
  "\"><img src=x onerror='alert(1)'>",
  "</pre></details>&amp;",
];

/** Writes a report on made-up results and returns it. */
async function report(more: Partial<ReportInput> = {}): Promise<string> {
  await using folder = await tempFolder();
  using run = await openRunDirectory(folder.path, {
    manifest: { configuration: { data: hostile[0] } },
    now: () => 0,
  });
  const set = (seed: number) => tinyFaces(3, 2, { names: hostile, seed });
  const rewards = {
    semantic: Float32Array.of(0.8, 0.7, 0.6),
    coverage: Float32Array.of(0.1, 0.2, 0.3),
    expressive: Float32Array.of(-1, -2, -3),
  };
  const measurement = {
    part: "measurement",
    semantic: 0.7,
    coverage: 0.2,
    expressive: -2,
    semanticError: 0.1,
    coverageError: 0.1,
    expressiveError: 0.5,
  };
  const generator = tinyGenerator();
  await writeReport({
    images: set(1),
    source: hostile[1],
    prior: generator,
    settings: { seed: 0, ...small },
    run,
    engine: { name: "wasm", version: "1", description: hostile[2] },
    now: () => 0,
    report: "report.html",
    rewards: compareRewards(rewards, rewards),
    recognition: [{
      method: hostile[0],
      result: {
        accuracy: { mean: 0.75, std: 0.05 },
        bestThreshold: { threshold: 1, accuracy: 0.75 },
        points: [[0, 0], [0, 0.5], [1, 1]],
        folds: [],
        areaUnderCurve: 0.8,
        equalErrorRate: 0.25,
        trueAcceptRates: [],
        absent: {},
        protocol: protocolRecord({
          name: "A protocol.",
          parameters: {},
          counts: { pairs: 4, same: 2, different: 2 },
        }),
        rule: "A rule.",
      },
    }],
    overlap: [
      { name: "the training images", affected: 0, paths: [], rule: "So." },
      {
        name: "the synthetic images",
        affected: 4,
        paths: [hostile[0], "b", "c", "d"],
        rule: "So.",
      },
    ],
    train: set(1),
    test: set(2),
    rules: ["Split so."],
    base: set(3),
    synthetic: set(4),
    reconstruct: (pixels) => generator.decode(generator.encode(pixels)),
    measurements: [0, 8].map((step) => ({ ...measurement, step })),
    training: [1, 2].map((step) => ({
      part: "reinforce",
      step,
      kl: 0.1,
      norm: 2,
      semantic: 0.7,
    })),
    heldOut: { accuracy: 0.5, chance: 1 / 3, count: 6 },
    seconds: { embedder: 61.5, [hostile[1]]: 2 },
    ...more,
  });
  generator.dispose();
  return await Deno.readTextFile(`${folder.path}/report.html`);
}

/** The pictures of a row of the grid, decoded. */
function rowOf(html: string, label: string): Promise<Float32Array[]> {
  const row = html.split('<th scope="row">').find((part) =>
    part.startsWith(`${label}</th><td>`)
  )!;
  const found = row.matchAll(/src="data:image\/png;base64,([^"]+)"/g);
  return Promise.all(
    Array.from(
      found,
      async ([, text]) =>
        (await decodeImage(Uint8Array.fromBase64(text))).pixels,
    ),
  );
}

/** Pixels of image `index` of a set. */
function pixelsOf(set: ImageSet, index: number): Float32Array {
  const size = set.images.length / set.count;
  return set.images.subarray(index * size, (index + 1) * size);
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  assertEquals(a.length, b.length);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}

/** Means over squares of 2 x 2 pixels, an eighth of the picture. */
function coarse(pixels: Float32Array): Float32Array {
  return pixels.map((_, at) => {
    const [y, x] = [at / 3 / TINY_SIZE, at / 3 % TINY_SIZE]
      .map((place) => 2 * Math.floor(Math.floor(place) / 2));
    const corner = (y * TINY_SIZE + x) * 3 + at % 3;
    const square = [0, 3, TINY_SIZE * 3, TINY_SIZE * 3 + 3];
    return square.reduce((sum, step) => sum + pixels[corner + step], 0) / 4;
  });
}

testOnBackends(
  "the report shows the first real image, its reconstruction and samples of each identity",
  async () => {
    const html = await report();
    const [real, copies, before, after] = await Promise.all(
      ["real", "through the autoencoder", "before RL, 2", "after RL, 1"]
        .map((label) => rowOf(html, label)),
    );
    const set = (seed: number) => tinyFaces(3, 2, { seed });
    for (let y = 0; y < 3; y++) {
      const first = pixelsOf(set(1), 2 * y);
      assert(largestDifference(real[y], first) < 1 / 127);
      assert(largestDifference(copies[y], first) > 0.1);
      assert(
        largestDifference(before[y], pixelsOf(set(3), 2 * y + 1)) < 1 / 127,
      );
      assert(largestDifference(after[y], pixelsOf(set(4), 2 * y)) < 1 / 127);
    }
  },
);

testOnBackends(
  "the report with blurred faces holds nothing but the means of squares",
  async () => {
    const html = await report({ redact: true });
    assert(html.includes("Real faces are blurred in this report."));
    const real = await rowOf(html, "real");
    const copies = await rowOf(html, "through the autoencoder");
    for (const [y, pixels] of real.entries()) {
      const first = pixelsOf(tinyFaces(3, 2, { seed: 1 }), 2 * y);
      assert(largestDifference(pixels, coarse(first)) < 1 / 127);
      assert(
        largestDifference(first, coarse(first)) > 0.1,
        "was coarse before",
      );
      assert(largestDifference(copies[y], coarse(copies[y])) < 2 / 127);
    }
    // None of the pictures is a real one, in any row.
    const plain = await report();
    const sharp = plain.matchAll(/base64,([^"]{100,})"/g);
    const [first] = Array.from(sharp, ([, text]) => text);
    assert(plain.includes(first) && !html.includes(first));
  },
);

testOnBackends(
  "the report takes names of people and files for text, whatever they are",
  async () => {
    const html = await report();
    for (
      const text of ["<script>alert", "<img src=x", "</pre></details>&amp;<"]
    ) {
      assert(!html.includes(text), text);
    }
    for (
      const text of [
        "&lt;script&gt;alert(&quot;a&quot;)&lt;/script&gt;",
        "&lt;img src=x onerror=&#39;alert(1)&#39;&gt;",
        "&lt;/pre&gt;&lt;/details&gt;&amp;amp;",
      ]
    ) assert(html.includes(text), text);
  },
);

testOnBackends(
  "the report says what was measured, and does not divide by an error of 0",
  async () => {
    const html = await report();
    assert(
      html.includes("None of the 6 test images stands among the training"),
    );
    assert(
      html.includes("4 of the 6 test images stand among the synthetic images"),
    );
    for (
      const text of [
        "6 images of 3 identities",
        "6 images of 3 other identities",
        "Split so.",
        "A protocol.",
        "A rule.",
        "names 50.0 % of 6 held-out images",
        "(chance 33.3 %)",
        "75.00",
        "2 different pairs measure no rate below",
        "<dd>64 s</dd>",
        "<h2>In short</h2>",
        "semantic consistency, coverage and expressive diversity did not move beyond chance",
        "<h2>Privacy</h2>",
        "No audit was made of these synthetic images",
      ]
    ) assert(html.includes(text), text);
    assert(!/NaN|Infinity|undefined/.test(html.split("<script")[0]));
    const without = await report({ heldOut: undefined, training: [] });
    assert(!without.includes("held-out images of its own"));
  },
);
