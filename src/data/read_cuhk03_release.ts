/**
 * CUHK03 as its authors release it: `cuhk-03.mat`, a MATLAB v7.3 file that holds images and test sets.
 *
 * @module
 */
import { encodePng, type MatArray, openMat73 } from "../io/mod.ts";
import {
  type Cuhk03Split,
  readCuhk03Split,
  splitFileName,
} from "./cuhk03_split.ts";
import type { Dataset, ImageRecord } from "./image_record.ts";
import { type Cuhk03Boxes, cuhk03Protocol } from "./read_cuhk03.ts";

/** Options of {@linkcode readCuhk03Release}. */
export interface ReadCuhk03ReleaseOptions {
  /** Which images. @default "detected" */
  boxes?: Cuhk03Boxes;
  /** Which division. @default "new" where its file is there, else "classic" */
  protocol?: "new" | "classic";
  /** Which of the 20 test sets of the classic protocol. @default 0 */
  split?: number;
  /** Called after each camera pair. */
  onProgress?: (done: number, total: number) => void;
  /** Stops reading. */
  signal?: AbortSignal;
}

/** Images of a person in one camera: the first five of ten are the first camera's. */
const PER_CAMERA = 5;
const CLASSIC_SPLITS = 20;

/** An image in the file: which, and where. */
interface Found {
  /** Camera pair, person, camera and image, from 1, as in `1_001_2_08`. */
  name: string;
  /** Camera pair and person. */
  person: string;
  camera: number;
  place: string;
}

/**
 * Lists the images of the raw release. They are in the file as pixels; `bytes` gives them as PNG.
 *
 * The new protocol (767 training and 700 test identities) comes in a file of its own,
 * `cuhk03_new_protocol_config_detected.mat` or `..._labeled.mat`, and gives splits `train`, `query` and `gallery`. The
 * classic protocol has 20 test sets of 100 identities in the release itself, splits are `train` and `test`. `protocol`
 * always names boxes and division.
 *
 * @param folder Folder that holds `cuhk-03.mat`.
 * @param options Which boxes, which division.
 * @returns Images, in the order of the new protocol's list, or by person and number.
 * @throws {RangeError} If a file is missing, or `split` is none of the 20.
 * @throws {SyntaxError} If a file is damaged or holds other arrays.
 * @throws {DOMException} `AbortError`, if the signal stops it.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { readCuhk03Release } from "@outis/outis/data";
 *
 * await assertRejects(() => readCuhk03Release("nowhere"), RangeError);
 * ```
 */
export async function readCuhk03Release(
  folder: string,
  options: ReadCuhk03ReleaseOptions = {},
): Promise<Dataset> {
  const { boxes = "detected", split = 0 } = options;
  const path = `${folder}/cuhk-03.mat`;
  const config = `${folder}/${splitFileName(boxes)}`;
  const protocol = options.protocol ??
    (await isFile(config) ? "new" : "classic");
  for (const name of protocol === "new" ? [path, config] : [path]) {
    if (await isFile(name)) continue;
    throw new RangeError(
      `Cannot read cuhk03 as '${name}' must be an existing file: current value is not there`,
    );
  }
  if (!(Number.isInteger(split) && split >= 0 && split < CLASSIC_SPLITS)) {
    throw new RangeError(
      `Cannot read cuhk03 as 'split' must be a whole number from 0 to ${
        CLASSIC_SPLITS - 1
      }: current value is ${split}`,
    );
  }
  using file = await openMat73(path);
  const problems: string[] = [];
  const images = await listImages(file.get(boxes), path, problems, options);
  const records = protocol === "new"
    ? byNewProtocol(images, await readCuhk03Split(config), config, problems)
    : byClassicProtocol(images, testSet(file.get("testsets"), split, path));
  if (records.length === 0) {
    throw new SyntaxError(
      `Cannot read cuhk03 as '${path}' must hold images: current value is one with none`,
    );
  }
  return {
    layout: "cuhk03",
    protocol: cuhk03Protocol(protocol, boxes, split),
    records: records.map(({ name, place, ...rest }) => ({
      path: `${path}#${boxes}/${name}`,
      ...rest,
      bytes: () => readImage(path, place),
    })),
    problems,
  };
}

