/**
 * Images that are parts of others: copies, mirrored, compressed once more, or cut out.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import {
  type Crop,
  cropPicture,
  mirror,
  standardize,
  WHOLE,
} from "./crop_picture.ts";
import { nearestNeighbours } from "./nearest_neighbours.ts";
import { type PixelPrints, PRINT_SIDE, printOf } from "./pixel_prints.ts";

/** Options of {@linkcode findDuplicates}. */
export interface FindDuplicatesOptions {
  /**
   * Least correlation of the aligned grey pixels, in (0, 1].
   *
   * @default {0.95}
   */
  correlation?: number;
  /**
   * Images of the first set that each image of the second is aligned with: those most alike at a coarse look.
   *
   * @default {8}
   */
  candidates?: number;
  /**
   * First images that an image of the second set, an index, is aligned with.
   *
   * @default {those most alike at a coarse look at all of them, whose time grows with pairs of images}
   */
  among?: (second: number) => readonly number[];
  /** Called as the search goes on: crops looked at, then images aligned. */
  onProgress?: (done: number, total: number) => void;
  /** Stops the search. */
  signal?: AbortSignal;
}

/** An image of the second set that is one of the first, or a part of it. */
export interface PixelDuplicate {
  /** Image of the first set, an index. */
  first: number;
  /** Image of the second set, an index. */
  second: number;
  /** Correlation of the aligned grey pixels, at most 1; 1 for equal pixels. */
  correlation: number;
  /** Which part of the first it is, found to about a hundredth of the sides. */
  crop: Crop;
  /** Whether it is mirrored. */
  flipped: boolean;
}

/** Shares of the sides that the coarse look tries, and how far apart its crops begin at most. */
const SHARES = [1, 0.93, 0.86, 0.8];
const STEP = 0.075;
/** Sides of the pictures that are compared coarsely, and aligned. */
const COARSE = 8;
const FINE = 32;
/** Deviation in grey levels below which a picture shows nothing to compare. */
const CONTRAST = 2;
/** Correlation at the coarse look from which on it is worth to align. */
const HOPE = 0.75;
/** How far an alignment moves at a time, in shares of the sides, and the correlation without which it goes no further. */
const MOVES = [
  { move: 0.04, hope: 0.85 },
  { move: 0.02, hope: 0.92 },
  { move: 0.01, hope: 0 },
];
const LEAST_SHARE = 0.65;

/**
 * Finds images of a second set that show the same pixels as one of a first, or as a part of it that keeps 75 % of the
 * sides or more.
 *
 * Crops of each first image at four scales, 8 x 8 pixels each, are compared with each second image and its mirror image;
 * the `candidates` most alike are then aligned by moving and scaling the crop until the correlation at 32 x 32 pixels
 * grows no more. For each second image the best first one is returned if its correlation is high enough. Measured on
 * procedural and on ORL faces of 64 x 64: crops of 80 to 95 % at random places, half of them compressed at JPEG quality
 * 50, correlate by 0.979 or more with their source, pictures of other people by 0.917 or less with the best of theirs.
 *
 * @param first Prints of the images that may have leaked. Borrowed.
 * @param second Prints of the images that may be leaks. Borrowed.
 * @param options Least correlation, number of candidates.
 * @returns At most one duplicate for each image of the second set, in their order.
 * @throws {RangeError} If an option is out of range.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { addPrint, findDuplicates, pixelPrints } from "@outis/outis/privacy";
 *
 * await useBackend("auto");
 * const pixels = new Float32Array(16 * 16 * 3).map((_, i) => Math.sin(i * i));
 * const prints = pixelPrints(1);
 * addPrint(prints, 0, pixels, 16);
 * const [{ correlation }] = await findDuplicates(prints, prints);
 * console.log(correlation); // 1
 * ```
 */
