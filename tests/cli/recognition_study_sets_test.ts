import { assert, assertEquals } from "@std/assert";
import {
  recognitionSets,
  recognitionStudies,
  STUDY_SIZE,
} from "../../src/cli/recognition_study_sets.ts";
import { tinyFaces } from "../support/tiny_prior.ts";

Deno.test("recognitionSets() keeps everybody who is tested out of the training", async () => {
  const parts = new Set<string>();
  const sets = await recognitionSets({
    photographs: {
      images: tinyFaces(6, 2, { size: STUDY_SIZE }),
      source: "Twelve pictures",
    },
    sizes: recognitionStudies.tiny,
    onStep: (part) => void parts.add(part),
  });
  assertEquals(sets.map(({ name }) => name), [
    "photographs of faces",
    "procedural faces",
    "procedural pedestrians",
  ]);
  assertEquals(parts.size, 4);
  for (const { train, test, training, arms } of sets) {
    const tested: string[] = "faces" in test
      ? test.faces.identities
      : [test.persons.query, test.persons.gallery]
        .flatMap((side) =>
          "identities" in side ? side.identities as string[] : []
        );
    assert(tested.length > 0);
    assert(!tested.some((name) => train.identities.includes(name)));
    assertEquals(training.steps, recognitionStudies.tiny.faces.steps);
    assertEquals(arms[0].training.steps, 0);
    assert(arms.some(({ training }) => training.erase === 0.5));
  }
  const [photographs, , persons] = sets;
  assertEquals(photographs.train.identities.length, 4);
  assert(photographs.source.startsWith("Twelve pictures, split by person."));
  assert("persons" in persons.test);
  const { query, gallery } = persons.test.persons;
  assert("count" in query && "count" in gallery);
  assertEquals([query.count, gallery.count], [32, 16]);
  assertEquals(query.cameras?.length, 32);
});
