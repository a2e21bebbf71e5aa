import { assertEquals, assertRejects } from "@std/assert";
import { listImageFolder } from "../../src/data/list_image_folder.ts";

// Empty files will do: listing opens none.
async function withFiles(
  files: string[],
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const file of files) {
      const path = `${folder}/${file}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), {
        recursive: true,
      });
      if (!file.endsWith("/")) await Deno.writeFile(path, new Uint8Array());
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the order is that of code units, not of the disk or the language", async () => {
  const files = ["é/1.png", "b/2.png", "b/10.JPG", "B/1.webp", "a b/1.jpeg"];
  await withFiles(files, async (folder) => {
    const { records, identities, problems } = await listImageFolder(folder);
    assertEquals(identities, ["B", "a b", "b", "é"]);
    assertEquals(records.map(({ path }) => path.slice(folder.length)), [
      "/B/1.webp",
      "/a b/1.jpeg",
      "/b/10.JPG",
      "/b/2.png",
      "/é/1.png",
    ]);
    assertEquals(records[2].identity, "b");
    assertEquals(problems, []);
    assertEquals((await listImageFolder(`${folder}//`)).records, records);
  });
});

Deno.test("hidden files are ignored and other files named", async () => {
  const files = [
    "README.md",
    ".DS_Store",
    "a/1.png",
    "a/.2.png",
    "a/notes.txt",
    "a/old/3.png",
    ".cache/x/1.png",
  ];
  await withFiles(files, async (folder) => {
    const { records, identities, problems } = await listImageFolder(folder);
    assertEquals(records.length, 1);
    assertEquals(identities, ["a"]);
    assertEquals(problems, [
      `${folder}/README.md is left out: not in an identity's folder`,
      `${folder}/a/old is left out: a folder below an identity's`,
      `${folder}/a/notes.txt is left out: not PNG, JPEG or WebP`,
    ]);
  });
});

Deno.test("names that look like patterns are names", async () => {
  await withFiles(["[a]*/{1,2}.png", "(b)/!x.png"], async (folder) => {
    const { records } = await listImageFolder(folder);
    assertEquals(records.map(({ path }) => path), [
      `${folder}/(b)/!x.png`,
      `${folder}/[a]*/{1,2}.png`,
    ]);
  });
});

Deno.test("an empty identity is refused by name, or left out when asked", async () => {
  await withFiles(["a/1.png", "b/", "c/x.txt"], async (folder) => {
    await assertRejects(
      () => listImageFolder(folder),
      RangeError,
      `Cannot list images as '${folder}/b' must be a folder with at least one PNG, JPEG or WebP image: current value is one without`,
    );
    const listing = await listImageFolder(folder, { skipBad: true });
    assertEquals(listing.identities, ["a"]);
    assertEquals(listing.problems, [
      `${folder}/b is left out: it holds no image`,
      `${folder}/c/x.txt is left out: not PNG, JPEG or WebP`,
      `${folder}/c is left out: it holds no image`,
    ]);
  });
});

Deno.test("a folder that is missing, a file or flat is refused", async () => {
  await withFiles(["1.png"], async (folder) => {
    const cases = [
      [
        `${folder}/none`,
        "must be an existing folder: current value is not there",
      ],
      [
        `${folder}/1.png`,
        "must be an existing folder: current value is a file",
      ],
      [folder, "must be a folder with one folder per identity"],
    ];
    for (const [path, message] of cases) {
      await assertRejects(
        () => listImageFolder(path),
        RangeError,
        `Cannot list images as '${path}' ${message}`,
      );
    }
  });
});
