import { assert, assertEquals } from "@std/assert";
import { packageFaults } from "./support/package_faults.ts";

const root = new URL("../", import.meta.url);

/** What is meant for people who work on the package, not for those who use it. */
const WORKSHOP = /^(\.|tests\/|bench\/|notebooks\/|runs\/)/;

Deno.test("the package that would be published has no slow types, no warnings, and fits JSR", async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    // Types are checked by `deno check`; without them this takes a second.
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stderr) + decoder.decode(stdout);
  assert(success, output);
  const listed = Array.from(
    output.matchAll(/^ +(file:\/\/\/.*) \([\d.]+[kMG]?i?B\)$/gim),
    ([, url]) => url,
  );
  const files = listed.map((url) => ({
    path: decodeURI(url).slice(root.href.length),
    size: Deno.statSync(new URL(url)).size,
  }));
  assertEquals(packageFaults(output, files), []);

  const paths = files.map(({ path }) => path);
  for (const needed of ["LICENSE", "README.md", "deno.json", "mod.ts"]) {
    assert(paths.includes(needed), `${needed} is missing`);
  }
  assert(paths.some((path) => path.startsWith("data/prior/")));
  assertEquals(paths.filter((path) => WORKSHOP.test(path)), []);
});

Deno.test("CITATION.cff cites the version that is published", () => {
  const { version } = JSON.parse(
    Deno.readTextFileSync(new URL("deno.json", root)),
  );
  const citation = Deno.readTextFileSync(new URL("CITATION.cff", root));
  assertEquals(/^version: (\S+)$/m.exec(citation)?.[1], version);
});

Deno.test("packageFaults() finds warnings, what is too large, and names that differ in case only", () => {
  const MiB = 2 ** 20;
  assertEquals(packageFaults("Success", [{ path: "a", size: 4 * MiB }]), []);
  assertEquals(
    packageFaults("Warning something\nSuccess", [
      { path: "a", size: 1 },
      { path: "b", size: 4 * MiB + 1 },
      { path: "A", size: 1 },
    ]),
    [
      "deno publish: Warning something",
      "b is larger than 4 MiB: 4.0 MiB",
      "A and another file differ in case only",
    ],
  );
  const many = Array.from({ length: 6 }, (_, i) => ({
    path: `${i}`,
    size: 3.5 * MiB,
  }));
  assertEquals(packageFaults("", many), [
    "all files together are larger than 20 MiB: 21.0 MiB",
  ]);
});
