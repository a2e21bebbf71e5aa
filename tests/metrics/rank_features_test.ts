import { assertEquals, assertRejects } from "@std/assert";
import golden from "../golden/ranking.json" with { type: "json" };
import { randomStream } from "../../src/core/mod.ts";
import {
  rankFeatures,
  type SeenFeatures,
} from "../../src/metrics/rank_features.ts";
import { rankingMetrics } from "../../src/metrics/ranking_metrics.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

function floats(text: string): Float32Array {
  return new Float32Array(Uint8Array.fromBase64(text).buffer);
}

testOnBackends(
  "rankFeatures() agrees with NumPy, re-ranked or not",
  async () => {
    for (const wanted of golden.features) {
      const { width, reRank } = wanted;
      const actual = await rankFeatures(
        {
          data: floats(wanted.query),
          width,
          labels: wanted.queryIds,
          cameras: wanted.queryCams,
        },
        {
          data: floats(wanted.gallery),
          width,
          labels: wanted.galleryIds,
          cameras: wanted.galleryCams,
        },
        { reRank, ranks: 10 },
      );
      assertClose(actual.mAP!, wanted.mAP, 1e-9);
      assertClose(actual.mINP!, wanted.mINP, 1e-9);
      assertClose(actual.cmc!, wanted.cmc, 1e-9);
      const junk = wanted.galleryIds.filter((id) => id === -1).length;
      assertEquals(actual.protocol.counts.junk, junk);
      assertEquals(actual.protocol.counts.gallery, 60 - junk);
    }
  },
);

/** Features of several tiles: 600 queries of 40 people. */
function crowd(name: string, count: number): SeenFeatures {
  const random = randomStream(5, name);
  return {
    data: random.fork("features").normals(count * 4),
    width: 4,
    labels: Int32Array.from({ length: count }, () => random.integer(40)),
    cameras: Int32Array.from({ length: count }, () => random.integer(3)),
  };
}

testOnBackends(
  "rankFeatures() tile by tile is rankingMetrics() of all distances",
  async () => {
    const [query, gallery] = [crowd("query", 600), crowd("gallery", 90)];
    const seen: number[][] = [];
    const actual = await rankFeatures(query, gallery, {
      normalize: false,
      onProgress: (done, total) => seen.push([done, total]),
    });
    assertEquals(seen, [[256, 600], [512, 600], [600, 600]]);
    const distances = Array.from(
      { length: 600 },
      (_, i) =>
        Array.from({ length: 90 }, (_, j) => {
          let sum = 0;
          for (let k = 0; k < 4; k++) {
            sum += (query.data[4 * i + k] - gallery.data[4 * j + k]) ** 2;
          }
          return sum;
        }),
    );
    const wanted = rankingMetrics(
      distances,
      query.labels,
      gallery.labels,
      query.cameras,
      gallery.cameras,
    );
    assertEquals(actual.cmc, wanted.cmc);
    assertEquals(actual.averagePrecisions, wanted.averagePrecisions);
  },
);

Deno.test("rankFeatures() ranks by angle unless told otherwise", async () => {
  const query = { data: Float32Array.of(1, 0), width: 2, labels: [1] };
  // The right one lies in the query's direction, far out; the wrong one nearby.
  const gallery = {
    data: Float32Array.of(9, 0, 0.9, 0.5),
    width: 2,
    labels: [1, 2],
  };
  assertEquals((await rankFeatures(query, gallery)).mAP, 1);
  const plain = await rankFeatures(query, gallery, { normalize: false });
  assertEquals(plain.mAP, 0.5);
  assertEquals(plain.protocol.parameters.distance, "squared Euclidean");
});

Deno.test("rankFeatures() says how it re-ranked", async () => {
  const some = crowd("few", 30);
  const { protocol } = await rankFeatures(some, some, { reRank: { k1: 5 } });
  assertEquals(protocol.parameters.reRank, {
    k1: 5,
    k2: 6,
    lambda: 0.3,
    variant: "released",
  });
});

Deno.test("rankFeatures() has no figures where there is junk only", async () => {
  const query = { data: Float32Array.of(1, 0), width: 2, labels: [1] };
  const { mAP, absent, protocol } = await rankFeatures(query, {
    ...query,
    labels: [-1],
  });
  assertEquals([mAP, Object.keys(absent)], [undefined, ["mAP", "cmc", "mINP"]]);
  assertEquals([protocol.counts.junk, protocol.counts.gallery], [1, 0]);
});

testOnBackends("rankFeatures() stops when told to", async () => {
  const stop = new AbortController();
  for (const reRank of [false, true]) {
    await assertRejects(
      () =>
        rankFeatures(crowd("query", 600), crowd("gallery", 30), {
          reRank,
          signal: stop.signal,
          onProgress: () => stop.abort(new Error("enough")),
        }),
      Error,
      "enough",
    );
  }
});

Deno.test("rankFeatures() refuses what it cannot rank, by name", async () => {
  const side = { data: Float32Array.of(1, 0, 0, 1), width: 2, labels: [1, 2] };
  const cases: [
    Partial<SeenFeatures>,
    typeof TypeError | typeof RangeError,
    string,
  ][] = [
    [
      { width: 4, labels: [1] },
      TypeError,
      "Cannot rank features as 'gallery.width' must be 2 as in the query: current value is 4",
    ],
    [
      { data: new Float32Array(), labels: [] },
      RangeError,
      "'gallery.data.length / gallery.width' must be a whole number at least 1: current value is 0",
    ],
    [
      { data: Float32Array.of(1, 2, 3, Infinity) },
      RangeError,
      "'gallery.data[3]' must be a finite number: current value is Infinity",
    ],
    [{ labels: [1] }, TypeError, "'gallery.labels' must be of length 2"],
    [
      { labels: [1, -3] },
      RangeError,
      "'gallery.labels[1]' must be a whole number at least -1: current value is -3",
    ],
    [{ cameras: [1] }, TypeError, "'gallery.cameras' must be of length 2"],
    [{ cameras: [1, 0.5] }, RangeError, "'gallery.cameras[1]'"],
    [{ cameras: [1, 2] }, TypeError, "'queryCams' must be given"],
  ];
  for (const [change, kind, message] of cases) {
    await assertRejects(
      () => rankFeatures(side, { ...side, ...change }),
      kind,
      message,
    );
  }
});
