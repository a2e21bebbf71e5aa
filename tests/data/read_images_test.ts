import { assert, assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import { randomStream } from "../../src/core/mod.ts";
import { useBackend } from "../../src/engine/mod.ts";
import {
  digestImages,
  gatherPixels,
  type ImageRecord,
  readImageFolder,
  readImages,
  subsetImages,
  takeIdentities,
} from "../../src/data/mod.ts";
import {
  type DecodedBytes,
  decodeImageBytes,
  encodeJpeg,
} from "../../src/io/mod.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";

/** Pictures of three identities, some smaller than the others. */
async function makeFolder(folder: string, count = 9): Promise<void> {
  for (let i = 0; i < count; i++) {
    const side = 12 + 4 * (i % 2);
    const pixels = randomStream(i, "read").uniforms(side * side * 3);
    await Deno.mkdir(`${folder}/${"abc"[i % 3]}`, { recursive: true });
    await Deno.writeFile(
      `${folder}/${"abc"[i % 3]}/${i}.jpg`,
      await encodeJpeg({ pixels, height: side, width: side }),
    );
  }
}

const recordOf = (i: number, more: Partial<ImageRecord> = {}): ImageRecord => ({
  path: `box.rec#${i}`,
  identity: `person ${i % 2}`,
  bytes: async () =>
    await encodeJpeg({
      pixels: new Float32Array(4 * 4 * 3).fill(i / 10),
      height: 4,
      width: 4,
    }),
  ...more,
});

Deno.test("readImages() takes images out of containers, labels by sorted name", async () => {
  const records = [3, 0, 2].map((i) => recordOf(i));
  const set = await readImages(records, { size: { height: 4, width: 2 } });
  assertEquals([set.height, set.width, set.count], [4, 2, 3]);
  assertEquals(set.identities, ["person 0", "person 1"]);
  assertEquals([...set.labels], [1, 0, 0]);
  assertEquals(set.paths, ["box.rec#3", "box.rec#0", "box.rec#2"]);
  const [first, second] = [0, 1].map((i) => gatherPixels(set, [i])[0]);
  assert(Math.abs(first - 0.3) < 0.02 && Math.abs(second) < 0.02);
});

Deno.test("a set of bytes is the same set as one of pixels", async () => {
  await using folder = await tempFolder();
  await makeFolder(folder.path);
  const set = await readImageFolder(folder.path, { size: 12 });
  const pixels = { ...set }; // a copy by spread has its pixels
  assertEquals(pixels.images.length, 9 * 12 * 12 * 3);
  assertEquals(digestImages(set), digestImages(pixels));
  const some = [8, 0, 0, 3];
  assertEquals(gatherPixels(set, some), gatherPixels(pixels, some));
  const [a, b] = [set, pixels].map((each) =>
    subsetImages(takeIdentities(each, [2, 0]), [5, 1])
  );
  assertEquals({ ...a }, { ...b });
  assertEquals(digestImages(a), digestImages(b));
  assertEquals(a.images.length, 2 * 12 * 12 * 3);
});

Deno.test("a cache changes nothing but the time", async () => {
  await using folder = await tempFolder();
  await makeFolder(`${folder.path}/images`);
  const cache = `${folder.path}/cache`;
  const read = (options = {}) =>
    readImageFolder(`${folder.path}/images`, { size: 12, ...options });
  const plain = digestImages(await read());
  assertEquals(digestImages(await read({ cache })), plain);
  const packs = filesBelow(cache);
  assertEquals(packs.length, 2); // a pack and the lock
  assertEquals(digestImages(await read({ cache })), plain);
  assertEquals(filesBelow(cache), packs);
  // A moved file is known, a changed one is not.
  await Deno.rename(
    `${folder.path}/images/a/0.jpg`,
    `${folder.path}/images/a/1.jpg`,
  );
  await read({ cache });
  assertEquals(filesBelow(cache), packs);
  const stretched = { fit: "fill", size: { height: 12, width: 6 } };
  assert(digestImages(await read({ cache, ...stretched })) !== plain);
  assertEquals(filesBelow(cache).length, 3);
});

Deno.test("two processes fill one cache at the same time", async () => {
  await using folder = await tempFolder();
  await makeFolder(`${folder.path}/images`);
  const cache = `${folder.path}/cache`;
  const start = () =>
    new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-RWES",
        "--allow-ffi",
        "--no-check",
        new URL("./fill_cache.ts", import.meta.url).pathname,
        `${folder.path}/images`,
        cache,
      ],
      cwd: new URL("../../", import.meta.url).pathname,
    }).output();
  const ended = await Promise.all([start(), start()]);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals(ended.map(({ code }) => code), [0, 0], text(ended[0].stderr));
  const said = ended.map(({ stdout }) => text(stdout).trim());
  const images = `${folder.path}/images`;
  const plain = digestImages(await readImageFolder(images, { size: 12 }));
  assertEquals(said, [plain, plain]);
  assert(!filesBelow(cache).some((name) => name.endsWith(".partial")));
  const cached = await readImageFolder(images, { size: 12, cache });
  assertEquals(digestImages(cached), plain);
});

