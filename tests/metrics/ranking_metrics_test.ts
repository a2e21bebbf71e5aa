import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import golden from "../golden/ranking.json" with { type: "json" };
import { rankingMeter } from "../../src/metrics/ranking_meter.ts";
import { rankingMetrics } from "../../src/metrics/ranking_metrics.ts";
import { assertClose } from "../support/assert_close.ts";

/** What the script wrote of one case. */
interface GoldenCase {
  name: string;
  distances: number[][];
  queryIds: number[];
  galleryIds: number[];
  queryCams?: number[];
  galleryCams?: number[];
  queries: number;
  averagePrecisions: (number | null)[];
  mAP?: number;
  mAPTrapezoidal?: number;
  mINP?: number;
  cmc?: number[];
}

for (const wanted of golden.ranking as GoldenCase[]) {
  Deno.test(`rankingMetrics() agrees with sorting in NumPy: ${wanted.name}`, () => {
    const { distances, queryIds, galleryIds, queryCams, galleryCams } = wanted;
    const score = (averagePrecision: "step" | "trapezoidal") =>
      rankingMetrics(
        distances,
        queryIds,
        galleryIds,
        queryCams,
        galleryCams,
        { averagePrecision, ranks: 10 },
      );
    const actual = score("step");
    assertEquals(actual.queries, wanted.queries);
    assertEquals(
      Array.from(actual.averagePrecisions, Number.isNaN),
      wanted.averagePrecisions.map((value) => value === null),
    );
    assertClose(
      actual.averagePrecisions.filter((value) => !Number.isNaN(value)),
      wanted.averagePrecisions.filter((value) => value !== null),
      1e-12,
    );
    const without = queryIds.length - wanted.queries;
    assertEquals(actual.protocol.counts.queriesWithoutPositives, without);
    if (wanted.queries === 0) {
      assertEquals(
        [actual.mAP, actual.cmc, actual.mINP],
        [undefined, undefined, undefined],
      );
      assert(actual.absent.mAP.startsWith(`None of ${queryIds.length}`));
      return;
    }
    assertEquals(actual.absent, {});
    assertClose(actual.mAP!, wanted.mAP!, 1e-12);
    assertClose(score("trapezoidal").mAP!, wanted.mAPTrapezoidal!, 1e-12);
    assertClose(actual.mINP!, wanted.mINP!, 1e-12);
    assertClose(actual.cmc!, wanted.cmc!, 1e-12);
  });
}

// Person 1 is searched for from camera 1. In order of distance: 1 from camera 1 (left out), junk (ignored), 2 (wrong),
// 1 from camera 2 (right, rank 2), 2 (wrong), 1 from camera 3 (right, rank 4).
const distances = [[0.4, 0.1, 0.6, 0.2, 0.3, 0.5]];
const galleryIds = [1, 1, 1, -1, 2, 2];
const galleryCams = [2, 1, 3, 1, 1, 2];

Deno.test("rankingMetrics() by hand", () => {
  const { mAP, cmc, mINP, queries, averagePrecisions, protocol } =
    rankingMetrics(distances, [1], galleryIds, [1], galleryCams, { ranks: 5 });
  assertEquals(mAP, (1 / 2 + 2 / 4) / 2);
  assertEquals(averagePrecisions, Float64Array.of(0.5));
  assertEquals([...cmc!], [0, 1, 1, 1, 1]);
  assertEquals(mINP, 2 / 4);
  assertEquals(queries, 1);
  assertEquals(protocol.counts, {
    queries: 1,
    queriesWithoutPositives: 0,
    gallery: 5,
    junk: 1,
    identities: 2,
  });
  // Trapezoids: (0/1 + 1/2) / 2 and (1/3 + 2/4) / 2.
  assertEquals(
    rankingMetrics(distances, [1], galleryIds, [1], galleryCams, {
      averagePrecision: "trapezoidal",
    }).mAP,
    (0.25 + (1 / 3 + 1 / 2) / 2) / 2,
  );
});

Deno.test("rankingMetrics() without cameras leaves out junk only, and says so", () => {
  // Now the image from the query's own camera is right, too: ranks 1, 3 and 5.
  const { mAP, cmc, protocol } = rankingMetrics(distances, [1], galleryIds);
  assertEquals(mAP, (1 / 1 + 2 / 3 + 3 / 5) / 3);
  assertEquals(cmc?.[0], 1);
  assert(String(protocol.parameters.cameras).startsWith("none"));
});

Deno.test("rankingMetrics() breaks ties by index", () => {
  assertEquals(rankingMetrics([[1, 1]], [5], [5, 6]).mAP, 1);
  assertEquals(rankingMetrics([[1, 1]], [5], [6, 5]).mAP, 1 / 2);
});

Deno.test("rankingMetrics() leaves queries with nothing to find out of the means", () => {
  const { mAP, averagePrecisions, queries } = rankingMetrics(
    [[1, 2], [1, 2]],
    [7, 5],
    [5, 6],
  );
  assertEquals([mAP, queries], [1, 1]);
  assertEquals(averagePrecisions, Float64Array.of(NaN, 1));
});

