import { assert, assertEquals } from "@std/assert";
import { openImageCache } from "../../src/data/mod.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";

const file = (i: number) => new TextEncoder().encode(`file ${i}`);
const bytes = (i: number) => new Uint8Array([i, i + 1, i + 2]);
const packsIn = (folder: string) =>
  filesBelow(folder).filter((name) => name.endsWith(".pack"));

async function fill(folder: string, from: number, to: number): Promise<void> {
  using cache = await openImageCache(folder);
  for (let i = from; i < to; i++) await cache.add(file(i), "small", bytes(i));
  await cache.flush();
}

/** Which of the first images are there and right; -1 for one that is there and wrong. */
async function found(folder: string, count: number): Promise<number[]> {
  using cache = await openImageCache(folder);
  return [...Array(count).keys()].flatMap((i) => {
    const into = new Uint8Array(3);
    if (!cache.read(file(i), "small", into)) return [];
    return into.join() === bytes(i).join() ? [i] : [-1];
  });
}

Deno.test("a cache gives back what was put in, in this run and the next", async () => {
  await using folder = await tempFolder();
  {
    using cache = await openImageCache(folder.path);
    const into = new Uint8Array(3);
    assert(!cache.read(file(1), "small", into));
    await cache.add(file(1), "small", bytes(1));
    assert(cache.read(file(1), "small", into));
    await cache.flush();
    await cache.flush();
    assert(cache.read(file(1), "small", into.fill(0)));
    assertEquals(into, bytes(1));
    // Another size or other settings are other images.
    assert(!cache.read(file(1), "small", new Uint8Array(4)));
    assert(!cache.read(file(1), "large", into));
  }
  assertEquals(await found(folder.path, 3), [1]);
  assertEquals(packsIn(folder.path).length, 1);
});

Deno.test("what was not flushed is not there, and nothing else is lost", async () => {
  await using folder = await tempFolder();
  await fill(folder.path, 0, 2);
  {
    using cache = await openImageCache(folder.path);
    await cache.add(file(2), "small", bytes(2));
  }
  assertEquals(await found(folder.path, 4), [0, 1]);
});

Deno.test("the same images make the same pack", async () => {
  await using folder = await tempFolder();
  using first = await openImageCache(folder.path);
  using second = await openImageCache(folder.path);
  for (const cache of [first, second]) {
    for (let i = 0; i < 5; i++) await cache.add(file(i), "small", bytes(i));
  }
  await Promise.all([first.flush(), second.flush()]);
  assertEquals(packsIn(folder.path).length, 1);
  assertEquals(await found(folder.path, 6), [0, 1, 2, 3, 4]);
});

Deno.test("a damaged image is not given, and is made anew", async () => {
  await using folder = await tempFolder();
  await fill(folder.path, 0, 4);
  const [name] = packsIn(folder.path);
  const path = `${folder.path}/${name}`;
  const whole = await Deno.readFile(path);
  // The bytes of image 2 are the third three of the last twelve.
  const damaged = whole.slice();
  damaged[whole.length - 5] ^= 1;
  await Deno.writeFile(path, damaged);
  assertEquals(await found(folder.path, 4), [0, 1, 3]);
  await fill(folder.path, 2, 3);
  assertEquals(await found(folder.path, 4), [0, 1, 2, 3]);
});

Deno.test("a pack that is cut short, empty or of another kind is passed over", async () => {
  await using folder = await tempFolder();
  await fill(folder.path, 0, 4);
  const path = `${folder.path}/${packsIn(folder.path)[0]}`;
  const whole = await Deno.readFile(path);
  // Every length, and a fault in every byte of the head: never a wrong image, never an error.
  for (let length = 0; length < whole.length; length++) {
    await Deno.writeFile(path, whole.subarray(0, length));
    assertEquals(await found(folder.path, 4), []);
  }
  for (let at = 0; at < whole.length - 12; at++) {
    const damaged = whole.slice();
    damaged[at] ^= 0x40;
    await Deno.writeFile(path, damaged);
    assertEquals(await found(folder.path, 4), []);
  }
  await fill(folder.path, 0, 4);
  assertEquals(await found(folder.path, 4), [0, 1, 2, 3]);
});

Deno.test("what a killed writer left is cleared up, unless somebody writes", async () => {
  await using folder = await tempFolder();
  await fill(folder.path, 0, 1);
  await Deno.writeFile(`${folder.path}/small/x.partial`, new Uint8Array(9));
  {
    using lock = await Deno.open(`${folder.path}/.lock`, { write: true });
    await lock.lock(false);
    using _ = await openImageCache(folder.path);
    assertEquals(filesBelow(`${folder.path}/small`).length, 2);
  }
  assertEquals(await found(folder.path, 1), [0]);
  assertEquals(filesBelow(`${folder.path}/small`).length, 1);
});
