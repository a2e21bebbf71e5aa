import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  readSynthetic,
  trainingImages,
} from "../../src/stages/table_training.ts";
import { exportImages } from "../../src/stages/mod.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { tinyFaces } from "../support/tiny_prior.ts";

const real = tinyFaces(3, 2);

Deno.test("trainingImages() puts synthetic images of the real people under their labels, by name", () => {
  const names = [real.identities[2], real.identities[0]];
  const { synthetic, how, real: first } = trainingImages(
    real,
    tinyFaces(2, 1, { names }),
  );
  assertEquals([...synthetic!.labels], [2, 0]);
  assertEquals(synthetic!.identities, real.identities);
  assertEquals(first, real);
  assertEquals(
    how,
    "6 real images of 3 identities and 2 synthetic ones of 2 of them",
  );
  const all = trainingImages(
    real,
    tinyFaces(3, 1, { names: real.identities.toReversed() }),
  );
  assertEquals(
    all.how,
    "6 real images of 3 identities and 3 synthetic ones of the same",
  );
});

Deno.test("trainingImages() makes new people further classes, or trains on them alone", () => {
  const fresh = tinyFaces(2, 2, { names: ["x", "y"] });
  const both = trainingImages(real, fresh);
  assertEquals(both.synthetic, undefined);
  assertEquals(both.real.identities, [...real.identities, "x", "y"]);
  assertEquals([...both.real.labels], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  const alone = trainingImages(real, fresh, { training: "synthetic" });
  assertEquals(alone.real, fresh);
  assertEquals(alone.how, "4 synthetic images of 2 identities alone");
  assertEquals(
    trainingImages(real).how,
    "6 real images of 3 identities",
  );
});

Deno.test("trainingImages() refuses a set of real and new people", () => {
  const names = ["x", real.identities[1]];
  assertThrows(
    () => trainingImages(real, tinyFaces(2, 1, { names })),
    RangeError,
    `current value is one with both, as '${real.identities[1]}' and 'x'`,
  );
});

Deno.test("readSynthetic() reads a folder per identity; lists beside them are no problem", async () => {
  await using folder = await tempFolder();
  const paths = real.paths.map((path) => `${path}.png`);
  await exportImages({ ...real, paths }, folder.path, {
    description: "A test's image",
    manifest: {},
  });
  await Deno.writeTextFile(`${folder.path}/odd.bin`, "");
  const set = await readSynthetic(folder.path, { size: 8 });
  assertEquals([set.count, set.height, set.identities], [
    6,
    8,
    real.identities,
  ]);
  assertEquals(set.problems.length, 1);
  await assertRejects(
    () => readSynthetic(`${folder.path}/none`, { size: 8 }),
    RangeError,
    "none",
  );
});
