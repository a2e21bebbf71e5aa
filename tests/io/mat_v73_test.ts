import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { openMat73 } from "../../src/io/mat_v73.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { mat } from "./golden_containers.ts";

Deno.test("cells and numbers that h5py wrote are read, empty ones as empty", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/cuhk-03.mat`;
  await Deno.writeFile(path, mat["cuhk-03"]);
  using file = await openMat73(path);
  assertEquals(file.names, ["detected", "labeled", "testsets"]);
  const pairs = file.get("detected").cells()!;
  assertEquals(pairs.length, 5);
  // First pair: two people of ten images each, people on the second axis.
  assertEquals(pairs[0].shape, [10, 2]);
  const people = pairs[0].cells()!;
  assertEquals(people[2 * 1 + 1].shape, [3, 2, 4]);
  assertEquals(people[2 * 2].shape, [0]);
  assertEquals(people[2 * 2].numbers().length, 0);
  assertEquals(people[2 * 2].cells(), []);
  const pixels = people[2 * 1 + 1].numbers();
  // Channel 0 is level 60 + pair 0; channel 1 has 200 + person 1 at x = 1, y = 3.
  assertEquals([pixels[0], pixels[8 + 4 + 3], pixels[8 + 4]], [60, 201, 0]);
  assertEquals(people[3].cells(), undefined);
  assertEquals(file.at(people[3].place).numbers(), people[3].numbers());
  const [first] = file.get("testsets").cells()!;
  assertEquals([...first.numbers()], [1, 3, 1, 1]);
  assertThrows(() => file.get("nowhere"), SyntaxError, "'nowhere'");
});

Deno.test("files of another kind and changed ones are read or refused with a sentence", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/x.mat`;
  await assertRejects(() => openMat73(path), Deno.errors.NotFound);
  await Deno.writeFile(path, mat.plain);
  await assertRejects(
    () => openMat73(path),
    SyntaxError,
    `Cannot read a MAT-file as '${path}' must be an HDF5 file`,
  );
  const whole = mat["cuhk-03"];
  for (let at = 512; at < whole.length; at += 1999) {
    const bytes = at % 2 === 0 ? whole.slice(0, at) : whole.slice();
    if (at % 2 === 1) bytes.fill(0xff, at, at + 8);
    await Deno.writeFile(path, bytes);
    try {
      using file = await openMat73(path);
      for (const name of file.names) {
        for (const pair of file.get(name).cells() ?? []) {
          for (const cell of pair.cells() ?? []) cell.numbers();
        }
      }
    } catch (error) {
      assert(error instanceof SyntaxError, String(error));
      assert(error.message.startsWith("Cannot read a MAT-file"));
    }
  }
});