export async function findDuplicates(
  first: PixelPrints,
  second: PixelPrints,
  options: FindDuplicatesOptions = {},
): Promise<PixelDuplicate[]> {
  const { correlation = 0.95, candidates = 8, among } = options;
  const { onProgress, signal } = options;
  const act = "find duplicates";
  checkRange(act, "correlation", correlation, {
    min: 0,
    max: 1,
    exclusive: "min",
  });
  checkRange(act, "candidates", candidates, { min: 1, integer: true });
  const crops = coarseCrops();
  const before = among === undefined ? crops.length : 0;
  const total = before + second.count;
  const shortlist = among === undefined
    ? await shortlists(first, second, crops, {
      candidates,
      signal,
      onProgress: (done) => onProgress?.(done, total),
    })
    : undefined;
  const byDigest = new Map(
    first.digests.map((digest, i): [string, number] => [digest, i]),
  );
  const found: PixelDuplicate[] = [];
  for (let j = 0; j < second.count; j++) {
    if (j % 64 === 0) {
      await new Promise((resolve) => setTimeout(resolve)); // lets an interruption in
      signal?.throwIfAborted();
    }
    const equal = byDigest.get(second.digests[j]);
    const best = equal === undefined
      ? bestOf(
        shortlist?.[j] ?? startsOf(among!(j), first, second, j, crops),
        first,
        second,
        j,
      )
      : { first: equal, correlation: 1, crop: WHOLE, flipped: false };
    if (best !== undefined && best.correlation >= correlation) {
      found.push({ ...best, second: j });
    }
    onProgress?.(before + j + 1, total);
  }
  return found;
}

/** A first image that a second one may be cut from. */
interface Candidate {
  first: number;
  similarity: number;
  crop: Crop;
  flipped: boolean;
}

function coarseCrops(): Crop[] {
  return SHARES.flatMap((share) => {
    const room = 1 - share;
    const places = Math.max(1, Math.ceil(room / STEP - 1e-9) + 1);
    const starts = Array.from(
      { length: share === 1 ? 1 : places },
      (_, k) => share === 1 ? 0 : room * k / (places - 1),
    );
    return starts.flatMap((top) =>
      starts.map((left) => ({ share, top, left }))
    );
  });
}

/** For each second image, upright and mirrored, the first images most alike at a coarse look. */
async function shortlists(
  first: PixelPrints,
  second: PixelPrints,
  crops: readonly Crop[],
  { candidates, onProgress, signal }: {
    candidates: number;
    onProgress: (done: number) => void;
    signal?: AbortSignal;
  },
): Promise<Candidate[][]> {
  const size = COARSE * COARSE;
  const queries = new Float32Array(2 * second.count * size);
  for (let j = 0; j < second.count; j++) {
    const picture = cropPicture(printOf(second, j), PRINT_SIDE, COARSE);
    queries.set(standardize(picture, CONTRAST), 2 * j * size);
    queries.set(mirror(picture, COARSE), (2 * j + 1) * size);
  }
  const lists: Candidate[][] = Array.from({ length: second.count }, () => []);
  const gallery = new Float32Array(first.count * size);
  for (const [k, crop] of crops.entries()) {
    for (let i = 0; i < first.count; i++) {
      const part = cropPicture(printOf(first, i), PRINT_SIDE, COARSE, crop);
      gallery.set(standardize(part, CONTRAST), i * size);
    }
    const { forward } = await nearestNeighbours(
      { data: queries, width: size },
      { data: gallery, width: size },
      {
        count: Math.min(candidates, first.count),
        backward: false,
        ...(signal && { signal }),
      },
    );
    for (let q = 0; q < 2 * second.count; q++) {
      for (let n = 0; n < forward.count; n++) {
        const at = q * forward.count + n;
        offer(lists[q >> 1], candidates, {
          first: forward.indices[at],
          similarity: forward.similarities[at],
          crop,
          flipped: q % 2 === 1,
        });
      }
    }
    onProgress(k + 1);
  }
  return lists;
}

