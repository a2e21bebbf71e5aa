import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Embedder, plainPreprocessing } from "../../src/core/mod.ts";
import {
  type ImageRecord,
  readDataset,
  subsetImages,
} from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { encodePng } from "../../src/io/mod.ts";
import {
  evaluateReid,
  type SeenImages,
} from "../../src/stages/evaluate_reid.ts";
import { proceduralPedestrians } from "../../src/world/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Features: mean colour of the left and of the right half, so that a mirror image has others. */
const colours: Embedder = {
  embed: (images) =>
    tf.tidy(() => {
      const half = (from: number) =>
        tf.mean(tf.slice(images, [0, 0, from, 0], [-1, -1, 2, -1]), [1, 2]);
      return tf.concat([half(0), half(2)], 1) as tf.Tensor2D;
    }),
  width: 6,
  preprocessing: plainPreprocessing(4, 4),
  fingerprint: "colours",
};

/** A set of plain pictures: left and right colour, person, camera. */
function pictures(
  names: string[],
  all: [left: number[], right: number[], label: number, camera: number][],
  prefix: string,
): SeenImages {
  const images = new Float32Array(all.length * 48);
  all.forEach(([left, right], i) => {
    for (let at = 0; at < 48; at++) {
      const column = Math.floor(at / 3) % 4;
      images[48 * i + at] = (column < 2 ? left : right)[at % 3];
    }
  });
  return {
    images,
    height: 4,
    width: 4,
    count: all.length,
    labels: Int32Array.from(all, ([, , label]) => label),
    identities: names,
    paths: all.map((_, i) => `${prefix}${i}`),
    problems: [],
    cameras: all.map(([, , , camera]) => camera),
  };
}

const red = [1, 0, 0];
const blue = [0, 0, 1];
const query = pictures(
  ["ada", "bob"],
  [[red, red, 0, 1], [blue, blue, 1, 1]],
  "q",
);
const gallery = pictures(["bob", "ada"], [
  [red, red, 1, 1], // ada from the query's camera: left out
  [blue, red, 1, 2], // ada, half red
  [blue, blue, 0, 2], // bob
  [red, red, -1, 3], // junk
], "g");

testOnBackends(
  "evaluateReid() embeds, ranks and tells its protocol",
  async () => {
    const parts: string[] = [];
    const { mAP, cmc, absent, protocol } = await evaluateReid(
      colours,
      { query, gallery },
      {
        onProgress: (part, done, total) =>
          parts.push(`${part} ${done}/${total}`),
      },
    );
    // ada finds herself before bob, bob himself before ada.
    assertEquals([mAP, cmc?.[0]], [1, 1]);
    assertEquals(parts, [
      "embedding queries 2/2",
      "embedding the gallery 4/4",
      "ranking 2/2",
    ]);
    assertEquals(protocol.counts, {
      queries: 2,
      queriesWithoutPositives: 0,
      gallery: 3,
      junk: 1,
      identities: 2,
    });
    assertEquals(protocol.parameters.feature, "f(x)");
    assertEquals(protocol.parameters.size, [4, 4]);
    assert(absent.overlap.startsWith("The images trained on were not given"));
  },
);

testOnBackends(
  "evaluateReid() adds the mirror image's features where asked to",
  async () => {
    // Only a sum with the mirror image finds red-blue in blue-red before red.
    const half = pictures(["ada"], [[red, blue, 0, 1]], "h");
    const others = pictures(["ada", "bob"], [
      [red, [0.2, 0, 0.2], 1, 2],
      [blue, red, 0, 2],
    ], "o");
    const test = { query: half, gallery: others };
    assertEquals((await evaluateReid(colours, test)).mAP, 0.5);
    const flipped = await evaluateReid(colours, test, { flip: true });
    assertEquals(flipped.mAP, 1);
    assertEquals(flipped.protocol.parameters.feature, "f(x) + f(mirror image)");
  },
);

