/**
 * Tables on procedural people: who is trained on, and who is judged on.
 *
 * @module
 */
import { checkOneOf, checkRange } from "../core/mod.ts";
import { type ImageSet, joinImages, subsetImages } from "../data/mod.ts";
import { faceGroups, type GroupShares } from "../world/mod.ts";
import type { GroupedImages } from "./evaluate_bias.ts";
import type { TableNumber } from "./paper_rows.ts";
import type { WorldName } from "./render_person.ts";
import {
  type RenderedPeople,
  renderPeople,
  type RenderPeopleOptions,
} from "./render_people.ts";
import type { ReidTest } from "./reid_sides.ts";
import { groupsJudge } from "./table_groups_judge.ts";
import { averageColumn, setsJudge } from "./table_judges.ts";
import { personsJudge } from "./table_persons_judge.ts";
import {
  oncePerSize,
  type TableJudge,
  type TableTarget,
} from "./table_target.ts";

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
  /** Who of the population: each draw, a whole number below 60, has people of its own. @default the first */
  draw?: number | undefined;
  /** People to report on, or others for choosing settings: nobody is in both. @default "test" */
  population?: Population | undefined;
  /** Whether the rankings of Table 1 are re-ranked. @default false */
  reRank?: boolean;
  /** Ends the work. */
  signal?: AbortSignal | undefined;
  /** Called as the work goes on. */
  onStep?: (part: string, done: number, total: number) => void;
}

/** Two parts of the population that share nobody: settings are chosen on the one, and reported on the other. */
export type Population = "test" | "tune";

/** Both. */
export const POPULATIONS: readonly Population[] = ["test", "tune"];

/** Beyond all whom priors, auditors and the other judges of this package have seen: those have less than ten million. */
const FIRST_TRAINED: Record<Population, number> = {
  test: 10_000_000,
  tune: 30_000_000,
};
const FIRST_TESTED: Record<Population, number> = {
  test: 20_000_000,
  tune: 40_000_000,
};
/** Room between the sets of one draw, so that they share nobody; and between the tests of two draws. */
const APART = 10_000;
const DRAWS_APART = 50_000;
const DRAWS = 60;

/**
 * Where a table's pictures come from is not where the prior's came from: softer light on faces and cameras that vary twice
 * as much, and a street's cameras no one has trained on.
 */
const ELSEWHERE: Record<WorldName, Partial<RenderPeopleOptions>> = {
  faces: { lightRange: 0.5, cameraRange: 0.7 },
  pedestrians: { firstCamera: 7 },
};

/** Test sets of the second table: what makes faces hard to verify, one at a time. */
const FACE_SETS: { [name: string]: Partial<RenderPeopleOptions> } = {
  "as trained": {},
  "years apart": { ageRange: 1 },
  "partly hidden": { occlusion: 0.5 },
  "any camera": { cameraRange: 1 },
};

/**
 * Procedural people for a table; what is trained on and judged on is rendered when asked for.
 *
 * Table 1: pedestrians of six cameras; two pictures of each stranger search among the others'. Table 2: four sets of
 * faces, with one difficulty each. Table 3: a set of each of the four groups, after training on an unbalanced population.
 * Pictures for training and for tests are taken elsewhere than the prior's: faces in softer light before more varied cameras,
 * pedestrians before other cameras.
 *
 * @param number Which table.
 * @param options How many people, how large.
 * @returns Training images and judge.
 * @throws {RangeError} If a number is out of range.
 *
 * @example
 * ```ts
 * import { proceduralTable } from "@outis/outis/stages";
 *
 * const people = { identities: 2, imagesPerIdentity: 2, testIdentities: 2, testImagesPerIdentity: 3 };
 * const { judge } = proceduralTable(1, { people, height: 16, seed: 0 });
 * console.log(judge.columns); // mAP, Rank-1
 * ```
 */