Deno.test("the order of the gallery does not matter where no distances are equal", () => {
  const gallery = fc.uniqueArray(fc.double({ noNaN: true, min: 0, max: 1 }), {
    minLength: 2,
    maxLength: 30,
  });
  fc.assert(
    fc.property(gallery, fc.infiniteStream(fc.nat(3)), (row, draw) => {
      const next = () => draw.next().value as number;
      const ids = row.map(() => next() - 1);
      const cams = row.map(next);
      const order = row.map((_, j) => j).sort((a, b) => row[b] - row[a]);
      const score = (places: number[]) =>
        rankingMetrics(
          [places.map((j) => row[j])],
          [1],
          places.map((j) => ids[j]),
          [2],
          places.map((j) => cams[j]),
        );
      assertEquals(score(order), score([...row.keys()]));
    }),
  );
});

Deno.test("figures lie in (0, 1], and matches only grow", () => {
  const row = fc.array(fc.nat(5), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(row, fc.infiniteStream(fc.nat(2)), (row, draw) => {
      const ids = row.map(() => draw.next().value as number);
      const { mAP, cmc, mINP, absent } = rankingMetrics([row], [0], ids);
      if (!ids.includes(0)) return assert(absent.mINP.length > 0);
      assert(0 < mINP! && mINP! <= 1 && 0 < mAP! && mAP! <= 1);
      assert(cmc!.every((value, k) => k === 0 || value >= cmc![k - 1]));
      // Ranks reach beyond the gallery: a right image is among them for sure.
      assertEquals(cmc![49], 1);
    }),
  );
});

Deno.test("counted ranks are those of a sort, for distances of any size", () => {
  const extreme = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 5e-324, 1e308, -1e308, 1, 1 + 2 ** -52),
  );
  const row = fc.array(extreme, { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(row, fc.infiniteStream(fc.nat(2)), (row, draw) => {
      const ids = row.map(() => draw.next().value as number);
      const ranks = row.map((_, j) => j)
        .sort((a, b) => row[a] - row[b] || a - b)
        .flatMap((j, place) => ids[j] === 0 ? place + 1 : []);
      const { mAP } = rankingMetrics([row], [0], ids);
      if (ranks.length === 0) return assertEquals(mAP, undefined);
      const precisions = ranks.map((rank, i) => (i + 1) / rank);
      assertClose(
        mAP!,
        precisions.reduce((a, b) => a + b) / ranks.length,
        1e-12,
      );
    }),
    { numRuns: 500 },
  );
});

Deno.test("equal rows of any kind of array give equal figures", () => {
  const row = [0.5, 0.25, 0.75];
  const score = (row: ArrayLike<number>) =>
    rankingMetrics([row], [1], [1, 2, 1]);
  assertEquals(score(new Float32Array(row)), score(row));
  assertEquals(score(Float64Array.from(row)), score(row));
});

Deno.test("rankingMetrics() refuses what it cannot rank, by name", () => {
  const cases: [() => unknown, typeof TypeError | typeof RangeError, string][] =
    [
      [
        () => rankingMetrics([[]], [1], []),
        RangeError,
        "Cannot rank as 'galleryIds' must be at least one image: current value is none",
      ],
      [() => rankingMetrics([], [], [1]), RangeError, "'queryIds'"],
      [
        () => rankingMetrics([[1]], [1, 2], [1]),
        TypeError,
        "'distances' must be of length 2: current value is of length 1",
      ],
      [
        () => rankingMetrics([[1, 2]], [1], [1]),
        TypeError,
        "'distances[0]' must be of length 1",
      ],
      [
        () => rankingMetrics([[1, NaN]], [1], [1, 2]),
        RangeError,
        "'distances[0][1]' must be a finite number: current value is NaN",
      ],
      [
        () => rankingMetrics([[1]], [1], [-2]),
        RangeError,
        "'galleryIds[0]' must be a whole number at least -1: current value is -2",
      ],
      [() => rankingMetrics([[1]], [0.5], [1]), RangeError, "'queryIds[0]'"],
      [
        () => rankingMetrics([[1]], [1], [1], [1]),
        TypeError,
        "'galleryCams' must be given where 'queryCams' is",
      ],
      [
        () => rankingMetrics([[1]], [1], [1], [1], [1, 2]),
        TypeError,
        "'galleryCams' must be of length 1",
      ],
      [
        () => rankingMetrics([[1]], [1], [1], [NaN], [1]),
        RangeError,
        "'queryCams[0]'",
      ],
      [
        () =>
          rankingMetrics([[1]], [1], [1], undefined, undefined, { ranks: 0 }),
        RangeError,
        "'ranks'",
      ],
      [
        () =>
          rankingMetrics([[1]], [1], [1], undefined, undefined, {
            averagePrecision: "interpolated" as "step",
          }),
        RangeError,
        "'averagePrecision' must be one of",
      ],
    ];
  for (const [act, kind, message] of cases) assertThrows(act, kind, message);
});

Deno.test("rankingMeter() wants each query once", () => {
  const meter = rankingMeter({ queryIds: [1], galleryIds: [1] });
  assertThrows(() => meter.result(), RangeError, "'queries added'");
  meter.add([0]);
  assertEquals(meter.result().mAP, 1);
  assertThrows(() => meter.add([0]), RangeError, "'queries added'");
});
