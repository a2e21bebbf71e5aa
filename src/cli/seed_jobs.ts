/**
 * The seeds of a study in processes of their own, several at a time.
 *
 * @module
 */
import { UsageError } from "./options.ts";

/** Options of {@linkcode seedJobs}. */
export interface SeedJobsOptions {
  /** Arguments of this command line that work on one seed and write no page. */
  argsOf: (seed: number) => string[];
  /** The seeds. */
  seeds: readonly number[];
  /** Processes at a time. */
  jobs: number;
  /** Ends all of them, each after its present step. */
  signal: AbortSignal;
  /** Called with each line that one says. */
  onLine: (line: string) => void;
}

/**
 * Works on seeds in processes of their own. When one fails the others come to their end first: what they do is kept.
 *
 * @param options Arguments, seeds, how many at a time.
 * @throws {UsageError} If one was given something it cannot use.
 * @throws {Error} If one failed.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { seedJobs } from "./seed_jobs.ts";
 *
 * const { signal } = new AbortController();
 * const argsOf = (seed: number) => ["table", "2", "--only-seed", `${seed}`];
 * await seedJobs({ argsOf, seeds: [], jobs: 2, signal, onLine: console.error });
 * ```
 */
export async function seedJobs(options: SeedJobsOptions): Promise<void> {
  const { argsOf, seeds, jobs, signal, onLine } = options;
  const waiting = [...seeds];
  const failures: { code: number; last: string }[] = [];
  const worker = async () => {
    while (waiting.length > 0 && !signal.aborted) {
      const seed = waiting.shift()!;
      const end = await runSelf(argsOf(seed), signal, onLine);
      if (end.code !== 0) failures.push(end);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  signal.throwIfAborted();
  const [failed] = failures;
  if (failed === undefined) return;
  if (failed.code === BAD_INPUT) throw new UsageError(failed.last);
  throw new Error(
    `Cannot go on with a study as the process of each seed must end well: current value is exit code ${failed.code}, after '${failed.last}'`,
  );
}

const BAD_INPUT = 2;

/** Runs this command line in another process. */
async function runSelf(
  args: readonly string[],
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<{ code: number; last: string }> {
  const main = new URL("./main.ts", import.meta.url);
  const config = new URL("../../deno.json", import.meta.url);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "-RWES", "--allow-ffi", "--allow-run"],
      ...(config.protocol === "file:" ? [`--config=${config.pathname}`] : []),
      main.href,
      ...args,
    ],
    // A Ctrl-C reaches a whole group of processes: the child would be told twice, which means at once.
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const stop = () => {
    try {
      child.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  let last = "";
  try {
    let rest = "";
    const text = child.stderr.pipeThrough(new TextDecoderStream());
    for await (const part of text) {
      const lines = (rest + part).split(/\r?\n/);
      rest = lines.pop()!;
      for (const line of lines.filter((line) => line.trim() !== "")) {
        last = line;
        onLine(line);
      }
    }
    return { code: (await child.status).code, last };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