type Placed =
  & Pick<ImageRecord, "identity" | "camera" | "split">
  & Pick<Found, "name" | "place">;

async function listImages(
  boxes: MatArray,
  path: string,
  problems: string[],
  { onProgress, signal }: ReadCuhk03ReleaseOptions,
): Promise<Found[]> {
  const found: Found[] = [];
  const pairs = cellsOf(boxes, path);
  for (const [pair, people] of pairs.entries()) {
    await new Promise((resolve) => setTimeout(resolve)); // lets an interruption in
    signal?.throwIfAborted();
    onProgress?.(pair, pairs.length);
    // Seen from MATLAB people are rows: here they are the second axis.
    const count = people.shape[1] ?? 0;
    const cells = cellsOf(people, path);
    for (let p = 0; p < count; p++) {
      const person = `${pair + 1}_${String(p + 1).padStart(3, "0")}`;
      for (let i = 0; i * count + p < cells.length; i++) {
        const { shape, place } = cells[i * count + p];
        const camera = i < PER_CAMERA ? 1 : 2;
        const name = `${person}_${camera}_${String(i + 1).padStart(2, "0")}`;
        if (shape.includes(0)) continue; // people have up to five images a camera
        if (shape.length !== 3 || shape[0] !== 3) {
          problems.push(
            `${path}#${name} is left out: not an image of three channels`,
          );
        } else found.push({ name, person, camera, place });
      }
    }
  }
  onProgress?.(pairs.length, pairs.length);
  return found;
}

function byNewProtocol(
  images: readonly Found[],
  listed: readonly Cuhk03Split[],
  config: string,
  problems: string[],
): Placed[] {
  const byName = new Map(images.map((image) => [image.name, image]));
  const records: Placed[] = [];
  for (const { file, identity, camera, split } of listed) {
    const name = file.replace(/\.\w+$/, "");
    const image = byName.get(name);
    if (image === undefined) {
      problems.push(
        `${file} of ${config} is left out: it is not in the release`,
      );
    } else if (image.camera !== camera) {
      problems.push(
        `${file} of ${config} is left out: its camera is given as ${camera}`,
      );
    } else records.push({ name, place: image.place, identity, camera, split });
  }
  return records;
}

function byClassicProtocol(
  images: readonly Found[],
  test: ReadonlySet<string>,
): Placed[] {
  return images.map(({ name, place, person, camera }) => ({
    name,
    place,
    identity: person,
    camera,
    split: test.has(person) ? "test" : "train",
  }));
}

function testSet(sets: MatArray, split: number, path: string): Set<string> {
  const all = cellsOf(sets, path);
  const numbers = all[split]?.numbers() ?? [];
  const count = numbers.length / 2;
  if (count === 0 || !Number.isInteger(count)) {
    throw new SyntaxError(
      `Cannot read cuhk03 as '${path}' must hold ${CLASSIC_SPLITS} test sets of camera pairs and people: current value is one with ${all.length}`,
    );
  }
  return new Set(Array.from(
    { length: count },
    (_, i) => `${numbers[i]}_${String(numbers[count + i]).padStart(3, "0")}`,
  ));
}

function cellsOf(array: MatArray, path: string): MatArray[] {
  const cells = array.cells();
  if (cells !== undefined) return cells;
  throw new SyntaxError(
    `Cannot read cuhk03 as '${path}' must hold cell arrays: current value is one with numbers in ${array.place}`,
  );
}

async function readImage(path: string, place: string): Promise<Uint8Array> {
  using file = await openMat73(path);
  const { shape: [channels, width, height], numbers } = file.at(place);
  const bytes = numbers();
  const pixels = new Float32Array(bytes.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        const value = bytes[(c * width + x) * height + y];
        pixels[(y * width + x) * channels + c] = value / 127.5 - 1;
      }
    }
  }
  return await encodePng({ pixels, height, width });
}

async function isFile(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => undefined))?.isFile ?? false;
}
