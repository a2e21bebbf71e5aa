/** Metrics of re-identification: counting ranks, re-ranking, and products in float64. */
import { randomStream } from "../src/core/mod.ts";
import { doubleProducts, useBackend } from "../src/engine/mod.ts";
import {
  rankFeatures,
  rankingMetrics,
  reRank,
  type SeenFeatures,
} from "../src/metrics/mod.ts";

await useBackend("auto", { threads: 2 });
const WIDTH = 256;

/** Features of 100 people, seen by 6 cameras. */
function people(name: string, count: number): SeenFeatures {
  const random = randomStream(1, name);
  return {
    data: random.fork("features").normals(count * WIDTH),
    width: WIDTH,
    labels: Int32Array.from({ length: count }, () => random.integer(100)),
    cameras: Int32Array.from({ length: count }, () => random.integer(6)),
  };
}

const [query, gallery] = [people("query", 256), people("gallery", 4096)];
const random = randomStream(1, "distances");
const distances = Array.from(
  { length: 256 },
  () => random.uniforms(19_732),
);
const galleryIds = Int32Array.from({ length: 19_732 }, (_, j) => j % 750);
const queryIds = galleryIds.subarray(0, 256);

Deno.bench(
  "ranks of 256 queries among 19,732, distances given",
  { n: 5 },
  () => {
    rankingMetrics(distances, queryIds, galleryIds);
  },
);

Deno.bench("evaluation of 256 x 4,096 x 256", { n: 5 }, async () => {
  await rankFeatures(query, gallery);
});

Deno.bench("the same, re-ranked", { n: 3 }, () => {
  reRank({ query, gallery });
});

const right = people("right", 4096).data;
const products = doubleProducts({
  count: 4096,
  width: WIDTH,
  rows: (from, to) =>
    Float64Array.from(right.subarray(from * WIDTH, to * WIDTH)),
});
const left = Float64Array.from(query.data);

Deno.bench("products in float64, 256 x 4,096 x 256", { n: 20 }, () => {
  products.multiply(left);
});
