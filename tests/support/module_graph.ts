/** What `deno info --json` prints, as far as it is used here. */
export interface ModuleGraph {
  /** All modules that the root reaches. */
  modules: {
    /** URL. */
    specifier: string;
    /** What it imports. */
    dependencies?: {
      /** What is evaluated; absent where only types are imported. */
      code?: { specifier?: string };
      /** Whether it is imported by a call, later. */
      isDynamic?: boolean;
    }[];
  }[];
}

/**
 * Names the npm packages that are evaluated when a module is imported.
 *
 * @param graph What is imported by what.
 * @param entry URL of the module.
 * @returns Names without version, sorted.
 */
export function packagesAtImport(graph: ModuleGraph, entry: string): string[] {
  const modules = new Map(
    graph.modules.map((module) => [module.specifier, module]),
  );
  const packages = new Set<string>();
  const seen = new Set([entry]);
  for (const specifier of seen) {
    for (
      const { code, isDynamic } of modules.get(specifier)!.dependencies ?? []
    ) {
      const target = code?.specifier;
      if (target === undefined || isDynamic) continue;
      if (target.startsWith("file:")) seen.add(target);
      const name = /^npm:\/?((?:@[^/]+\/)?[^/@]+)/.exec(target)?.[1];
      if (name !== undefined) packages.add(name);
    }
  }
  return [...packages].sort();
}

/**
 * Reads the table of what an import loads: rows as ``| `/data` | `csv-parse`, `hyparquet` | ...``.
 *
 * @param page Markdown.
 * @returns Names of packages, sorted, by entry point as deno.json names it.
 */
export function importTable(page: string): Map<string, string[]> {
  const rows = page.matchAll(/^\| `@outis\/outis(\/\w+)?` *\| ([^|]*)\|/gm);
  return new Map(
    Array.from(rows, ([, room = "", packages]) => [
      `.${room}`,
      Array.from(packages.matchAll(/`([^`]+)`/g), ([, name]) => name).sort(),
    ]),
  );
}
