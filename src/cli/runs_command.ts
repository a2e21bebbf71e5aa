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
import type { Command } from "./main.ts";
import { helpText, parseOptions, UsageError } from "./options.ts";
import { takePositional } from "./positional.ts";

const summary = "List, compare and prune runs";

const usage = `deno task outis runs [list | compare RUN RUN | prune] [options]

  deno task outis runs                                     what there is
  deno task outis runs compare 2026-11-01 runs/mine        settings and results that differ
  deno task outis runs prune --state stopped --keep 2      says what would go; --yes removes it`;

const table = {
  runs: { value: "DIR", help: "where the runs lie (default runs)" },
  json: { help: "as JSON" },
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
  help: { help: "this text" },
} as const;

/** Runs `outis runs`. */
export const runsCommand: Command = {
  summary,
  async run(args) {
    const { values, rest } = takePositional(args, table, [
      "[list | compare | prune]",
      "[RUN]",
      "[RUN]",
    ]);
    const options = parseOptions(rest, table);
    if (options.help) {
      console.log(helpText(usage, summary, table));
      return 0;
    }
    const [what = "list", ...names] = values;
    const { runs: folder = "runs" } = options;
    const runs = await listRuns(folder);
    const tell = (lines: string, json: unknown) =>
      console.log(options.json ? JSON.stringify(json, null, 2) : lines);
    const count = names.filter((name) => name !== undefined).length;
    if (what === "compare" && count === 2) {
      const [a, b] = names.map((name) => chosen(runs, name!, folder));
      const rows = await differences(a, b);
      tell(
        rows.length === 0
          ? `${a.name} and ${b.name} have the same settings and results`
          : plainTable(
            [{ title: "" }, { title: a.name }, { title: b.name }],
            rows.map(([name, ...values]) => [name, ...values.map(cell)]),
          ),
        { runs: [a.path, b.path], differences: rows },
      );
      return 0;
    }
    if (what === "list" && count === 0) {
      tell(listed(runs, folder), runs);
      return 0;
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
      tell(
        gone.length === 0
          ? `No run is ${state}${keep > 0 ? ` but the ${keep} that stay` : ""}`
          : `${verb} ${gone.length} runs of ${size} MB:${list}`,
        { removed: yes, runs: gone.map(({ path }) => path) },
      );
      return 0;
    }
    throw new UsageError(
      `Cannot look at runs as the arguments must be list, compare RUN RUN, or prune: current value is ${
        values.filter(Boolean).join(" ")
      }`,
    );
  },
};

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
