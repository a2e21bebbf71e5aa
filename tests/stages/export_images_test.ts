import { assert, assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import { digestBytes } from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";
import { decodeImage, readProvenance } from "../../src/io/mod.ts";
import { exportImages } from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";

function synthetic(paths: string[]): ImageSet {
  const count = paths.length;
  return {
    images: Float32Array.from(
      { length: count * 12 },
      (_, i) => (i % 12) / 6 - 1,
    ),
    height: 2,
    width: 2,
    count,
    labels: Int32Array.from({ length: count }, (_, i) => i % 2),
    identities: ["ada <&>", "bob"],
    paths,
    problems: [],
  };
}

const options = {
  description: "Synthetic face, made by a <test> & nobody",
  manifest: { seed: 4, generator: "a test's", run: "run-1" },
};

Deno.test("exportImages() writes marked pictures by identity, and a list of them", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/synthetic`;
  const set = synthetic(["ada <&>/0.png", "bob/0.png", "ada <&>/1.png"]);
  await exportImages(set, path, options);
  assertEquals(filesBelow(path), [
    "ada <&>/0.png",
    "ada <&>/1.png",
    "bob/0.png",
    "manifest.json",
  ]);
  for (const name of set.paths) {
    const { pixels, height, width } = await decodeImage(`${path}/${name}`);
    assertEquals([height, width], [2, 2]);
    assertClose(pixels, set.images.subarray(0, 12), 1 / 127);
    const { xmp, exif } = await sharp(`${path}/${name}`).metadata();
    const mark = new TextDecoder().decode(xmp);
    assert(mark.includes("digitalsourcetype/trainedAlgorithmicMedia"), mark);
    assert(mark.includes("a &#60;test&#62; &#38; nobody"), mark);
    assert(new TextDecoder().decode(exif).includes("a <test> & nobody"));
    const { seed, generator, run, label } = await readProvenance(
      await Deno.readFile(`${path}/${name}`),
    );
    assertEquals([seed, generator, run], [4, "a test's", "run-1"]);
    assertEquals(label, name.slice(0, -6));
  }
  assertEquals(
    JSON.parse(await Deno.readTextFile(`${path}/manifest.json`)),
    {
      schema: 1,
      seed: 4,
      generator: "a test's",
      count: 3,
      run: "run-1",
      images: set.paths.map((name) => ({
        path: name,
        identity: name.startsWith("bob") ? "bob" : "ada <&>",
        sha256: digestBytes(Deno.readFileSync(`${path}/${name}`)),
      })),
    },
  );
});

Deno.test("exportImages() stays inside its folder", async () => {
  await using folder = await tempFolder();
  const escapes = [
    "../0.png",
    "a/../../0.png",
    "/0.png",
    "a\\..\\0.png",
    "./0",
  ];
  for (const path of escapes) {
    await assertRejects(
      () =>
        exportImages(
          synthetic(["bob/0.png", path]),
          `${folder.path}/synthetic`,
          options,
        ),
      RangeError,
      path,
    );
  }
  assertEquals(filesBelow(folder.path), []);
});
