/**
 * The target of a run, as its configuration names it.
 *
 * @module
 */
import {
  type ImageSet,
  type Layout,
  readDataset,
  readImageFolder,
  readImages,
} from "../data/mod.ts";
import { renderPeople } from "../stages/mod.ts";
import { proceduralTarget } from "./presets.ts";

/** What a run remembers of its target. */
export interface TargetChoice {
  /** Folder of the images; null for procedural people. */
  data: string | null;
  /** How they lie there. */
  layout: Layout;
  /** Whether broken images are left out. */
  skipBad: boolean;
  /** Seed of procedural people. */
  settings: { seed: number };
}

/**
 * Reads the images of a target, or renders the procedural people that stand for one.
 *
 * @param target Which.
 * @param size Size of the images, pixels.
 * @param signal Ends the work.
 * @param onStep Called as it goes on.
 * @returns The images, and a phrase on where they come from.
 * @throws {RangeError} If there is nothing to train on.
 *
 * @example
 * ```ts
 * import { readTarget } from "./read_target.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const none = readTarget(
 *   { data: folder, layout: "folder", skipBad: false, settings: { seed: 0 } },
 *   { height: 64, width: 64 },
 *   new AbortController().signal,
 *   () => {},
 * );
 * await none.catch((error) => console.log(error.message)); // there are no images
 * await Deno.remove(folder);
 * ```
 */
export async function readTarget(
  { data, layout = "folder", skipBad, settings }: TargetChoice,
  { height, width }: { height: number; width: number },
  signal: AbortSignal,
  onStep: (
    part: string,
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void,
): Promise<{ images: ImageSet; source: string }> {
  if (data !== null) {
    const options = {
      size: { height, width },
      skipBad,
      signal,
      onProgress: (done: number, total: number) =>
        onStep("read images", done, total, {}),
    };
    const { images, from } = layout === "folder"
      ? { images: await readImageFolder(data, options), from: "a folder" }
      : await trainingImages(data, layout, options);
    return {
      images,
      source:
        `${images.count} images of ${images.identities.length} people from ${from}`,
    };
  }
  const { identities, imagesPerIdentity } = proceduralTarget;
  const images = await renderPeople({
    ...proceduralTarget,
    size: height,
    seed: settings.seed,
    signal,
    onStep: (done, total) => onStep("render people", done, total, {}),
  });
  return {
    images,
    source:
      `${identities} procedural people with ${imagesPerIdentity} pictures each, whom the prior has never seen`,
  };
}

/** The training images of a data set: neither junk nor distractors, nor what is kept for tests. */
async function trainingImages(
  data: string,
  layout: Layout,
  options: Parameters<typeof readImages>[1],
): Promise<{ images: ImageSet; from: string }> {
  const { records, protocol, problems } = await readDataset(data, {
    layout,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const wanted = records.filter(({ role, split }) =>
    role === undefined && (split ?? "train") === "train"
  );
  if (wanted.length === 0) {
    throw new RangeError(
      `Cannot reproduce as '--data' must hold images to train on: current value is ${data}, which has none`,
    );
  }
  const images = await readImages(wanted, options);
  images.problems.unshift(...problems);
  return { images, from: protocol };
}
