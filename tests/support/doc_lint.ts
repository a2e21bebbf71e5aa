/**
 * Checks that the docs are complete: run by `deno task lint:doc`, which fails
 * with one line per fault.
 *
 * `deno doc --lint` also complains about npm packages, whose types are part of
 * what this one publishes (TensorFlow.js's tensors, Plotly's data) but whose
 * docs are not ours to write: those complaints are left out.
 *
 * @module
 */

/** A comment, as `deno doc --json` tells it. */
interface Comment {
  doc?: string;
  tags?: { kind: string }[];
}

/** A named part of an interface or class. */
interface Member {
  name?: string;
  jsDoc?: Comment;
  accessibility?: string;
}

/** What an interface, a class or the literal of a type alias holds. */
interface Members {
  properties?: Member[];
  methods?: Member[];
}

/** One declaration of a symbol. */
interface Declaration {
  kind: string;
  declarationKind: string;
  location: { filename: string; line: number };
  jsDoc?: Comment;
  def?: Members & { tsType?: { kind?: string; value?: unknown } };
}

/** What `deno doc --json` prints. */
export interface Documentation {
  /** Symbols per file. */
  nodes: {
    [file: string]: {
      symbols: { name: string; declarations: Declaration[] }[];
    };
  };
}

/**
 * Reads what `deno doc --lint` printed.
 *
 * @param output Its standard error, without colours.
 * @param sources Text of each of our own source files, by absolute path.
 * @returns One line per fault that is ours.
 */
export function lintFaults(
  output: string,
  sources: ReadonlyMap<string, string>,
): string[] {
  const lines = new Map(
    Array.from(sources, ([path, text]) => [path, text.split("\n")]),
  );
  const isOurs = (number: number, text: string) =>
    lines.values().some((own) => own[number - 1] === text);
  return output.split(/^(?=error\[)/m).flatMap((block) => {
    const head = /^error\[([\w-]+)\]: (.*)\n *--> (.*):(\d+):\d+$/m.exec(block);
    if (head === null) return [];
    const [, rule, message, path, line] = head;
    // docFaults() finds those, and does not overlook comments of namespaces.
    if (!lines.has(path) || rule === "missing-jsdoc") return [];
    const type = /^ *(\d+) \| (.*)\n.*- this is the referenced type$/m
      .exec(block);
    const isForeign = rule === "private-type-ref" && type !== null &&
      !isOurs(Number(type[1]), type[2]);
    return isForeign ? [] : [`${path}:${line}: ${message}`];
  });
}

/**
 * Finds what a reader would miss: sentences, and examples of functions and
 * classes.
 *
 * @param documentation What `deno doc --json` prints of all source files.
 * @returns One line per fault.
 */
export function docFaults({ nodes }: Documentation): string[] {
  return Object.entries(nodes).flatMap(([file, { symbols }]) =>
    symbols.flatMap(({ name, declarations }) =>
      declarations
        .filter(({ kind, declarationKind, location }) =>
          // What another file declares is asked for there.
          declarationKind === "export" && kind !== "reference" &&
          location.filename === file
        )
        .flatMap((declaration) =>
          faultsOf(name, declaration).map((fault) =>
            `${
              file.replace("file://", "")
            }:${declaration.location.line}: ${fault}`
          )
        )
    )
  );
}

function faultsOf(name: string, declaration: Declaration): string[] {
  const { kind, jsDoc, def } = declaration;
  const faults: string[] = [];
  if (!jsDoc?.doc) faults.push(`'${name}' has no sentence`);
  const isCalled = kind === "function" || kind === "class";
  if (isCalled && !jsDoc?.tags?.some((tag) => tag.kind === "example")) {
    faults.push(`'${name}' has no @example`);
  }
  const literal = kind === "typeAlias" && def?.tsType?.kind === "typeLiteral"
    ? def.tsType.value as Members
    : {};
  const { properties = [], methods = [] } = { ...def, ...literal };
  for (const member of [...properties, ...methods]) {
    if (member.accessibility !== "private" && !member.jsDoc?.doc) {
      faults.push(`'${name}.${member.name}' has no sentence`);
    }
  }
  return faults;
}

/** Absolute paths of the source files of a folder. */
function sourceFiles(folder: URL): string[] {
  return Array.from(Deno.readDirSync(folder)).flatMap((entry) =>
    entry.isDirectory
      ? sourceFiles(new URL(`${entry.name}/`, folder))
      : [new URL(entry.name, folder).pathname]
  ).filter((path) => path.endsWith(".ts")).sort();
}

async function denoDoc(args: string[]): Promise<Deno.CommandOutput> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["doc", ...args],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
  return await command.output();
}

async function main(): Promise<number> {
  const root = new URL("../../", import.meta.url);
  const { exports } = JSON.parse(
    Deno.readTextFileSync(new URL("deno.json", root)),
  );
  const entryPoints = Object.values<string>(exports)
    .map((path) => new URL(path, root).pathname);
  const files = sourceFiles(new URL("src/", root));
  const sources = new Map(
    [...entryPoints, ...files].map((
      path,
    ) => [path, Deno.readTextFileSync(path)]),
  );
  const decoder = new TextDecoder();
  // All entry points together, so that rooms may refer to one another.
  const lint = await denoDoc(["--lint", ...entryPoints]);
  const docs = await denoDoc(["--json", ...files]);
  if (!docs.success) throw new Error(decoder.decode(docs.stderr));
  const faults = [
    ...lintFaults(decoder.decode(lint.stderr), sources),
    ...docFaults(JSON.parse(decoder.decode(docs.stdout))),
  ];
  for (const fault of faults) console.error(fault.replace(root.pathname, ""));
  console.log(
    faults.length === 0
      ? `The docs of ${files.length} files are complete`
      : `${faults.length} faults in the docs`,
  );
  return faults.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