testOnBackends(
  "evaluateReid() has no figures where one camera saw all, and says why",
  async () => {
    const sameCamera = { ...gallery, cameras: [1, 1, 1, 1] };
    const result = await evaluateReid(colours, { query, gallery: sameCamera });
    assertEquals([result.mAP, result.cmc, result.queries], [
      undefined,
      undefined,
      0,
    ]);
    assertEquals(
      result.absent.mAP,
      "None of 2 queries has a right image from another camera in the gallery.",
    );
  },
);

testOnBackends(
  "evaluateReid() tells how many test images were trained on",
  async () => {
    const people = proceduralPedestrians({
      identities: 3,
      imagesPerIdentity: 2,
      height: 32,
    });
    const part = (indices: number[]): SeenImages => ({
      ...subsetImages(people, indices),
      cameras: indices.map((i) => people.cameras[i]),
    });
    const embedder = { ...colours, preprocessing: plainPreprocessing(32, 16) };
    const { overlap, absent } = await evaluateReid(embedder, {
      query: part([0, 2, 4]),
      gallery: part([1, 3, 5]),
    }, { trainedOn: { real: part([4, 3, 1]), none: part([2]) } });
    assertEquals(
      overlap?.map(({ name, affected, paths }) => [name, affected, paths]),
      [
        ["real", 3, [4, 1, 3].map((i) => people.paths[i])],
        ["none", 1, [people.paths[2]]],
      ],
    );
    assertEquals(absent, {});
  },
  { backends: ["wasm"] },
);

Deno.test("evaluateReid() reads the folders of Market-1501", async () => {
  await using temp = await tempFolder();
  const folder = temp.path;
  const png = (set: SeenImages, i: number) =>
    encodePng({
      pixels: set.images.subarray(48 * i, 48 * i + 48),
      height: 4,
      width: 4,
    });
  for (const name of ["bounding_box_train", "query", "bounding_box_test"]) {
    await Deno.mkdir(`${folder}/${name}`);
  }
  const files: [string, SeenImages, number][] = [
    ["query/0001_c1s1_000001_00.png", query, 0],
    ["query/0002_c1s1_000001_00.png", query, 1],
    ["bounding_box_test/0001_c1s1_000002_00.png", gallery, 0],
    ["bounding_box_test/0001_c2s1_000001_00.png", gallery, 1],
    ["bounding_box_test/0002_c2s1_000001_00.png", gallery, 2],
    ["bounding_box_test/-1_c3s1_000001_00.png", gallery, 3],
  ];
  for (const [name, set, i] of files) {
    await Deno.writeFile(`${folder}/${name}`, await png(set, i));
  }
  const dataset = await readDataset(folder);
  const fromFiles = await evaluateReid(colours, dataset);
  const fromMemory = await evaluateReid(colours, { query, gallery });
  assertEquals(fromFiles.mAP, fromMemory.mAP);
  assertEquals(fromFiles.protocol.counts, fromMemory.protocol.counts);
  assertEquals(fromFiles.protocol.parameters.dataset, dataset.protocol);
  const trained = { ...subsetImages(gallery, [1]), paths: ["x"] };
  const { overlap } = await evaluateReid(colours, dataset, {
    trainedOn: { trained },
  });
  assert(
    overlap![0].paths.includes(
      `${folder}/bounding_box_test/0001_c2s1_000001_00.png`,
    ),
  );
});

Deno.test("evaluateReid() refuses images of another size, broken files and an end", async () => {
  const embedder = { ...colours, preprocessing: plainPreprocessing(8, 4) };
  const preprocessed: Embedder = {
    ...embedder,
    embed: () => {
      throw new TypeError("another size");
    },
  };
  await assertRejects(
    () => evaluateReid(preprocessed, { query, gallery }),
    TypeError,
    "another size",
  );
  const broken: ImageRecord[] = [{
    path: "broken.png",
    identity: "ada",
    camera: 1,
    bytes: () => Promise.resolve(new Uint8Array(9)),
  }];
  await assertRejects(
    () => evaluateReid(colours, { query: broken, gallery }),
    SyntaxError,
    "broken.png",
  );
  await assertRejects(
    () =>
      evaluateReid(colours, { query, gallery }, {
        signal: AbortSignal.abort(new Error("enough")),
      }),
    Error,
    "enough",
  );
});
