import { assert, assertEquals } from "@std/assert";
import { identityFeatures } from "../../src/stages/identity_features.ts";
import {
  populationIdentity,
  populationPedestrian,
} from "../../src/world/mod.ts";

/** Columns of a table of features. */
function columnsOf({ data, width }: { data: Float32Array; width: number }) {
  const rows = data.length / width;
  return Array.from(
    { length: width },
    (_, c) => Array.from({ length: rows }, (_, r) => data[r * width + c]),
  );
}

const mean = (values: number[]) =>
  values.reduce((a, b) => a + b) / values.length;

Deno.test("identityFeatures() standardises each column, or leaves zeros where all agree", () => {
  for (const world of ["faces", "pedestrians"] as const) {
    for (
      const column of columnsOf(
        identityFeatures(world, { identities: 40, seed: 2 }),
      )
    ) {
      assert(Math.abs(mean(column)) < 1e-5);
      const deviation = Math.sqrt(mean(column.map((x) => x * x)));
      assert(Math.abs(deviation - 1) < 1e-5 || deviation === 0);
    }
  }
});

Deno.test("identityFeatures() of faces has the parameters in their order, without the texture's key", () => {
  const features = identityFeatures("faces", { identities: 30, seed: 1 });
  const people = Array.from({ length: 30 }, (_, i) => populationIdentity(1, i));
  const names = Object.keys(people[0]).filter((name) => name !== "textureSeed");
  assertEquals(features.width, names.length);
  const at = names.indexOf("melanin");
  const values = people.map(({ melanin }) => melanin);
  const middle = mean(values);
  const deviation = Math.sqrt(mean(values.map((x) => (x - middle) ** 2)));
  columnsOf(features)[at].forEach((x, i) =>
    assert(Math.abs(x - (values[i] - middle) / deviation) < 1e-5)
  );
});

Deno.test("identityFeatures() of pedestrians has colours as red, green and blue, and a column for each word", () => {
  const count = 60;
  const people = Array.from(
    { length: count },
    (_, i) => populationPedestrian(1, i),
  );
  const words = (["pattern", "bottom", "bag"] as const).map((name) =>
    new Set(people.map((person) => person[name])).size
  );
  const { textureSeed: _, ...parameters } = people[0];
  const colors = Object.values(parameters).filter(Array.isArray).length;
  const numbers = Object.values(parameters)
    .filter((value) => typeof value === "number").length;
  const { width } = identityFeatures("pedestrians", {
    identities: count,
    seed: 1,
  });
  assertEquals(width, numbers + 3 * colors + words.reduce((a, b) => a + b));
});
