/**
 * Leaks of known kind and place in a synthetic set: what an audit has to find.
 *
 * @module
 */
import { randomStream } from "../core/mod.ts";
import { gatherPixels, type ImageSet } from "../data/mod.ts";
import { decodeImage, encodeJpeg } from "../io/mod.ts";

/**
 * Kinds of leaks: a real picture as it is, mirrored, compressed once more, cut out a little smaller, or another picture of
 * a real person.
 */
export type LeakKind =
  | "copy"
  | "flip"
  | "recompression"
  | "crop"
  | "samePerson";

/** One planted leak. */
export interface PlantedLeak {
  /** Index in the synthetic set. */
  index: number;
  /** Index in the real set of the picture that leaked, or, for `"samePerson"`, in the set of others. */
  from: number;
  /** What was done to it. */
  kind: LeakKind;
}

/** Options of {@linkcode plantLeaks}. */
export interface PlantLeaksOptions {
  /** Leaks of each kind. */
  count: number;
  /**
   * Which kinds.
   *
   * @default {["copy", "flip", "recompression", "crop"]}, and "samePerson" where `others` are given
   */
  kinds?: readonly LeakKind[];
  /** Further pictures of the real set's people, none of them in it; needed by `"samePerson"`. */
  others?: ImageSet;
  /**
   * JPEG quality of a recompression, 1 to 100.
   *
   * @default {50}
   */
  quality?: number;
  /**
   * Share of the sides that a crop keeps, in (0, 1).
   *
   * @default {0.9}
   */
  crop?: number;
  /**
   * Where a crop is cut out: in the middle, or where the seed says.
   *
   * @default {"middle"}
   */
  cropPlace?: "middle" | "random";
  /**
   * Seed of places and pictures.
   *
   * @default {0}
   */
  seed?: number;
}

/**
 * Replaces pictures of a synthetic set by leaks of real ones, at places drawn by the seed.
 *
 * @param synthetic A set that leaks nobody. Not changed.
 * @param real The people who must not leak, pictures of the same size.
 * @param options How many of which kinds.
 * @returns A copy of the set with leaks in it, under the same labels and paths, and where they are.
 * @throws {RangeError} If there are fewer pictures than leaks, an option is out of range, or `"samePerson"` comes without
 *   others.
 * @throws {TypeError} If the sizes differ.
 *
 * @example
 * ```ts
 * import { plantLeaks } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const size = { identities: 2, imagesPerIdentity: 2, size: 16 };
 * const real = proceduralFaces(size);
 * const synthetic = proceduralFaces({ ...size, firstIdentity: 2 });
 * const { leaks } = await plantLeaks(synthetic, real, { count: 1, kinds: ["flip"] });
 * console.log(leaks.length); // 1
 * ```
 */
export async function plantLeaks(
  synthetic: ImageSet,
  real: ImageSet,
  options: PlantLeaksOptions,
): Promise<{ images: ImageSet; leaks: PlantedLeak[] }> {
  const { count, others, quality = 50, crop = 0.9, seed = 0 } = options;
  const { cropPlace = "middle" } = options;
  const usual: LeakKind[] = ["copy", "flip", "recompression", "crop"];
  const kinds = options.kinds ??
    (others === undefined ? usual : [...usual, "samePerson"]);
  const act = "plant leaks";
  const needed = count * kinds.length;
  if (!(Number.isInteger(count) && count >= 1 && needed <= synthetic.count)) {
    throw new RangeError(
      `Cannot ${act} as 'count' must be a whole number of at least 1, and ${kinds.length} kinds of them fit into ${synthetic.count} pictures: current value is ${count}`,
    );
  }
  if (!(crop > 0 && crop < 1)) {
    throw new RangeError(
      `Cannot ${act} as 'crop' must be in (0, 1): current value is ${crop}`,
    );
  }
  if (kinds.includes("samePerson") && others === undefined) {
    throw new RangeError(
      `Cannot ${act} as 'others' must be given for the kind "samePerson": current value is undefined`,
    );
  }
  const { height, width } = synthetic;
  for (const [name, set] of Object.entries({ real, others })) {
    if (set !== undefined && (set.height !== height || set.width !== width)) {
      throw new TypeError(
        `Cannot ${act} as '${name}' must have pictures of ${height} x ${width}: current value is ${set.height} x ${set.width}`,
      );
    }
  }
  const random = randomStream(seed, "plant leaks");
  const places = random.fork("places").permutation(synthetic.count);
  const length = height * width * 3;
  const images = Float32Array.from(
    gatherPixels(
      synthetic,
      Array.from({ length: synthetic.count }, (_, i) => i),
    ),
  );
  const leaks: PlantedLeak[] = [];
  for (const kind of kinds) {
    const source = kind === "samePerson" ? others! : real;
    const chosen = random.fork(kind).permutation(source.count);
    const cuts = random.fork("crop places");
    for (let i = 0; i < count; i++) {
      const index = places[leaks.length];
      const from = chosen[i % source.count];
      const pixels = gatherPixels(source, [from]);
      const leaked = await alter(pixels, kind, {
        height,
        width,
        quality,
        crop,
        place: cropPlace === "middle"
          ? [0.5, 0.5]
          : [cuts.uniform(), cuts.uniform()],
      });
      images.set(leaked, index * length);
      leaks.push({ index, from, kind });
    }
  }
  return { images: { ...plain(synthetic), images }, leaks };
}

/** A set's fields without its pixels, which may lie elsewhere. */
function plain(set: ImageSet): Omit<ImageSet, "images"> {
  const { height, width, count, labels, identities, paths, problems } = set;
  return { height, width, count, labels, identities, paths, problems };
}

async function alter(
  pixels: Float32Array,
  kind: LeakKind,
  { height, width, quality, crop, place }: {
    height: number;
    width: number;
    quality: number;
    crop: number;
    place: readonly [down: number, right: number];
  },
): Promise<Float32Array> {
  if (kind === "flip") {
    return pixels.map((_, at) => {
      const x = Math.floor(at / 3) % width;
      return pixels[at + 3 * (width - 1 - 2 * x)];
    });
  }
  if (kind === "recompression") {
    const image = { pixels, height, width };
    return (await decodeImage(await encodeJpeg(image, { quality }))).pixels;
  }
  if (kind === "crop") {
    return enlarge(pixels, { height, width, share: crop, place });
  }
  return pixels;
}

/** A part of a picture, enlarged to its size, bilinear; its place is the share of the room before it. */
function enlarge(
  pixels: Float32Array,
  { height, width, share, place: [down, right] }: {
    height: number;
    width: number;
    share: number;
    place: readonly [down: number, right: number];
  },
): Float32Array {
  const place = (
    i: number,
    count: number,
    room: number,
  ): [number, number] => {
    const at = (i + 0.5) * share + room * (1 - share) * count - 0.5;
    const low = Math.max(0, Math.min(count - 2, Math.floor(at)));
    return [low, at - low];
  };
  return pixels.map((_, at) => {
    const c = at % 3;
    const [x, dx] = place(Math.floor(at / 3) % width, width, right);
    const [y, dy] = place(Math.floor(at / (3 * width)), height, down);
    const value = (row: number, column: number) =>
      pixels[(row * width + column) * 3 + c];
    const top = value(y, x) + (value(y, x + 1) - value(y, x)) * dx;
    const low = value(y + 1, x) + (value(y + 1, x + 1) - value(y + 1, x)) * dx;
    return top + (low - top) * dy;
  });
}
