/**
 * The sets of images that the study of recognition trains on.
 *
 * @module
 */
import { type ImageSet, splitIdentities, subsetImages } from "../data/mod.ts";
import { networkPreset } from "../models/mod.ts";
import {
  personRecipe,
  type RecognitionArm,
  type RecognitionStudySet,
  type RenderedPeople,
  renderPeople,
} from "../stages/mod.ts";

/** How many images of how many people, and how long they are trained on. */
export interface StudySetSizes {
  /** People trained on. */
  identities: number;
  /** Images of each. */
  images: number;
  /** People tested with. */
  testIdentities: number;
  /** Images of each. */
  testImages: number;
  /** Steps of a training. */
  steps: number;
}

/** Sizes of the study. */
export interface RecognitionStudySizes {
  /** Steps on photographs. */
  photographs: { steps: number };
  /** Procedural faces. */
  faces: StudySetSizes;
  /** Procedural pedestrians. */
  persons: StudySetSizes;
}

/** Five minutes on two cores with three seeds. */
const small: RecognitionStudySizes = {
  photographs: { steps: 100 },
  faces: {
    identities: 150,
    images: 8,
    testIdentities: 60,
    testImages: 6,
    steps: 400,
  },
  persons: {
    identities: 200,
    images: 8,
    testIdentities: 60,
    testImages: 6,
    steps: 500,
  },
};

const FEW = { identities: 16, images: 4, testIdentities: 16, testImages: 3 };

/** Every part of it in a minute; the numbers mean nothing. */
const tiny: RecognitionStudySizes = {
  photographs: { steps: 2 },
  faces: { ...FEW, steps: 2 },
  persons: { ...FEW, steps: 2 },
};

/** All sizes by name. */
export const recognitionStudies: { [name: string]: RecognitionStudySizes } = {
  tiny,
  small,
};

/** Pictures are of this height; faces are square, persons half as wide. */
export const STUDY_SIZE = 64;
/** Number of the first person tested with: nobody in a training has it. */
const FIRST_TEST = 100_000;
/** Images of a person that are searched for; the others are the gallery. */
const QUERIES = 2;

const ARMS: readonly RecognitionArm[] = [
  { name: "none", training: { steps: 0 } },
  { name: "flip and crop", training: {} },
  { name: "flip, crop and Random Erasing", training: { erase: 0.5 } },
];

/** Shows the parts of the work. */
type OnStep = (part: string, done: number, total: number) => void;

/** Options of {@linkcode recognitionSets}. */
export interface RecognitionSetsOptions {
  /** Photographs of faces, and what the page calls them. @default none */
  photographs?: { images: ImageSet; source: string };
  /** Sizes of the study. */
  sizes: RecognitionStudySizes;
  /** Ends the rendering by throwing its reason. */
  signal?: AbortSignal;
  /** Called as pictures are rendered. */
  onStep?: OnStep;
}

/**
 * Makes the sets of images.
 *
 * @param options Photographs, sizes.
 * @returns Photographs where there are any, procedural faces, procedural pedestrians.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { recognitionSets, recognitionStudies } from "./recognition_study_sets.ts";
 *
 * const sets = await recognitionSets({ sizes: recognitionStudies.tiny });
 * console.log(sets.map(({ name }) => name)); // ["procedural faces", "procedural pedestrians"]
 * ```
 */
export async function recognitionSets(
  options: RecognitionSetsOptions,
): Promise<RecognitionStudySet[]> {
  const { photographs, sizes } = options;
  const sets: RecognitionStudySet[] = [];
  if (photographs !== undefined) {
    const { train, test } = splitIdentities(photographs.images, {
      testFraction: 1 / 3,
    });
    sets.push(faceSet("photographs of faces", sizes.photographs.steps, {
      train,
      test,
      source: `${photographs.source}, split by person.`,
    }));
  }
  const faces = await population("faces", sizes.faces, options);
  sets.push(faceSet("procedural faces", sizes.faces.steps, {
    ...faces,
    source: "Rendered.",
  }));
  const persons = await population("pedestrians", sizes.persons, options);
  sets.push(personSet(sizes.persons.steps, persons));
  return sets;
}

function faceSet(
  name: string,
  steps: number,
  { train, test, source }: { train: ImageSet; test: ImageSet; source: string },
): RecognitionStudySet {
  const { height, width } = train;
  return {
    name,
    source: `${source} Trained on ${count(train)}, verified on ${count(test)}.`,
    train,
    test: { faces: test },
    network: networkPreset("small", { height, width }),
    training: { steps, batchSize: 32, rate: 0.05 },
    how:
      `The small recogniser, CosFace (margin 0.25, scale 24), SGD with momentum 0.9 and weight decay 5e-4 but for norms, rate 0.05, ${steps} steps of 32 images.`,
    arms: ARMS,
  };
}

function personSet(
  steps: number,
  { train, test }: { train: RenderedPeople; test: RenderedPeople },
): RecognitionStudySet {
  const { height, width } = train;
  const side = (isIn: (turn: number) => boolean) => {
    const turns = new Map<number, number>();
    const indices = Array.from(test.labels, (label, i) => {
      const turn = turns.get(label) ?? 0;
      turns.set(label, turn + 1);
      return isIn(turn) ? i : -1;
    }).filter((i) => i >= 0);
    const cameras = indices.map((i) => test.cameras[i]);
    return { ...subsetImages(test, indices), cameras };
  };
  const query = side((turn) => turn < QUERIES);
  const gallery = side((turn) => turn >= QUERIES);
  return {
    name: "procedural pedestrians",
    source: `Rendered, six cameras. Trained on ${
      count(train)
    }; ${query.count} queries in a gallery of ${gallery.count} images of ${test.identities.length} people.`,
    train,
    test: { persons: { query, gallery } },
    network: networkPreset("resnet-small", { height, width, neck: true }),
    // A network of a hundredth of the size takes ten times the rate, and its images a quarter of the crop.
    training: { ...personRecipe(), steps, rate: 3.5e-3, padding: 3 },
    how:
      `A ResNet-18 of a quarter of the channels with BNNeck, cross-entropy (smoothing 0.1) and batch-hard triplet (margin 0.3), Adam with coupled weight decay 5e-4, rate 3.5e-3 stepped down twice, ${steps} steps of 16 x 4 images.`,
    arms: ARMS,
  };
}

async function population(
  world: "faces" | "pedestrians",
  sizes: StudySetSizes,
  { signal, onStep }: RecognitionSetsOptions,
): Promise<{ train: RenderedPeople; test: RenderedPeople }> {
  const render = (part: string, identities: number, images: number, from = 0) =>
    renderPeople({
      world,
      identities,
      imagesPerIdentity: images,
      firstIdentity: from,
      size: STUDY_SIZE,
      seed: 0,
      ...(signal && { signal }),
      onStep: (done, total) => onStep?.(`${world}, ${part}`, done, total),
    });
  const { identities, images, testIdentities, testImages } = sizes;
  return {
    train: await render("training", identities, images),
    test: await render("test", testIdentities, testImages, FIRST_TEST),
  };
}

function count({ count, identities }: ImageSet): string {
  return `${count} images of ${identities.length} people`;
}
