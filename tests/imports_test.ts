import { assert, assertEquals } from "@std/assert";
import {
  importTable,
  type ModuleGraph,
  packagesAtImport,
} from "./support/module_graph.ts";

const root = new URL("../", import.meta.url);

const { exports } = JSON.parse(
  Deno.readTextFileSync(new URL("deno.json", root)),
) as { exports: { [entry: string]: string } };

/** Runs deno in the root with an empty environment, but for where its cache is. */
async function deno(...args: string[]): Promise<string> {
  const kept = ["HOME", "USERPROFILE", "LOCALAPPDATA", "DENO_DIR", "PATH"];
  const env = Object.fromEntries(
    kept.flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    clearEnv: true,
    env: { ...env, NO_COLOR: "1" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

// Without permission to call foreign code no library can be loaded: TensorFlow's and sharp's neither.
Deno.test("importing the whole toolkit takes no permission", async () => {
  await deno("run", "--no-prompt", "mod.ts");
});

Deno.test("the whole toolkit has every room", () => {
  const own = Deno.readTextFileSync(new URL("mod.ts", root));
  for (const path of Object.values(exports)) {
    if (path === "./mod.ts") continue;
    assert(own.includes(`export * from "${path}";`), `${path} is missing`);
  }
});

Deno.test("every room loads the packages that docs/platforms.md says, and no other", async () => {
  const graph: ModuleGraph = JSON.parse(await deno("info", "--json", "mod.ts"));
  const told = importTable(
    Deno.readTextFileSync(new URL("docs/platforms.md", root)),
  );
  assertEquals([...told.keys()].sort(), Object.keys(exports).sort());
  for (const [entry, path] of Object.entries(exports)) {
    const packages = packagesAtImport(graph, new URL(path, root).href);
    assertEquals(packages, told.get(entry), entry);
  }
});

Deno.test("packagesAtImport() follows what is evaluated: no types, nothing imported later", () => {
  const graph: ModuleGraph = {
    modules: [
      {
        specifier: "file:///a.ts",
        dependencies: [
          { code: { specifier: "file:///b.ts" } },
          { code: { specifier: "npm:late@1" }, isDynamic: true },
          { code: { specifier: "file:///c.ts" }, isDynamic: true },
          {},
        ],
      },
      {
        specifier: "file:///b.ts",
        dependencies: [
          { code: { specifier: "npm:@scope/one@1.2/sub" } },
          { code: { specifier: "npm:/two@3.0.0/x.js" } },
          { code: { specifier: "node:path" } },
        ],
      },
      {
        specifier: "file:///c.ts",
        dependencies: [{ code: { specifier: "npm:three@1" } }],
      },
    ],
  };
  assertEquals(packagesAtImport(graph, "file:///a.ts"), ["@scope/one", "two"]);
  assertEquals(packagesAtImport(graph, "file:///c.ts"), ["three"]);
});
