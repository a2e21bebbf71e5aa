/**
 * The encoding of k-reciprocal neighbours: Z. Zhong, L. Zheng, D. Cao and S. Li, "Re-ranking person re-identification
 * with k-reciprocal encoding", CVPR 2017, section 3.
 *
 * @module
 */

/** Which reading of the paper. */
export type ReRankVariant = "released" | "paper";

/** Options of {@linkcode kReciprocal}. */
export interface KReciprocalOptions {
  /** Number of queries; the images after them are the gallery. */
  queries: number;
  /** Number of all images. */
  count: number;
  /** k_1, neighbours of an image beside itself. */
  k1: number;
  /** k_2, neighbours an encoding is averaged over, the image itself among them. */
  k2: number;
  /** Which reading of the paper. */
  variant: ReRankVariant;
  /** Squared distance of two images. */
  distance: (i: number, j: number) => number;
}

/** Neighbours, encodings and the distances of these. */
export interface KReciprocal {
  /** Adds the next image: its squared distance to each image, itself included. Not kept. */
  add(distances: Float64Array): void;
  /** Makes the encodings, once all images are in. */
  encode(): void;
  /** Jaccard distances of a query to each gallery image, `[gallery]`. */
  jaccard(query: number): Float64Array<ArrayBuffer>;
  /** Largest squared distance of each image, by which its distances are divided. */
  largest: Float64Array;
}

/** A vector that is zero but at some places, which ascend. */
interface Sparse {
  places: Int32Array;
  values: Float64Array;
}

/**
 * Finds k-reciprocal neighbours and compares images by them. Distances d are squared Euclidean ones over the largest of
 * their row. What is kept grows with the number of images times k1, not with its square.
 *
 * @param options Sizes, neighbours, reading.
 * @returns Where the rows of distances go, and what comes of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { kReciprocal } from "./k_reciprocal.ts";
 *
 * const at = [0, 1, 5];
 * const distance = (i: number, j: number) => (at[i] - at[j]) ** 2;
 * const encoder = kReciprocal({ queries: 1, count: 3, k1: 1, k2: 1, variant: "released", distance });
 * for (const i of at.keys()) encoder.add(Float64Array.from(at, (_, j) => distance(i, j)));
 * encoder.encode();
 * assertEquals(encoder.jaccard(0)[1], 1); // nothing in common with the far one
 * ```
 */
export function kReciprocal(options: KReciprocalOptions): KReciprocal {
  const { queries, count, k1, k2, variant, distance } = options;
  const width = Math.min(Math.max(k1 + 1, k2), count);
  // Half of k1, a tie to the even number, as NumPy rounds in the released code.
  const half = k1 % 2 === 0 ? k1 / 2 : 2 * Math.round(k1 / 4);
  const neighbours = new Int32Array(count * width);
  const largest = new Float64Array(count);
  const nearest = new Float64Array(width);
  const order = new Int32Array(width);
  let encodings: Sparse[] = [];
  let columns: Sparse[] = [];
  let sums = new Float64Array();
  let added = 0;

  const forward = (i: number, k: number) =>
    neighbours.subarray(i * width, i * width + Math.min(k + 1, width));
  // R(i, k): neighbours that have i among theirs.
  const reciprocal = (i: number, k: number) =>
    forward(i, k).filter((j) => forward(j, k).includes(i));

  // R*(i, k1): what reciprocal neighbours have as theirs at half of k1 joins, where two thirds of it are known already.
  function expanded(i: number): Int32Array {
    const own = reciprocal(i, k1);
    const known = new Set(own);
    const all = new Set(own);
    for (const j of own) {
      const theirs = reciprocal(j, half);
      const common = theirs.reduce(
        (n, place) => known.has(place) ? n + 1 : n,
        0,
      );
      const excess = 3 * common - 2 * theirs.length;
      if (excess > 0 || (variant === "paper" && excess === 0)) {
        for (const place of theirs) all.add(place);
      }
    }
    return Int32Array.from(all).sort();
  }

  // V(i): exp(-d) at the neighbours, 0 elsewhere.
  function encoding(i: number): Sparse {
    const places = expanded(i);
    const values = Float64Array.from(
      places,
      (j) => Math.exp(-scaled(distance(i, j), largest[i])),
    );
    if (variant === "released") {
      const sum = values.reduce((a, b) => a + b, 0);
      for (let n = 0; n < values.length; n++) values[n] /= sum;
    }
    return { places, values };
  }

  // Local query expansion: the mean over the nearest.
  function averaged(i: number, of: Sparse[], dense: Float64Array): Sparse {
    const some = forward(i, k2 - 1);
    const touched = new Set<number>();
    for (const j of some) {
      of[j].places.forEach((place, n) => {
        dense[place] += of[j].values[n];
        touched.add(place);
      });
    }
    const places = Int32Array.from(touched).sort();
    const values = Float64Array.from(places, (p) => dense[p] / some.length);
    for (const place of places) dense[place] = 0;
    return { places, values };
  }

  return {
    largest,
    add(distances) {
      const i = added++;
      let most = 0;
      for (const d of distances) if (d > most) most = d;
      largest[i] = most;
      let filled = 0;
      // Nearest first, the earlier of equals first.
      for (let j = 0; j < count; j++) {
        const own = scaled(distances[j], most);
        if (filled === width && own >= nearest[width - 1]) continue;
        let at = filled < width ? filled++ : width - 1;
        for (; at > 0 && nearest[at - 1] > own; at--) {
          nearest[at] = nearest[at - 1];
          order[at] = order[at - 1];
        }
        nearest[at] = own;
        order[at] = j;
      }
      neighbours.set(order, i * width);
    },
    encode() {
      const plain = Array.from({ length: count }, (_, i) => encoding(i));
      const dense = new Float64Array(count);
      encodings = k2 === 1
        ? plain
        : plain.map((_, i) => averaged(i, plain, dense));
      sums = Float64Array.from(
        encodings,
        ({ values }) => values.reduce((a, b) => a + b, 0),
      );
      columns = columnsOf(encodings, queries, count);
    },
    // 1 - sum of the smaller / sum of the larger.
    jaccard(query) {
      const least = new Float64Array(count - queries);
      const { places, values } = encodings[query];
      places.forEach((place, n) => {
        const column = columns[place];
        for (let k = 0; k < column.places.length; k++) {
          least[column.places[k]] += Math.min(values[n], column.values[k]);
        }
      });
      return least.map((common, j) => {
        // Encodings of the released code add up to one each.
        const both = variant === "released"
          ? 2
          : sums[query] + sums[queries + j];
        return both === 0 ? 1 : 1 - common / (both - common);
      });
    },
  };
}

function scaled(distance: number, largest: number): number {
  return largest > 0 ? distance / largest : 0;
}

/** For each place, the gallery images whose encoding is not zero there. */
function columnsOf(
  encodings: Sparse[],
  queries: number,
  count: number,
): Sparse[] {
  const lengths = new Int32Array(count);
  const gallery = encodings.slice(queries);
  for (const { places } of gallery) {
    for (const place of places) lengths[place]++;
  }
  const columns = Array.from(lengths, (length) => ({
    places: new Int32Array(length),
    values: new Float64Array(length),
  }));
  lengths.fill(0);
  gallery.forEach(({ places, values }, j) => {
    places.forEach((place, n) => {
      const at = lengths[place]++;
      columns[place].places[at] = j;
      columns[place].values[at] = values[n];
    });
  });
  return columns;
}
