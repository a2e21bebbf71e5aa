import { assert, assertEquals, assertRejects } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { nearestNeighbours } from "../../src/privacy/mod.ts";
import { testOnBackends } from "../support/backends.ts";

const random = (seed: number, count: number, width: number) => ({
  data: randomStream(seed).normals(count * width),
  width,
});

/** All cosines in float64, and the nearest of each row by a full sort. */
function bruteForce(
  a: { data: Float32Array; width: number },
  b: { data: Float32Array; width: number },
  count: number,
) {
  const { width } = a;
  const rows = (f: { data: Float32Array }) =>
    Array.from(
      { length: f.data.length / width },
      (_, i) => f.data.subarray(i * width, (i + 1) * width),
    );
  const dot = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, k) => sum + value * y[k], 0);
  return rows(a).map((x) =>
    rows(b).map((y, index) => ({
      index,
      similarity: dot(x, y) / Math.sqrt(dot(x, x)) / Math.sqrt(dot(y, y)),
    })).sort((p, q) => q.similarity - p.similarity || p.index - q.index)
      .slice(0, count)
  );
}

testOnBackends(
  "nearestNeighbours() finds what a sort of all cosines finds, both ways, whatever the tiles",
  async () => {
    const [a, b] = [random(1, 37, 5), random(2, 23, 5)];
    for (const tile of [1000, 8, 5]) {
      const found = await nearestNeighbours(a, b, { count: 3, tile });
      for (
        const [neighbours, expected] of [
          [found.forward, bruteForce(a, b, 3)],
          [found.backward, bruteForce(b, a, 3)],
        ] as const
      ) {
        const all = expected.flat();
        assertEquals([...neighbours.indices], all.map(({ index }) => index));
        all.forEach(({ similarity }, at) =>
          assert(Math.abs(similarity - neighbours.similarities[at]) < 1e-14)
        );
      }
    }
  },
);

// In float32 all three would have the cosine 1: only float64 tells which is nearer.
testOnBackends(
  "nearestNeighbours() tells apart what float32 does not",
  async () => {
    const at = (angle: number) => [Math.cos(angle), Math.sin(angle)];
    const query = { data: new Float64Array(at(0)), width: 2 };
    const gallery = {
      data: new Float64Array([...at(3e-5), ...at(1e-5), ...at(2e-5)]),
      width: 2,
    };
    const { forward } = await nearestNeighbours(query, gallery, { count: 3 });
    assertEquals([...forward.indices], [1, 2, 0]);
    const least = (Math.cos(1e-5) + Math.cos(2e-5)) / 2;
    const counted = await nearestNeighbours(query, gallery, {
      threshold: least,
    });
    assertEquals([...counted.forwardMatches], [1]);
    assertEquals([...counted.backwardMatches], [0, 1, 0]);
  },
);

testOnBackends(
  "nearestNeighbours() counts the matches that a count of all cosines finds",
  async () => {
    const [a, b] = [random(3, 40, 4), random(4, 30, 4)];
    const threshold = 0.6;
    const all = bruteForce(a, b, 30);
    const { forwardMatches, backwardMatches } = await nearestNeighbours(a, b, {
      threshold,
      tile: 16,
    });
    const isMatch = ({ similarity }: { similarity: number }) =>
      similarity >= threshold;
    assertEquals(
      [...forwardMatches],
      all.map((row) => row.filter(isMatch).length),
    );
    assertEquals(
      [...backwardMatches],
      Array.from(
        { length: 30 },
        (_, j) =>
          all.flat().filter((pair) => pair.index === j && isMatch(pair)).length,
      ),
    );
  },
);

testOnBackends(
  "nearestNeighbours() of a vector of zeros, of equal ones, and with fewer than asked for",
  async () => {
    const queries = { data: new Float32Array([0, 0, 1, 0]), width: 2 };
    const gallery = { data: new Float32Array([2, 0, 5, 0]), width: 2 };
    const { forward } = await nearestNeighbours(queries, gallery, { count: 3 });
    assertEquals([...forward.indices], [0, 1, -1, 0, 1, -1]);
    assertEquals([...forward.similarities], [
      0,
      0,
      -Infinity,
      1,
      1,
      -Infinity,
    ]);
  },
);

testOnBackends(
  "nearestNeighbours() refuses what it cannot compare, and stops",
  async () => {
    const two = { data: new Float32Array([1, 0]), width: 2 };
    const three = { data: new Float32Array([1, 0, 0]), width: 3 };
    const none = { data: new Float32Array(0), width: 2 };
    const broken = { data: new Float32Array([1, NaN]), width: 2 };
    await assertRejects(
      () => nearestNeighbours(two, three),
      TypeError,
      "width",
    );
    await assertRejects(
      () => nearestNeighbours(two, none),
      RangeError,
      "count",
    );
    await assertRejects(
      () => nearestNeighbours(broken, two),
      RangeError,
      "queries[1]",
    );
    await assertRejects(
      () => nearestNeighbours(two, two, { count: 0 }),
      RangeError,
      "'count'",
    );
    await assertRejects(
      () => nearestNeighbours(two, two, { signal: AbortSignal.abort() }),
      DOMException,
    );
  },
);
