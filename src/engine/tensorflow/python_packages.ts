/**
 * Where Python keeps its packages, found by looking at folders, so that no
 * Python has to be started.
 *
 * @module
 */
import { join } from "node:path";
import { kindOf, namesIn } from "./folder.ts";

/** Options of {@linkcode pythonPackageFolders}. */
export interface PythonPackageFoldersOptions {
  /** Operating system. @default Deno.build.os */
  os?: string;
  /** Reads an environment variable. */
  environment: (name: string) => string | undefined;
}

/**
 * Lists the package folders of the Pythons of this machine: of the active
 * virtual or conda environment, the user's own, those of pyenv, the system's.
 *
 * @param options Operating system and environment.
 * @returns Existing folders, in this order; newer Pythons first within one.
 *
 * @example
 * ```ts
 * import { pythonPackageFolders } from "./python_packages.ts";
 *
 * pythonPackageFolders({ os: "linux", environment: () => undefined });
 * ```
 */
export function pythonPackageFolders(
  options: PythonPackageFoldersOptions,
): string[] {
  const { os = Deno.build.os, environment } = options;
  const home = environment("HOME") ?? environment("USERPROFILE");
  const active = [environment("VIRTUAL_ENV"), environment("CONDA_PREFIX")];
  const pyenv = environment("PYENV_ROOT") ?? (home && join(home, ".pyenv"));
  const patterns: (string | false | undefined)[] = os === "windows"
    ? [
      ...active.map((base) => base && join(base, "Lib/site-packages")),
      join(environment("APPDATA") ?? "", "Python/Python3*/site-packages"),
      join(
        environment("LOCALAPPDATA") ?? "",
        "Programs/Python/Python3*/Lib/site-packages",
      ),
    ]
    : [
      ...active.map((base) => base && join(base, UNIX)),
      home && join(home, ".local", UNIX),
      home && os === "darwin" &&
      join(home, "Library/Python/3*/lib/python/site-packages"),
      pyenv && join(pyenv, "versions/*", UNIX),
      ...(os === "darwin"
        ? [
          join("/opt/homebrew", UNIX),
          join("/Library/Frameworks/Python.framework/Versions/3*", UNIX),
        ]
        : []),
      join("/usr/local", UNIX),
      join("/usr", UNIX),
    ];
  return patterns.flatMap((pattern) => pattern ? expand(pattern) : []);
}

// Debian's own packages lie in dist-packages, Fedora's compiled ones in lib64.
const UNIX = "{lib,lib64}/python3*/{site-packages,dist-packages}";

/** Existing folders that fit a pattern of `*` and `{a,b}` parts. */
function expand(pattern: string): string[] {
  const [first, ...parts] = pattern.split(/[/\\]/);
  return parts.reduce(
    (bases, part) => bases.flatMap((base) => inside(base, part)),
    [first],
  );
}

function inside(base: string, part: string): string[] {
  return namesFor(base, part)
    .map((name) => `${base}/${name}`)
    .filter((path) => kindOf(path) === "folder");
}

function namesFor(base: string, part: string): string[] {
  if (part.startsWith("{")) return part.slice(1, -1).split(",");
  const star = part.indexOf("*");
  if (star < 0) return [part];
  return namesIn(`${base}/`)
    .filter((name) => name.startsWith(part.slice(0, star)))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
}
