import { assert, assertEquals, assertThrows } from "@std/assert";
import { neighboursTable } from "../../src/figures/mod.ts";

const png = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2sAAAAABJRU5ErkJggg==",
);
const pair = {
  label: "match",
  query: { png, title: "a <b>" },
  neighbour: { png },
  similarities: { arc: 0.93, vit: -0.25 },
  matched: ["arc"],
};

Deno.test("neighboursTable() shows both pictures and every measure, those above the bar in bold", () => {
  const { source } = neighboursTable([pair, { ...pair, matched: [] }], {
    titles: ["synthetic", "real"],
    caption: "Worst first.",
  });
  assertEquals(source.match(/<img /g)?.length, 4);
  assertEquals(source.match(/<strong>0\.930<\/strong>/g)?.length, 1);
  assertEquals(source.match(/-0\.250/g)?.length, 2);
  assert(source.includes("Worst first.") && source.includes(">synthetic<"));
  assert(source.includes('alt="a &lt;b&gt;"') && !source.includes("a <b>"));
  assert(source.includes('alt="match, real"'));
});

Deno.test("neighboursTable() refuses no pairs, no pictures, and missing measures", () => {
  assertThrows(() => neighboursTable([]), RangeError, "at least one");
  assertThrows(
    () => neighboursTable([{ ...pair, query: { png: new Uint8Array(9) } }]),
    TypeError,
    "PNG",
  );
  assertThrows(
    () => neighboursTable([pair, { ...pair, similarities: { arc: 1 } }]),
    RangeError,
    "pairs[1].similarities",
  );
});
