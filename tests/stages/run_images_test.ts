import { assertEquals, assertRejects } from "@std/assert";
import { exportImages, openRunImages } from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { tinyFaces } from "../support/tiny_prior.ts";

Deno.test("openRunImages() reads what a run has exported", async () => {
  await using folder = await tempFolder();
  const faces = tinyFaces(3, 2);
  await exportImages(faces, `${folder.path}/synthetic`, {
    description: "A procedural face",
    manifest: { seed: 4, generator: "after reinforcement" },
  });
  const run = await openRunImages(folder.path);
  assertEquals(run.identities, faces.identities.toSorted());
  assertEquals([run.count, run.generator], [6, "after reinforcement"]);
  const images = await Array.fromAsync(run.images());
  const size = faces.images.length / 6;
  for (const [i, image] of images.entries()) {
    assertEquals(image.identity, faces.identities[faces.labels[i]]);
    assertEquals([image.number, image.seed], [i % 2, 4]);
    const pixels = faces.images.subarray(i * size, (i + 1) * size);
    assertClose(image.pixels, pixels, 1 / 254);
  }
  const rest = await Array.fromAsync(run.images((_, number) => number === 0));
  assertEquals(rest.map(({ number }) => number), [1, 1, 1]);
});

Deno.test("a folder without images of a run is refused", async () => {
  await using folder = await tempFolder();
  await assertRejects(
    () => openRunImages(folder.path),
    RangeError,
    "synthetic/manifest.json' must be there, which a finished run has",
  );
  await Deno.mkdir(`${folder.path}/synthetic`);
  for (const text of ["", "{}", "[", '{"images": 3}']) {
    await Deno.writeTextFile(`${folder.path}/synthetic/manifest.json`, text);
    await assertRejects(
      () => openRunImages(folder.path),
      SyntaxError,
      "must list images in JSON",
    );
  }
});
