/**
 * Runs another program, with its output read line by line.
 *
 * @module
 */

/** Options of {@linkcode runProgram}. */
export interface RunProgramOptions {
  /** Arguments. @default [] */
  args?: readonly string[];
  /** Environment variables to add. @default {} */
  env?: Record<string, string>;
  /** Called with each line, of standard output and standard error alike. */
  onLine?: (line: string) => void;
  /** Ends the program. */
  signal?: AbortSignal;
}

/** What is left when a program has ended. */
export interface ProgramEnd {
  /** Exit code; 128 and more where a signal ended it. */
  code: number;
  /** The signal that ended it, as in "SIGILL". */
  signal: Deno.Signal | null;
  /** Lines of standard output. */
  output: string[];
  /** Lines of standard error. */
  errors: string[];
}

/**
 * Runs a program to its end, without standard input.
 *
 * @param command Name or path of the program.
 * @param options Arguments, environment, what to do with its lines.
 * @returns How it ended and what it said; undefined if there is no such
 * program.
 * @throws The signal's reason, once the program has been ended for it.
 *
 * @example
 * ```ts
 * import { runProgram } from "./child_process.ts";
 *
 * const end = await runProgram(Deno.execPath(), { args: ["--version"] });
 * end?.output[0].startsWith("deno 2"); // true
 * ```
 */
export async function runProgram(
  command: string,
  options: RunProgramOptions = {},
): Promise<ProgramEnd | undefined> {
  const { args = [], env = {}, onLine = () => {}, signal } = options;
  signal?.throwIfAborted();
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(command, {
      args: [...args],
      env,
      signal,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.PermissionDenied) return undefined;
    throw error;
  }
  const [output, errors, status] = await Promise.all([
    readLines(child.stdout, onLine),
    readLines(child.stderr, onLine),
    child.status,
  ]);
  signal?.throwIfAborted();
  return { code: status.code, signal: status.signal, output, errors };
}

async function readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onLine: (line: string) => void,
): Promise<string[]> {
  const lines: string[] = [];
  let rest = "";
  const take = (line: string) => {
    lines.push(line);
    onLine(line);
  };
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split(/\r?\n/);
    rest = parts.pop()!;
    parts.forEach(take);
  }
  if (rest) take(rest);
  return lines;
}
