import { assertEquals, assertRejects } from "@std/assert";
import { encodePng } from "../../src/io/mod.ts";
import { readImageFolder } from "../../src/data/image_folder.ts";

const plain = (value: number, side: number) =>
  encodePng({
    pixels: new Float32Array(side * side * 3).fill(value),
    height: side,
    width: side,
  });

// Identities "a" (-1, 1), "b" (0.2 as byte 153) and "c" (two truncated files after a whole one).
async function withImages(
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const write = (name: string, bytes: Uint8Array) =>
    Deno.writeFile(`${folder}/${name}`, bytes);
  for (const name of ["c", "b", "a"]) await Deno.mkdir(`${folder}/${name}`);
  await write("b/1.png", await plain(0.2, 8));
  await write("a/2.png", await plain(1, 4));
  await write("a/1.png", await plain(-1, 16));
  await write("c/1.png", await plain(0.6, 8));
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function truncate(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  await Deno.writeFile(path, bytes.subarray(0, bytes.length >> 1));
}

Deno.test("readImageFolder() brings all images to one size, labels by sorted name", async () => {
  await withImages(async (folder) => {
    const progress: number[] = [];
    const set = await readImageFolder(folder, {
      size: { height: 2, width: 3 },
      onProgress: (done, total) => progress.push(done / total),
    });
    assertEquals(set.count, 4);
    assertEquals(set.identities, ["a", "b", "c"]);
    assertEquals([...set.labels], [0, 0, 1, 2]);
    assertEquals(set.paths.map((path) => path.slice(folder.length)), [
      "/a/1.png",
      "/a/2.png",
      "/b/1.png",
      "/c/1.png",
    ]);
    const size = 2 * 3 * 3;
    assertEquals(set.images.length, 4 * size);
    const first = [0, 1, 2, 3].map((i) => set.images[i * size]);
    assertEquals(first, [
      -1,
      1,
      Math.fround(153 / 127.5 - 1),
      Math.fround(204 / 127.5 - 1),
    ]);
    assertEquals(progress, [0.25, 0.5, 0.75, 1]);
    assertEquals(set.problems, []);
  });
});

Deno.test("a broken image is an error that names the first one", async () => {
  await withImages(async (folder) => {
    await truncate(`${folder}/a/2.png`);
    await truncate(`${folder}/c/1.png`);
    for (let round = 0; round < 5; round++) {
      await assertRejects(
        () => readImageFolder(folder, { size: 4 }),
        SyntaxError,
        `Cannot decode an image as '${folder}/a/2.png' must be a complete image file`,
      );
    }
  });
});

Deno.test("skipBad leaves out broken images, and identities with no other", async () => {
  await withImages(async (folder) => {
    await truncate(`${folder}/a/2.png`);
    await truncate(`${folder}/b/1.png`);
    const set = await readImageFolder(folder, { size: 4, skipBad: true });
    assertEquals(set.identities, ["a", "c"]);
    assertEquals([...set.labels], [0, 1]);
    assertEquals(set.images.length, 2 * 4 * 4 * 3);
    assertEquals(set.images[0], -1);
    assertEquals(set.problems.length, 3);
    assertEquals(
      set.problems[2],
      "b is left out: none of its images can be read",
    );
    for (const name of ["a/1.png", "c/1.png"]) {
      await truncate(`${folder}/${name}`);
    }
    await assertRejects(
      () => readImageFolder(folder, { size: 4, skipBad: true }),
      RangeError,
      "at least one must be readable: current value is 4 broken ones",
    );
  });
});

Deno.test("reading stops when told", async () => {
  await withImages(async (folder) => {
    const controller = new AbortController();
    controller.abort();
    await assertRejects(
      () => readImageFolder(folder, { size: 4, signal: controller.signal }),
      DOMException,
    );
  });
});
