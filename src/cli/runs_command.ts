/**
 * `outis runs`: what was run here, how two runs differ, and which may go.
 *
 * @module
 */
import {
  type FoundRun,
  type Json,
  listRuns,
  readJsonIfThere,
} from "../core/mod.ts";
import { plainTable } from "../figures/mod.ts";
import { type Command, defineCommand } from "./command.ts";
import { didYouMean } from "./did_you_mean.ts";
import { UsageError } from "./options.ts";

const table = {
  runs: { value: "DIR", help: "where the runs lie (default runs)" },
  state: {
    value: "NAME",
    choices: ["stopped", "finished"],
    help: "prune: only runs in this state (default stopped)",
  },
  keep: {
    value: "N",
    least: 0,
    help: "prune: how many of these stay, the newest (default 0)",
  },
  yes: { help: "prune: remove them" },
} as const;

const ACTIONS = ["list", "compare", "prune"];

/** Runs `outis runs`. */
export const runsCommand: Command = defineCommand({
  name: "runs",
  group: "Runs and this machine",
  summary: "List, compare and prune runs",
  about:
    "Every command that trains leaves a run directory with its whole configuration, its numbers and its checkpoints. A name may be cut short where it is one run's alone.",
  examples: [
    { args: "", does: "what there is, and in which state" },
    {
      args: "compare 2026-11-01 runs/mine",
      does: "settings and results that differ",
    },
    {
      args: "prune --state stopped --keep 2",
      does: "says what would go; --yes removes it",
    },
  ],
  operands: ["[list | compare | prune]", "[RUN]", "[RUN]"],
  options: table,
  async run({ operands, options }) {
    const [what = "list", ...names] = operands;
    const { runs: folder = "runs" } = options;
    const runs = await listRuns(folder);
    const count = names.filter((name) => name !== undefined).length;
    if (what === "compare" && count === 2) {
      const [a, b] = names.map((name) => chosen(runs, name!, folder));
      const rows = await differences(a, b);
      return {
        text: rows.length === 0
          ? `${a.name} and ${b.name} have the same settings and results`
          : plainTable(
            [{ title: "" }, { title: a.name }, { title: b.name }],
            rows.map(([name, ...values]) => [name, ...values.map(cell)]),
          ),
        json: { runs: [a.path, b.path], differences: rows },
      };
    }
    if (what === "list" && count === 0) {
      return { text: listed(runs, folder), json: runs };
    }
    if (what === "prune" && count === 0) {
      const { state = "stopped", keep = 0, yes } = options;
      const gone = runs.filter((run) => run.state === state).slice(keep);
      for (const { path } of yes ? gone : []) {
        await Deno.remove(path, { recursive: true });
      }
      const verb = yes ? "Removed" : "Would remove, with --yes";
      const size = megabytes(gone.reduce((sum, run) => sum + run.bytes, 0));
      const list = gone.map(({ path }) => `\n${path}`).join("");
      return {
        text: gone.length === 0
          ? `No run is ${state}${keep > 0 ? ` but the ${keep} that stay` : ""}`
          : `${verb} ${gone.length} runs of ${size} MB:${list}`,
        json: { removed: yes, runs: gone.map(({ path }) => path) },
      };
    }
    throw new UsageError(
      `Cannot look at runs as the arguments must be list, compare RUN RUN, or prune: current value is ${
        operands.filter(Boolean).join(" ")
      }${ACTIONS.includes(what) ? "" : didYouMean(what, ACTIONS)}`,
    );
  },
});

function listed(runs: FoundRun[], folder: string): string {
  if (runs.length === 0) return `No runs in ${folder}`;
  return plainTable(
    [
      { title: "Run" },
      { title: "State" },
      { title: "Started" },
      { title: "Seed" },
      { title: "Size", unit: "MB" },
    ],
    runs.map(({ name, state, manifest, bytes }) => [
      name,
      state,
      String(manifest.started).slice(0, 16).replace("T", " "),
      cell(flat(manifest.configuration).get("seed") ?? "-"),
      megabytes(bytes),
    ]),
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** The run of that name or path; the beginning of a name will do where it is one run's alone. */
function chosen(runs: FoundRun[], name: string, folder: string): FoundRun {
  const plain = name.replace(/\/+$/, "");
  const whole = runs.filter((run) => run.name === plain || run.path === plain);
  const found = whole.length > 0
    ? whole
    : runs.filter((run) => run.name.startsWith(plain));
  if (found.length === 1) return found[0];
  throw new UsageError(
    `Cannot compare runs as '${name}' must name one run in ${folder}: current value is ${
      found.map((run) => run.name).join(", ") || "none"
    }`,
  );
}

/** Fields of configuration, engine and results that differ, with both values. */
async function differences(
  a: FoundRun,
  b: FoundRun,
): Promise<[string, Json, Json][]> {
  const [left, right] = await Promise.all([a, b].map(fields));
  return [...new Set([...left.keys(), ...right.keys()])]
    .map((key): [string, Json, Json] => [
      key,
      left.get(key) ?? null,
      right.get(key) ?? null,
    ])
    .filter(([, one, other]) => one !== other);
}

async function fields(run: FoundRun): Promise<Map<string, Json>> {
  const { configuration, engine = null, versions = null } = run.manifest;
  return new Map([
    ...flat(configuration),
    ...flat({ engine, versions }),
    ...flat({
      results: await readJsonIfThere<Json>(`${run.path}/results.json`) ?? null,
    }),
  ]);
}

/** Leaves of nested records by their path, as in `reinforce.rate`; what is null is left out. */
function flat(value: Json, path = ""): Map<string, Json> {
  if (value === null || value === undefined) return new Map();
  if (typeof value !== "object") return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([name, part]) => [
      ...flat(part, path === "" ? name : `${path}.${name}`),
    ]),
  );
}

function cell(value: Json): string {
  if (value === null) return "-";
  return typeof value === "number"
    ? String(Number(value.toPrecision(6)))
    : String(value);
}
