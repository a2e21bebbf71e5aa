/**
 * Tables on procedural people: who is trained on, and who is judged on.
 *
 * @module
 */
import { type ImageSet, joinImages, subsetImages } from "../data/mod.ts";
import { faceGroups, type GroupShares } from "../world/mod.ts";
import type { GroupedImages } from "./evaluate_bias.ts";
import type { TableNumber } from "./paper_rows.ts";
import {
  type RenderedPeople,
  renderPeople,
  type RenderPeopleOptions,
} from "./render_people.ts";
import type { ReidTest } from "./reid_sides.ts";
import { groupsJudge } from "./table_groups_judge.ts";
import { setsJudge } from "./table_judges.ts";
import { personsJudge } from "./table_persons_judge.ts";
import { oncePerSize, type TableTarget } from "./table_target.ts";

/** How many procedural people a table has. Plain data. */
export type ProceduralTablePeople = {
  /** People to train on. */
  identities: number;
  /** Pictures of each. */
  imagesPerIdentity: number;
  /** Strangers in each test set. */
  testIdentities: number;
  /** Pictures of each. */
  testImagesPerIdentity: number;
  /** Shares of the groups among the people trained on. @default people as they come */
  groups?: GroupShares;
};

/** Options of {@linkcode proceduralTable}. */
export interface ProceduralTableOptions {
  /** How many. */
  people: ProceduralTablePeople;
  /** Rows of a test picture; faces are square, pedestrians half as wide. */
  height: number;
  /** Seed of the population. */
  seed: number;
  /** Whether the rankings of Table 1 are re-ranked. @default false */
  reRank?: boolean;
  /** Ends the work. */
  signal?: AbortSignal | undefined;
  /** Called as the work goes on. */
  onStep?: (part: string, done: number, total: number) => void;
}

/** The people whom the shipped prior has never seen begin here. */
const FIRST_TRAINED = 1_000_000;
const FIRST_TESTED = 2_000_000;
/** Room between the test sets, so that they share nobody. */
const APART = 10_000;

/** Test sets of the second table: what makes faces hard to verify, one at a time. */
const FACE_SETS: { [name: string]: Partial<RenderPeopleOptions> } = {
  "as trained": {},
  "years apart": { ageRange: 1 },
  "partly hidden": { occlusion: 0.5 },
  "any camera": { cameraRange: 1 },
};

/**
 * Renders the test sets of a table; the training images are rendered when asked for.
 *
 * Table 1: pedestrians of six cameras; two pictures of each stranger search among the others'. Table 2: four sets of
 * faces, with one difficulty each. Table 3: a set of each of the four groups, after training on an unbalanced population.
 *
 * @param number Which table.
 * @param options How many people, how large.
 * @returns Training images and judge.
 * @throws {RangeError} If there are too few people or pictures to judge on.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { proceduralTable } from "@outis/outis/stages";
 *
 * const people = { identities: 2, imagesPerIdentity: 2, testIdentities: 2, testImagesPerIdentity: 3 };
 * const { judge } = await proceduralTable(1, { people, height: 16, seed: 0 });
 * console.log(judge.columns); // mAP, Rank-1
 * ```
 */
export async function proceduralTable(
  number: TableNumber,
  options: ProceduralTableOptions,
): Promise<TableTarget> {
  const { people, height, seed, signal, onStep } = options;
  const world = number === 1 ? "pedestrians" : "faces";
  const render = (part: string, rendered: Partial<RenderPeopleOptions>) =>
    renderPeople({
      identities: people.testIdentities,
      imagesPerIdentity: people.testImagesPerIdentity,
      world,
      size: height,
      seed,
      ...(signal && { signal }),
      onStep: (done, total) => onStep?.(part, done, total),
      ...rendered,
    });
  const tests = async (
    sets: { [name: string]: Partial<RenderPeopleOptions> },
  ) => {
    const rendered: { [name: string]: ImageSet } = {};
    for (const [i, [name, own]] of Object.entries(sets).entries()) {
      const firstIdentity = FIRST_TESTED + i * APART;
      rendered[name] = await render(`render ${name}`, {
        firstIdentity,
        ...own,
      });
    }
    return rendered;
  };
  const { testIdentities, testImagesPerIdentity } = people;
  const size =
    `${testIdentities} procedural strangers with ${testImagesPerIdentity} pictures each`;
  const judge = number === 1
    ? personsJudge(
      searched(
        await render("render the gallery", { firstIdentity: FIRST_TESTED }),
      ),
      {
        source:
          `${size}, by six cameras; two pictures of each search among the others.`,
        ...(options.reRank && { reRank: true }),
      },
    )
    : number === 2
    ? setsJudge(await tests(FACE_SETS), {
      source: `${Object.keys(FACE_SETS).length} sets of ${size}: ${
        Object.keys(FACE_SETS).join(", ")
      }.`,
    })
    : groupsJudge(
      grouped(
        await tests(Object.fromEntries(
          faceGroups.map((group) => [
            `group ${group}`,
            { groups: { [group]: 1 } },
          ]),
        )),
      ),
      { source: `four groups of ${size}.` },
    );
  const { identities, imagesPerIdentity, groups } = people;
  const shares = groups === undefined
    ? ""
    : `, of the groups ${
      Object.entries(groups).map(([group, share]) => `${group} ${share}`).join(
        ", ",
      )
    }`;
  return {
    source:
      `${identities} procedural people with ${imagesPerIdentity} pictures each${shares}, whom the prior has never seen.`,
    judge,
    train: oncePerSize(({ height }) =>
      render("render people", {
        identities,
        imagesPerIdentity,
        firstIdentity: FIRST_TRAINED,
        size: height,
        ...(groups && { groups }),
      })
    ),
  };
}

/** One set of all groups. */
function grouped(sets: { [group: string]: ImageSet }): GroupedImages {
  return {
    images: Object.values(sets).reduce(joinImages),
    groups: Object.entries(sets).flatMap(([group, { identities }]) =>
      identities.map(() => group)
    ),
  };
}

/** The first two pictures of each person are looked for among the others; neighbours are by different cameras. */
function searched(people: RenderedPeople): ReidTest {
  const perPerson = people.count / people.identities.length;
  const part = (isWanted: (k: number) => boolean) => {
    const indices = [...people.labels.keys()]
      .filter((i) => isWanted(i % perPerson));
    return {
      ...subsetImages(people, indices),
      cameras: Int32Array.from(indices, (i) => people.cameras[i]),
    };
  };
  return { query: part((k) => k < 2), gallery: part((k) => k >= 2) };
}