export function proceduralTable(
  number: TableNumber,
  options: ProceduralTableOptions,
): TableTarget {
  const { people, height, seed, draw, signal, onStep } = options;
  const { population = "test", reRank = false } = options;
  const act = "draw people";
  checkOneOf(act, "population", population, POPULATIONS);
  checkRange(act, "draw", draw ?? 0, { min: 0, max: DRAWS - 1, integer: true });
  for (const name of ["identities", "testIdentities"] as const) {
    checkRange(act, name, people[name], { min: 1, max: APART, integer: true });
  }
  const firstTrained = FIRST_TRAINED[population] + (draw ?? 0) * APART;
  const firstTested = FIRST_TESTED[population] + (draw ?? 0) * DRAWS_APART;
  const world: WorldName = number === 1 ? "pedestrians" : "faces";
  const render = (part: string, rendered: Partial<RenderPeopleOptions>) =>
    renderPeople({
      identities: people.testIdentities,
      imagesPerIdentity: people.testImagesPerIdentity,
      world,
      size: height,
      seed,
      ...ELSEWHERE[world],
      ...(signal && { signal }),
      onStep: (done, total) => onStep?.(part, done, total),
      ...rendered,
    });
  const tests = async (
    sets: { [name: string]: Partial<RenderPeopleOptions> },
  ) => {
    const rendered: { [name: string]: ImageSet } = {};
    for (const [i, [name, own]] of Object.entries(sets).entries()) {
      const firstIdentity = firstTested + i * APART;
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
  const groupNames = faceGroups.map((group) => `group ${group}`);
  const judge = number === 1
    ? renderedJudge(
      { columns: ["mAP", "Rank-1"], headlines: ["mAP", "Rank-1"] },
      `${size}, by six cameras; two pictures of each search among the others.`,
      async (source) =>
        personsJudge(
          searched(
            await render("render the gallery", { firstIdentity: firstTested }),
          ),
          { source, ...(reRank && { reRank }) },
        ),
    )
    : number === 2
    ? renderedJudge(
      withAverage(Object.keys(FACE_SETS)),
      `${Object.keys(FACE_SETS).length} sets of ${size}: ${
        Object.keys(FACE_SETS).join(", ")
      }.`,
      async (source) => setsJudge(await tests(FACE_SETS), { source }),
    )
    : renderedJudge(
      withAverage(groupNames, ["deviation", "error ratio"], ["deviation"]),
      `four groups of ${size}.`,
      async (source) =>
        groupsJudge(
          grouped(
            await tests(Object.fromEntries(
              faceGroups.map((group, i) => [
                groupNames[i],
                { groups: { [group]: 1 } },
              ]),
            )),
          ),
          { source },
        ),
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
      `${identities} procedural people with ${imagesPerIdentity} pictures each${shares}, whom the prior has never seen, in ${
        PLACES[world]
      }${draw === undefined ? "" : "; every seed draws its own"}.${
        population === "tune" ? ` ${TUNING}` : ""
      }`,
    key: JSON.stringify([
      number,
      people,
      height,
      seed,
      draw,
      population,
      reRank,
      ELSEWHERE[world],
    ]),
    ...(draw !== undefined && { drawsPeople: true }),
    judge,
    train: oncePerSize(({ height }) =>
      render("render people", {
        identities,
        imagesPerIdentity,
        firstIdentity: firstTrained,
        size: height,
        ...(groups && { groups }),
      })
    ),
  };
}

/** What {@linkcode ELSEWHERE} is, for pages. */
const PLACES: Record<WorldName, string> = {
  faces: "softer light than its own and before cameras that vary twice as much",
  pedestrians: "streets and before cameras that are not its own",
};

const TUNING =
  "They are the tuning split: nobody whom results are reported on is among them.";

/** The columns that sets' judges have, and those compared. */
function withAverage(
  names: readonly string[],
  more: readonly string[] = [],
  compared: readonly string[] = [],
): Pick<TableJudge, "columns" | "headlines"> {
  const average = averageColumn(names, []);
  return {
    columns: [...names, average, ...more],
    headlines: [average, ...compared],
  };
}

/** A judge whose pictures are rendered when somebody is to be judged: a table that is done needs none. */
function renderedJudge(
  shown: Pick<TableJudge, "columns" | "headlines">,
  source: string,
  make: (source: string) => Promise<TableJudge>,
): TableJudge {
  let made: Promise<TableJudge> | undefined;
  const judge = () => made ??= make(source);
  return {
    ...shown,
    source,
    judge: async (...given) => await (await judge()).judge(...given),
    overlap: async (...given) => await (await judge()).overlap(...given),
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
