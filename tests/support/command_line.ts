/** A command of this package that runs in another process. */
export interface RunningCommand {
  /** Sends it a signal. */
  kill: (signal: Deno.Signal) => void;
  /** How it ended. */
  end: Promise<EndedCommand>;
}

/** How a command ended. */
export interface EndedCommand {
  /** Exit code. */
  code: number;
  /** Lines of standard output. */
  output: string[];
  /** Lines of standard error. */
  errors: string[];
}

const root = new URL("../../", import.meta.url);

/**
 * Starts the command line with the permissions that the task `outis` has.
 *
 * @param args Name of a command, and its options.
 * @param folder Working directory.
 * @param env Environment variables to add.
 */
export function startCommand(
  args: string[],
  folder: string,
  env: { [name: string]: string } = {},
): RunningCommand {
  const { tasks } = JSON.parse(
    Deno.readTextFileSync(new URL("deno.json", root)),
  );
  const [, run, ...rest] = (tasks.outis.command as string).split(" ");
  const main = rest.pop()!;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      run,
      "--no-check",
      `--config=${new URL("deno.json", root).pathname}`,
      ...rest,
      new URL(main, root).pathname,
      ...args,
    ],
    cwd: folder,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const end = child.output().then(({ code, stdout, stderr }) => ({
    code,
    output: linesOf(stdout),
    errors: linesOf(stderr),
  }));
  return { kill: (signal) => child.kill(signal), end };
}

/** Runs the command line to its end. */
export function runCommand(
  ...args: Parameters<typeof startCommand>
): Promise<EndedCommand> {
  return startCommand(...args).end;
}

function linesOf(bytes: Uint8Array): string[] {
  return new TextDecoder().decode(bytes).split("\n").filter(Boolean);
}

/** What set-up, engine, plan and progress say on standard error: neither errors nor hints. */
const usual =
  /^(Trains |Samples |Compares |Takes |Needs |Longer |Only |Nothing to set up|TensorFlow .* is there|tensorflow |wasm |WARNING: All log messages before absl|I0000 |read images|render people)/;

/** The lines on standard error that are neither about the engine nor progress. */
export function complaints({ errors }: EndedCommand): string[] {
  return errors.filter((line) => !usual.test(line));
}
