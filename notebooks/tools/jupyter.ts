/**
 * Jupyter for these notebooks: a Python with what `requirements.txt` names, and a kernel that is this very Deno.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { libraryCache } from "../../src/engine/tensorflow/library.ts";
import { runProgram } from "../../src/cli/child_process.ts";
import { InstallError } from "../../src/cli/install_error.ts";
import { findPython } from "../../src/cli/pip.ts";

/** What starts Jupyter. */
export interface Jupyter {
  /** Path of the Python. */
  python: string;
  /** Environment variables it needs to find the kernel. */
  env: { [name: string]: string };
}

const requirements = new URL("./requirements.txt", import.meta.url);

/**
 * Finds Jupyter, or installs it into a virtual environment of the cache: about 250 MB.
 *
 * @param say Told what is being done.
 */
export async function setUpJupyter(
  say: (line: string) => void,
): Promise<Jupyter> {
  const cache = libraryCache();
  if (cache === undefined) {
    throw new InstallError("cache", "have a place: there is no home folder");
  }
  const folder = join(dirname(cache), "jupyter");
  const wanted = await Deno.readTextFile(requirements);
  const python = await hasAll("python3", wanted)
    ? "python3"
    : await install(folder, wanted, say);
  await writeKernel(folder);
  return { python, env: { JUPYTER_PATH: folder, JUPYTER_NO_CONFIG: "1" } };
}

/** Whether a Python has all packages in these versions. */
async function hasAll(python: string, wanted: string): Promise<boolean> {
  const ask = `
import sys
from importlib.metadata import PackageNotFoundError, version
try:
    sys.exit(any(version(n) != v for n, v in (l.split("==") for l in sys.argv[1:])))
except PackageNotFoundError:
    sys.exit(1)`;
  const end = await runProgram(python, {
    args: ["-c", ask, ...wanted.trim().split("\n")],
  });
  return end?.code === 0;
}

async function install(
  folder: string,
  wanted: string,
  say: (line: string) => void,
): Promise<string> {
  const environment = join(folder, "python");
  const python = Deno.build.os === "windows"
    ? join(environment, "Scripts", "python.exe")
    : join(environment, "bin", "python3");
  if (await hasAll(python, wanted)) return python;
  const { command, version } = await findPython(["python3", "python"]);
  say(
    `Python ${version} installs JupyterLab into ${environment}, about 250 MB`,
  );
  const steps: [string, string[]][] = [
    // Debian's Python has a pip to give, but none for others.
    [command, ["-m", "venv", "--clear", "--without-pip", environment]],
    [command, [
      ...["-m", "pip", "--python", python],
      ...["install", "-q", "-r", requirements.pathname],
    ]],
  ];
  for (const [program, args] of steps) {
    const end = await runProgram(program, { args });
    if (end?.code === 0) continue;
    const why = [...end?.errors ?? [], ...end?.output ?? []].at(-1) ??
      "no reason given";
    throw new InstallError("JupyterLab", `be installed by pip: ${why}`);
  }
  return python;
}

/**
 * The kernel is the Deno that runs this. Interrupted by message, Deno's kernel never answers again; by SIGINT it ends.
 * So SIGINT is ignored until a cell listens to it, as `stopSignal` does. Windows interrupts in a way Deno does not see.
 */
async function writeKernel(folder: string): Promise<void> {
  const kernel = join(folder, "kernels", "deno");
  await Deno.mkdir(kernel, { recursive: true });
  const ignoring = Deno.build.os === "windows"
    ? []
    : ["/bin/sh", "-c", `trap "" INT; exec "$0" "$@"`];
  const spec = {
    argv: [
      ...ignoring,
      Deno.execPath(),
      "jupyter",
      "--kernel",
      "--conn",
      "{connection_file}",
    ],
    display_name: "Deno",
    language: "typescript",
    interrupt_mode: "signal",
    env: { NO_COLOR: "1" },
  };
  await Deno.writeTextFile(
    join(kernel, "kernel.json"),
    JSON.stringify(spec, null, 2) + "\n",
  );
}