Deno.test("a broken image is fatal and named, or left out and named", async () => {
  const broken = [1, 4].map((i) =>
    recordOf(i, { bytes: () => Promise.resolve(new Uint8Array(i)) })
  );
  const gone = recordOf(7, { path: "no/such.png", bytes: undefined });
  const records = [recordOf(0), broken[0], recordOf(2), broken[1], gone];
  await assertRejects(
    () => readImages(records, { size: 4 }),
    SyntaxError,
    "Cannot decode an image as 'box.rec#1' must be",
  );
  const set = await readImages(records, { size: 4, skipBad: true });
  assertEquals(set.paths, ["box.rec#0", "box.rec#2"]);
  assertEquals(set.problems.length, 4);
  assert(set.problems[1].includes("'box.rec#4'"));
  assert(set.problems[2].includes("no/such.png"));
  assertEquals(
    set.problems[3],
    "person 1 is left out: none of its images can be read",
  );
  assert(Math.abs(gatherPixels(set, [1])[0] - 0.2) < 0.02);
  await assertRejects(
    () => readImages(broken, { size: 4, skipBad: true }),
    RangeError,
    "at least one must be readable",
  );
});

Deno.test("reading stops when told, and says how far it is", async () => {
  const controller = new AbortController();
  const progress: string[] = [];
  let read = 0;
  const bytes = recordOf(0).bytes!;
  const records = Array.from({ length: 40 }, (_, i) =>
    recordOf(i, {
      bytes: () => {
        read++;
        return bytes();
      },
    }));
  await assertRejects(
    () =>
      readImages(records, {
        size: 4,
        signal: controller.signal,
        onProgress(done, total) {
          progress.push(`${done}/${total}`);
          if (done === 6) controller.abort(new Error("enough"));
        },
      }),
    Error,
    "enough",
  );
  assertEquals(progress.slice(0, 6).at(-1), "6/40");
  assert(read < 12);
});

Deno.test("the engine's short way gives the bytes of the long way", async () => {
  const pictures: Uint8Array[] = [];
  for (const quality of [50, 90, 100]) {
    for (const chromaSubsampling of ["4:2:0", "4:4:4"]) {
      for (const progressive of [false, true]) {
        const pixels = randomStream(quality, "jpeg").uniforms(37 * 21 * 3)
          .map((u, i) => 127 + 127 * Math.sin(i / 40) * u);
        const raw = { width: 37, height: 21, channels: 3 } as const;
        const image = sharp(Uint8Array.from(pixels), { raw });
        const jpeg = { quality, chromaSubsampling, progressive };
        pictures.push(await image.jpeg(jpeg).toBuffer());
        // An own mark is EXIF, too, without an orientation.
        const exif = { IFD0: { ImageDescription: "synthetic" } };
        pictures.push(await image.withExif(exif).jpeg(jpeg).toBuffer());
      }
    }
  }
  const decodeAll = async () => {
    const decoded: DecodedBytes[] = [];
    for (const picture of pictures) {
      decoded.push(await decodeImageBytes(picture));
    }
    return decoded;
  };
  await useBackend("wasm");
  const long = await decodeAll();
  await useBackend("auto");
  assertEquals(await decodeAll(), long);
});
