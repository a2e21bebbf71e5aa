import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { didYouMean } from "../../src/cli/did_you_mean.ts";

const names = ["train", "table", "audit", "study-audit", "inspect", "runs"];

Deno.test("didYouMean() finds a name with letters swapped, lost, doubled or of the wrong case", () => {
  const cases: [string, string][] = [
    ["trian", "train"],
    ["tran", "train"],
    ["taable", "table"],
    ["AUDIT", "audit"],
    ["inspct", "inspect"],
    ["run", "runs"],
    ["study", "study-audit"],
  ];
  for (const [given, name] of cases) {
    assertEquals(didYouMean(given, names), ` (did you mean ${name}?)`);
  }
});

Deno.test("didYouMean() is silent where nothing is near", () => {
  for (const given of ["bogus", "x", "", "toString", "huge"]) {
    assertEquals(didYouMean(given, names), "");
  }
  assertEquals(didYouMean("train", []), "");
});

Deno.test("didYouMean() finds any name of five letters or more that lost one of them", () => {
  fc.assert(fc.property(
    fc.stringMatching(/^[a-z]{5,12}$/),
    fc.nat(),
    (name, at) => {
      const i = at % name.length;
      const given = name.slice(0, i) + name.slice(i + 1);
      assertEquals(didYouMean(given, [name]), ` (did you mean ${name}?)`);
    },
  ));
});
