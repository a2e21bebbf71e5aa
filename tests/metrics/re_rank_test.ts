import { assert, assertEquals, assertThrows } from "@std/assert";
import golden from "../golden/ranking.json" with { type: "json" };
import { reRank, type ReRankVariant } from "../../src/metrics/re_rank.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

function floats(text: string): Float32Array {
  return new Float32Array(Uint8Array.fromBase64(text).buffer);
}

testOnBackends("reRank() agrees with dense matrices and sets in NumPy", () => {
  for (
    const { name, options, width, query, gallery, final } of golden.reRanking
  ) {
    const rows = reRank({
      query: { data: floats(query), width },
      gallery: { data: floats(gallery), width },
    }, { ...options, variant: options.variant as ReRankVariant });
    const wanted = new Float64Array(Uint8Array.fromBase64(final).buffer);
    const actual = rows.flatMap((row) => [...row]);
    try {
      assertClose(actual, wanted, 1e-9);
    } catch (error) {
      throw new Error(name, { cause: error });
    }
  }
});

/** All squared distances of a case, as tables. */
function tables(features: Float32Array, width: number, queries: number) {
  const count = features.length / width;
  const all = Array.from(
    { length: count },
    (_, i) =>
      Array.from({ length: count }, (_, j) => {
        let sum = 0;
        for (let k = 0; k < width; k++) {
          sum += (features[i * width + k] - features[j * width + k]) ** 2;
        }
        return sum;
      }),
  );
  return {
    queryGallery: all.slice(0, queries).map((row) => row.slice(queries)),
    queryQuery: all.slice(0, queries).map((row) => row.slice(0, queries)),
    galleryGallery: all.slice(queries).map((row) => row.slice(queries)),
  };
}

Deno.test("reRank() from distances is reRank() from features", () => {
  const some = golden.reRanking.find(({ name }) => name.startsWith("ties: "))!;
  const { options, width, query, gallery } = some;
  const [q, g] = [floats(query), floats(gallery)];
  const variant = options.variant as ReRankVariant;
  // Whole numbers: both ways compute exactly, and ties are ties.
  assertEquals(
    reRank(tables(Float32Array.of(...q, ...g), width, q.length / width), {
      ...options,
      variant,
    }),
    reRank({ query: { data: q, width }, gallery: { data: g, width } }, {
      ...options,
      variant,
    }),
  );
});

Deno.test("reRank() by hand", () => {
  // On a line: query 0, gallery 1 and 5. Nearest of 0 is 1 and of 1 is 0, of 5 it is 1, which does not return it. So the
  // neighbourhoods are {0, 1}, {0, 1} and {5}. Largest squared distances: 25, 16, 25.
  const input = {
    queryGallery: [[1, 25]],
    queryQuery: [[0]],
    galleryGallery: [[0, 16], [16, 0]],
  };
  const [[near, far]] = reRank(input, { k1: 1, k2: 1, lambda: 0.25 });
  // V of 0: 1 and exp(-1/25); V of 1: exp(-1/16) and 1, each over its sum.
  const [a, b] = [Math.exp(-1 / 25), Math.exp(-1 / 16)];
  const common = b / (1 + b) + a / (1 + a);
  assertClose(near, 0.75 * (1 - common / (2 - common)) + 0.25 / 25, 1e-15);
  assertClose(far, 0.75 * 1 + 0.25 * 1, 1e-15);
  // As printed: min over max, not scaled.
  const [[printed]] = reRank(input, {
    k1: 1,
    k2: 1,
    lambda: 0,
    variant: "paper",
  });
  assertClose(printed, 1 - (b + a) / 2, 1e-15);
});

Deno.test("reRank() at lambda 1 keeps the order of distances", () => {
  const { width, query, gallery } = golden.reRanking[0];
  const input = {
    query: { data: floats(query), width },
    gallery: { data: floats(gallery), width },
  };
  const orderOf = (row: ArrayLike<number>) =>
    Array.from(row, (_, j) => j).sort((i, j) => row[i] - row[j]);
  const rows = reRank(input, { lambda: 1, normalize: false });
  const plain = tables(
    Float32Array.of(...input.query.data, ...input.gallery.data),
    width,
    rows.length,
  );
  rows.forEach((row, i) =>
    assertEquals(orderOf(row), orderOf(plain.queryGallery[i]))
  );
});

Deno.test("reRank() does not depend on the order of images where no distances are equal", () => {
  const { width, query, gallery } = golden.reRanking[0];
  const [q, g] = [floats(query), floats(gallery)];
  const reversed = (data: Float32Array) => {
    const rows = Array.from(
      { length: data.length / width },
      (_, i) => data.subarray(i * width, (i + 1) * width),
    );
    return Float32Array.from(rows.reverse().flatMap((row) => [...row]));
  };
  const rows = reRank({
    query: { data: q, width },
    gallery: { data: g, width },
  });
  const back = reRank({
    query: { data: reversed(q), width },
    gallery: { data: reversed(g), width },
  });
  back.reverse().forEach((row, i) =>
    assertClose(row.reverse(), rows[i], 1e-12)
  );
});

Deno.test("reRank() keeps its head where all images are equal", () => {
  const same = { data: new Float32Array(6).fill(1), width: 2 };
  const rows = reRank({ query: same, gallery: same }, { k1: 1, k2: 1 });
  assert(rows.flatMap((row) => [...row]).every((d) => d >= 0 && d <= 1));
});

Deno.test("reRank() refuses what it cannot compare, by name", () => {
  const query = { data: new Float32Array([1, 2]), width: 2 };
  const gallery = { data: new Float32Array([1, 2, 3, 4]), width: 2 };
  const cases: [() => unknown, typeof TypeError | typeof RangeError, string][] =
    [
      [
        () => reRank({ query: { ...query, width: 1 }, gallery }),
        TypeError,
        "Cannot rank features as 'gallery.width' must be 1 as in the query: current value is 2",
      ],
      [
        () =>
          reRank({ query, gallery: { data: new Float32Array(), width: 2 } }),
        RangeError,
        "'gallery.data.length / gallery.width' must be a whole number at least 1: current value is 0",
      ],
      [
        () =>
          reRank({
            query: { data: Float32Array.of(1, NaN), width: 2 },
            gallery,
          }),
        RangeError,
        "'query.data[1]' must be a finite number",
      ],
      [() => reRank({ query, gallery }, { k1: 0 }), RangeError, "'k1'"],
      [() => reRank({ query, gallery }, { k2: 1.5 }), RangeError, "'k2'"],
      [() => reRank({ query, gallery }, { lambda: 2 }), RangeError, "'lambda'"],
      [
        () => reRank({ query, gallery }, { variant: "other" as ReRankVariant }),
        RangeError,
        "'variant' must be one of",
      ],
      [
        () =>
          reRank({
            queryGallery: [[1, 2]],
            queryQuery: [[0]],
            galleryGallery: [[0]],
          }),
        TypeError,
        "'queryGallery[0]' must be of length 1",
      ],
      [
        () =>
          reRank({
            queryGallery: [[1]],
            queryQuery: [[Infinity]],
            galleryGallery: [[0]],
          }),
        RangeError,
        "'queryQuery[0][0]' must be a finite number",
      ],
      [
        () =>
          reRank({ queryGallery: [], queryQuery: [], galleryGallery: [[0]] }),
        RangeError,
        "'queryGallery.length'",
      ],
    ];
  for (const [act, kind, message] of cases) assertThrows(act, kind, message);
});
