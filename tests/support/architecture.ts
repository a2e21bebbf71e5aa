import { dirname, join } from "node:path/posix";
import { codeOf, importsOf, lineOf } from "./source_code.ts";

/** Layer of each room: a file imports its own room and strictly lower ones. */
export const LAYERS: Record<string, number> = {
  engine: 0,
  core: 1,
  io: 1,
  nn: 2,
  optim: 2,
  data: 2,
  world: 2,
  metrics: 2,
  models: 3,
  diffusion: 3,
  rewards: 3,
  policy: 3,
  losses: 3,
  selection: 3,
  brownian: 3,
  privacy: 3,
  figures: 3,
  stages: 4,
  cli: 5,
};

/** Longest file, in lines. */
export const LONGEST_FILE = 400;

/** A kind of code that only some files may hold. */
interface Rule {
  /** What the code looks like. */
  pattern: RegExp;
  /** What to say about it. */
  says: string;
  /** Whether a file may hold it. */
  allows: (path: string) => boolean;
}

const inCli = (path: string) => path.startsWith("src/cli/");

const RULES: Rule[] = [
  {
    pattern: /\bDeno\s*\.\s*env\b|\bprocess\s*\.\s*env\b/g,
    says: "reads the environment: only src/engine/environment.ts does",
    allows: (path) => path === "src/engine/environment.ts",
  },
  {
    pattern: /\bDeno\s*\.\s*(?:args|exit|exitCode)\b/g,
    says: "reads arguments or ends the process: only src/cli does",
    allows: inCli,
  },
  {
    pattern: /\bDeno\s*\.\s*addSignalListener\b/g,
    says: "listens to the system: only src/cli and core/stop_signal.ts do",
    allows: (path) => inCli(path) || path === "src/core/stop_signal.ts",
  },
  {
    pattern: /\bconsole\s*\.|\bDeno\s*\.\s*(?:stdout|stderr|stdin)\b/g,
    says: "prints or reads the terminal: only src/cli does",
    allows: inCli,
  },
  {
    pattern:
      /\bDate\s*\.\s*now\b|\bperformance\s*\.\s*(?:now|timeOrigin)\b|\bnew\s+Date\s*(?:\(\s*\)|(?![\s(]))|\bTemporal\s*\.\s*Now\b/g,
    says: "reads the clock: time is passed in",
    allows: inCli,
  },
  {
    pattern: /\bMath\s*\.\s*random\b/g,
    says: "draws numbers that cannot be repeated: core's streams do",
    allows: () => false,
  },
  {
    pattern: /(?:\.\.\.|=)\s*Deno\b(?!\s*\.)|\bDeno\s*\[/g,
    says: "takes Deno apart, which hides what is used of it",
    allows: () => false,
  },
];

/**
 * Checks one source file of the library.
 *
 * @param path Its path from the root of the repository, as in
 * "src/core/random.ts".
 * @param source Its text.
 * @returns What breaks the architecture, one sentence each; none if all holds.
 */
export function violations(path: string, source: string): string[] {
  const found: string[] = [];
  const room = roomOf(path);
  if (room === undefined || !(room in LAYERS)) {
    found.push(`${path}: lies in no room that has a layer`);
  }
  if (/(^|\/)(utils?|types?|helpers?|common|misc)\.[^/]*$/.test(path)) {
    found.push(`${path}: its name says nothing`);
  }
  const lines = source.replace(/\n$/, "").split("\n").length;
  if (lines > LONGEST_FILE) {
    found.push(`${path}: has ${lines} lines, ${LONGEST_FILE} at most`);
  }
  for (const { specifier, line } of importsOf(source)) {
    const reason = specifier === undefined
      ? "imports a module whose name is computed"
      : importFault(path, specifier);
    if (reason) found.push(`${path}:${line}: ${reason}`);
  }
  const code = codeOf(source);
  for (const { pattern, says, allows } of RULES) {
    if (allows(path)) continue;
    for (const match of code.matchAll(pattern)) {
      found.push(`${path}:${lineOf(source, match.index)}: ${says}`);
    }
  }
  return found;
}

function importFault(path: string, specifier: string): string | undefined {
  if (/^\.{0,2}\//.test(specifier)) return directionFault(path, specifier);
  if (/^(npm|jsr|https?|file):/.test(specifier)) {
    return `names ${specifier} outside deno.json`;
  }
  if (!specifier.startsWith("@tensorflow/")) return undefined;
  if (!path.startsWith("src/engine/")) {
    return `imports ${specifier}: only the engine does`;
  }
  if (specifier === "@tensorflow/tfjs" && path !== "src/engine/tf.ts") {
    return `imports ${specifier}: only src/engine/tf.ts does`;
  }
  return undefined;
}

function directionFault(path: string, specifier: string): string | undefined {
  const target = join(dirname(path), specifier);
  const [from, to] = [roomOf(path), roomOf(target)];
  if (to === undefined) {
    // Data and text beside the source may be read, code may not.
    return /\.[cm]?[jt]sx?$/.test(target)
      ? `imports ${target}: it lies outside src`
      : undefined;
  }
  if (from === to) return undefined;
  if (!(LAYERS[to] < LAYERS[from!])) {
    return `imports ${target}: ${to} is not below ${from}`;
  }
  // The command line may reach what the engine does not publish.
  if (from !== "cli" && target !== `src/${to}/mod.ts`) {
    return `imports ${target}: a room is entered through its mod.ts`;
  }
  return undefined;
}

/**
 * Checks that rooms and published parts are the same.
 *
 * @param files Paths of all source files.
 * @param exports `exports` of deno.json.
 * @returns What does not fit, one sentence each.
 */
export function roomViolations(
  files: readonly string[],
  exports: Readonly<Record<string, string>>,
): string[] {
  const rooms = [...new Set(files.map(roomOf))]
    .filter((room) => room !== undefined && room !== "cli") as string[];
  return [
    ...rooms.filter((room) => !files.includes(`src/${room}/mod.ts`))
      .map((room) => `src/${room} has no mod.ts`),
    ...rooms.filter((room) => exports[`./${room}`] !== `./src/${room}/mod.ts`)
      .map((room) => `deno.json does not export src/${room}/mod.ts`),
    ...Object.entries(exports)
      .filter(([name]) => name !== "." && !rooms.includes(name.slice(2)))
      .map(([name]) => `deno.json exports ${name}, which is no room`),
  ];
}

/** The room of a path; undefined outside of the rooms. */
function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}