/** The best crops of first images that are given. */
function startsOf(
  given: readonly number[],
  first: PixelPrints,
  second: PixelPrints,
  j: number,
  crops: readonly Crop[],
): Candidate[] {
  const upright = standardize(
    cropPicture(printOf(second, j), PRINT_SIDE, COARSE),
    CONTRAST,
  );
  const queries = [upright, mirror(upright, COARSE)];
  const list: Candidate[] = [];
  for (const i of new Set(given)) {
    for (const crop of crops) {
      const part = standardize(
        cropPicture(printOf(first, i), PRINT_SIDE, COARSE, crop),
        CONTRAST,
      );
      for (const [q, query] of queries.entries()) {
        const similarity = part.reduce((sum, x, k) => sum + x * query[k], 0);
        const flipped = q === 1;
        offer(list, 2 * given.length, { first: i, similarity, crop, flipped });
      }
    }
  }
  return list;
}

/** Keeps the best crop of each first image, and the best images. */
function offer(list: Candidate[], most: number, candidate: Candidate): void {
  if (candidate.similarity < HOPE) return;
  const known = list.findIndex(({ first, flipped }) =>
    first === candidate.first && flipped === candidate.flipped
  );
  if (known >= 0) {
    if (list[known].similarity >= candidate.similarity) return;
    list.splice(known, 1);
  }
  const at = list.findIndex((x) => x.similarity < candidate.similarity);
  list.splice(at < 0 ? list.length : at, 0, candidate);
  if (list.length > most) list.pop();
}

/** The candidate that aligns best. */
function bestOf(
  list: readonly Candidate[],
  first: PixelPrints,
  second: PixelPrints,
  j: number,
): Omit<PixelDuplicate, "second"> | undefined {
  const upright = standardize(
    cropPicture(printOf(second, j), PRINT_SIDE, FINE),
    CONTRAST,
  );
  const mirrored = mirror(upright, FINE);
  let best: Omit<PixelDuplicate, "second"> | undefined;
  for (const { first: i, crop, flipped } of list) {
    const aligned = align(
      printOf(first, i),
      flipped ? mirrored : upright,
      crop,
    );
    if (best === undefined || aligned.correlation > best.correlation) {
      best = { first: i, flipped, ...aligned };
    }
  }
  return best;
}

/** Climbs to the crop that correlates best. */
function align(
  picture: Uint8Array,
  target: Float64Array,
  start: Crop,
): { correlation: number; crop: Crop } {
  const look = (crop: Crop) => {
    const part = standardize(
      cropPicture(picture, PRINT_SIDE, FINE, crop),
      CONTRAST,
    );
    let correlation = 0;
    for (let i = 0; i < part.length; i++) correlation += part[i] * target[i];
    return { correlation: Math.min(1, correlation), crop };
  };
  let best = look(start);
  for (const { move, hope } of MOVES) {
    for (let turn = 0; turn < 8; turn++) {
      const before = best.correlation;
      for (const crop of around(best.crop, move)) {
        const next = look(crop);
        if (next.correlation > best.correlation) best = next;
      }
      if (best.correlation <= before + 1e-6) break;
    }
    if (best.correlation < hope) break;
  }
  return best;
}

/** Crops moved, shrunk or grown towards each side by a step, within the picture. */
function around({ share, top, left }: Crop, move: number): Crop[] {
  const moves = [
    [0, move, 0],
    [0, -move, 0],
    [0, 0, move],
    [0, 0, -move],
    [-move, move / 2, move / 2],
    [move, -move / 2, -move / 2],
    ...[0, move].flatMap((down) =>
      [0, move].map((right) => [-move, down, right])
    ),
    ...[0, -move].flatMap((up) => [0, -move].map((back) => [move, up, back])),
  ];
  return moves.map(([grow, down, right]) => {
    const size = Math.max(LEAST_SHARE, Math.min(1, share + grow));
    const inside = (start: number) => Math.max(0, Math.min(1 - size, start));
    return { share: size, top: inside(top + down), left: inside(left + right) };
  });
}
