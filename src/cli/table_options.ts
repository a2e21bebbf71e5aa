/**
 * Options that the paper's tables and figures have in common.
 *
 * @module
 */
import { LAYOUTS } from "../data/mod.ts";
import { NETWORK_NAMES } from "../models/mod.ts";
import { POPULATIONS, type TableNumber } from "../stages/mod.ts";
import { type ParsedOptions, UsageError } from "./options.ts";
import { engineOptions } from "./setup_command.ts";
import { OBJECTIVES, TABLE_PRESETS } from "./table_presets.ts";

/** The options, without those of one command alone. */
export const tableOptions = {
  preset: {
    value: "NAME",
    choices: TABLE_PRESETS,
    help: "sizes: tiny, small or paper (default small)",
  },
  seeds: { value: "N", least: 1, help: "how many seeds (default 3)" },
  "only-seed": {
    value: "S",
    least: 0,
    help: "work on this seed alone and write no page: for other machines",
  },
  jobs: {
    value: "N",
    least: 1,
    help: "seeds worked on at a time, each in a process of its own (default 1)",
  },
  data: {
    value: "DIR",
    help:
      "real images; for table 1 with queries and gallery (default: procedural people)",
  },
  layout: {
    value: "NAME",
    choices: Object.keys(LAYOUTS),
    help: "how they lie in DIR (default: recognised by the names there)",
  },
  test: {
    value: "DIR",
    help: "pairs to verify: .bin sets, LFW's lists, RFW (tables 2 and 3)",
  },
  identities: { value: "N", least: 2, help: "train on N of the identities" },
  images: { value: "N", least: 2, help: "train on at most N images of each" },
  vary: {
    value: "WHAT",
    choices: ["people", "training"],
    help:
      "what a seed draws: people, or training alone (default people, where the data let it)",
  },
  population: {
    value: "NAME",
    choices: POPULATIONS,
    help:
      "procedural people: test, or tune to choose settings on others (default test)",
  },
  objective: {
    value: "NAME",
    choices: OBJECTIVES,
    help:
      "policy gradient (eq. 1), direct reward gradient, or rows of both (default both)",
  },
  network: {
    value: "NAME",
    choices: NETWORK_NAMES,
    help: "network of the recognisers (default: as the preset says)",
  },
  height: {
    value: "N",
    least: 16,
    help:
      "rows of the images the recognisers take (default: as the preset says)",
  },
  resize: { help: "bring generated images to this size where they differ" },
  prior: {
    value: "DIR",
    help: "pretrained generator (default: the one shipped)",
  },
  "re-rank": { help: "re-rank by k-reciprocal neighbours (table 1)" },
  "no-overlap": {
    help: "do not look for test images among those trained on",
  },
  name: {
    value: "NAME",
    help: "what the results' files are called (default: after the number)",
  },
  ...engineOptions,
} as const;

/** What was asked for. */
export type TableOptions = ParsedOptions<typeof tableOptions>;

/**
 * Refuses options that say nothing without others: they are not passed over.
 *
 * @param number Which table's people and judge.
 * @param options What was asked for.
 * @throws {UsageError} If one needs another, or cannot be with this table.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { parseOptions } from "./options.ts";
 * import { checkTogether, tableOptions } from "./table_options.ts";
 *
 * assertThrows(() => checkTogether(2, parseOptions(["--re-rank"], tableOptions)));
 * ```
 */
export function checkTogether(
  number: TableNumber,
  options: TableOptions,
): void {
  const refuse = (name: keyof TableOptions, rule: string): never => {
    throw new UsageError(
      `Cannot make table ${number} as '--${name}' must ${rule}: current value is ${
        options[name]
      }`,
    );
  };
  const { data, test, seeds = DEFAULT_SEEDS } = options;
  for (const name of ["layout", "test", "identities", "images"] as const) {
    if (options[name] !== undefined && data === undefined) {
      refuse(name, "come with --data");
    }
  }
  if (data !== undefined && options.population !== undefined) {
    refuse("population", "be left out with --data");
  }
  if (test !== undefined && number === 1) {
    refuse("test", "be left out: queries and gallery lie in --data");
  }
  if (options["re-rank"] && number !== 1) refuse("re-rank", "be left out");
  if (options.vary === "people" && !drawsPeople(number, options)) {
    refuse("vary", "be training where the data say who is judged on");
  }
  const only = options["only-seed"];
  if (only !== undefined && only >= seeds) {
    refuse("only-seed", `be one of the ${seeds} seeds, counted from 0`);
  }
  if (options.name !== undefined && !/^[\w-]+$/.test(options.name)) {
    refuse("name", "be letters, digits, _ and - alone");
  }
}

/** Seeds where none are asked for. */
export const DEFAULT_SEEDS = 3;

/**
 * Whether each seed draws its own people: what was asked for, or else whatever the images let it.
 *
 * @param number Which table's people and judge.
 * @param options What was asked for.
 * @returns Whether they are drawn.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { drawsPeople } from "./table_options.ts";
 *
 * assert(drawsPeople(1, {}));
 * assert(!drawsPeople(1, { data: "market/" }));
 * ```
 */
export function drawsPeople(
  number: TableNumber,
  { data, test, vary }: { data?: string; test?: string; vary?: string },
): boolean {
  if (vary === "training") return false;
  return data === undefined || (number === 2 && test === undefined);
}

/**
 * The arguments of a process that works on one seed of what was asked for, and writes no page.
 *
 * @param asked What was asked for.
 * @param seed The seed.
 * @param threads Threads of the process.
 * @returns The options as arguments.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seedArguments } from "./table_options.ts";
 *
 * assertEquals(seedArguments({ seeds: 5, jobs: 2, resize: true }, 3, 1), [
 *   ..."--seeds 5 --resize --only-seed 3 --threads 1".split(" "),
 * ]);
 * ```
 */
export function seedArguments(
  asked: { readonly [option: string]: unknown },
  seed: number,
  threads: number,
): string[] {
  const own = ["jobs", "threads", "only-seed", "results", "format", "json"];
  const kept = Object.entries(asked)
    .filter(([name, value]) =>
      !own.includes(name) && value !== undefined && value !== false
    );
  return [
    ...kept.flatMap(([name, value]) =>
      [value].flat().flatMap((one) =>
        one === true ? [`--${name}`] : [`--${name}`, String(one)]
      )
    ),
    ...["--only-seed", `${seed}`, "--threads", `${threads}`],
  ];
}
