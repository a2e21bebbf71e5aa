import { assertEquals, assertThrows } from "@std/assert";
import type { ImageRecord } from "../../src/data/mod.ts";
import { reidSides, type SeenImages } from "../../src/stages/reid_sides.ts";

function set(
  identities: string[],
  labels: number[],
  cameras?: number[],
): SeenImages {
  return {
    images: new Float32Array(labels.length * 3),
    height: 1,
    width: 1,
    count: labels.length,
    labels: Int32Array.from(labels),
    identities,
    paths: labels.map((_, i) => `${identities.join("")}${i}`),
    problems: [],
    ...(cameras && { cameras }),
  };
}

function record(
  path: string,
  identity: string,
  more: Partial<ImageRecord> = {},
): ImageRecord {
  return { path, identity, ...more };
}

Deno.test("reidSides() compares identities by name, whatever their labels", () => {
  const { query, gallery } = reidSides({
    query: set(["ada", "bob"], [1, 0], [1, 2]),
    gallery: set(["bob", "eve", "ada"], [0, 1, 2, -1], [3, 4, 5, 6]),
  });
  // bob is the first that is met.
  assertEquals([...query.labels], [0, 1]);
  assertEquals([...gallery.labels], [0, 2, 1, -1]);
  assertEquals([...gallery.cameras!], [3, 4, 5, 6]);
});

Deno.test("reidSides() takes query and gallery out of a data set: junk is nobody, distractors are no one searched for", () => {
  const camera = 1;
  const { query, gallery } = reidSides({
    layout: "market1501",
    protocol: "An example.",
    records: [
      record("t.png", "0009", { split: "train", camera }),
      record("g1.png", "0001", { split: "gallery", camera: 2 }),
      record("g2.png", "-1", { split: "gallery", camera, role: "junk" }),
      // However it is named.
      record("g3.png", "0001", {
        split: "gallery",
        camera,
        role: "distractor",
      }),
      record("q.png", "0001", { split: "query", camera }),
    ],
    problems: [],
  });
  assertEquals(query.paths, ["q.png"]);
  assertEquals(gallery.paths, ["g1.png", "g2.png", "g3.png"]);
  assertEquals([...query.labels], [0]);
  assertEquals([...gallery.labels], [0, -1, 1]);
});

Deno.test("reidSides() knows no cameras where there are none", () => {
  const { query, gallery } = reidSides({
    query: [record("a.png", "ada")],
    gallery: [record("b.png", "ada")],
  });
  assertEquals([query.cameras, gallery.cameras], [undefined, undefined]);
});

Deno.test("reidSides() refuses what is no test, by name", () => {
  const one = set(["ada"], [0]);
  const cases: [
    () => unknown,
    typeof TypeError | typeof RangeError,
    string,
  ][] = [
    [
      () => reidSides({ query: one, gallery: set(["ada"], []) }),
      RangeError,
      "Cannot evaluate re-identification as 'gallery' must be at least one image: current value is none",
    ],
    [
      () =>
        reidSides({ layout: "x", protocol: "x", records: [], problems: [] }),
      RangeError,
      "'query' must be at least one image",
    ],
    [
      () => reidSides({ query: one, gallery: set(["bob"], [0, 1]) }),
      RangeError,
      "'gallery.labels[1]' must be a whole number from 0 to 0, or -1 for junk: current value is 1",
    ],
    [
      () => reidSides({ query: one, gallery: set(["bob"], [0, 0], [1]) }),
      TypeError,
      "'gallery.cameras' must be of length 2: current value is of length 1",
    ],
    [
      () =>
        reidSides({
          query: [record("1.png", "a", { camera: 1 }), record("2.png", "a")],
          gallery: one,
        }),
      RangeError,
      "'query.camera' must be given for all images or for none: current value is none for 2.png",
    ],
    [
      () => reidSides({ query: one, gallery: one }),
      RangeError,
      "'gallery' must be without the query's images where there are no cameras to tell them by: current value is ada0",
    ],
  ];
  for (const [act, kind, message] of cases) assertThrows(act, kind, message);
});
