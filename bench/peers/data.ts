/**
 * `deno task bench:data`: JPEG files to batches, here and with PIL and PyTorch's DataLoader, in turn, as lines of JSON.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomStream } from "../../src/core/mod.ts";
import {
  gatherImages,
  type ImageRecord,
  type ImageSet,
  listImageFolder,
  openImageCache,
  prefetch,
  readImages,
  type ReadImagesOptions,
  shuffledBatches,
} from "../../src/data/mod.ts";
import { useBackend } from "../../src/engine/mod.ts";
import { decodeImage, encodeJpeg, encodePng } from "../../src/io/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";

const FACES = 100;
/** Each face is written that often, at another quality each time: no two files are the same. */
const COPIES = 10;
const SIZES = [{ height: 128, width: 128 }, { height: 256, width: 128 }];
const ROUNDS = Number(Deno.args[0] ?? 5);

/** A folder of JPEG files of one size. */
async function makeFolder(
  folder: string,
  size: { height: number; width: number },
): Promise<void> {
  const faces = proceduralFaces({
    identities: FACES,
    imagesPerIdentity: 1,
    size: 64,
  });
  const length = 64 * 64 * 3;
  for (let i = 0; i < FACES; i++) {
    await Deno.mkdir(`${folder}/${i}`, { recursive: true });
    const pixels = faces.images.subarray(i * length, (i + 1) * length);
    const png = await encodePng({ pixels, height: 64, width: 64 });
    const face = await decodeImage(png, { ...size, fit: "fill" });
    for (let k = 0; k < COPIES; k++) {
      const jpeg = await encodeJpeg(face, { quality: 86 + k });
      await Deno.writeFile(`${folder}/${i}/${k}.jpg`, jpeg);
    }
  }
}

const BATCH = 64;

/** Seconds for one shuffled epoch of a set in memory, as tensors. */
function epochOfSet(set: ImageSet): number {
  const begin = performance.now();
  const batch = batchesOf(set.count);
  for (let step = 0; step * BATCH < set.count; step++) {
    gatherImages(set, batch(step)).dispose();
  }
  return (performance.now() - begin) / 1000;
}

/** Seconds for one shuffled epoch of files that are read batch by batch, as tensors. */
async function epochOfFiles(
  records: ImageRecord[],
  options: ReadImagesOptions,
): Promise<number> {
  const begin = performance.now();
  const batch = batchesOf(records.length);
  const load = (step: number) =>
    readImages(Array.from(batch(step), (i) => records[i]), options);
  const to = Math.ceil(records.length / BATCH);
  for await (const set of prefetch(load, { to })) {
    gatherImages(set, [...set.labels.keys()]).dispose();
  }
  return (performance.now() - begin) / 1000;
}

function batchesOf(count: number) {
  const random = randomStream(1, "bench");
  return shuffledBatches(count, { batchSize: BATCH, random });
}

function startPeer() {
  const child = new Deno.Command("python3", {
    args: [fileURLToPath(new URL("./data_peer.py", import.meta.url))],
    env: { OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  async function answer() {
    let text = "";
    while (!text.endsWith("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error("Cannot go on as Python has ended");
      text += value;
    }
    return JSON.parse(text);
  }
  return {
    ready: answer,
    async epoch(folder: string, workers: number): Promise<number> {
      const request = JSON.stringify({ folder, workers }) + "\n";
      await writer.write(new TextEncoder().encode(request));
      return (await answer()).seconds;
    },
    async close() {
      await writer.close();
      await reader.cancel();
      await child.status;
    },
  };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

const engine = await useBackend("auto", { threads: 2 });
const root = await Deno.makeTempDir();
const peer = startPeer();
try {
  const { torch } = await peer.ready();
  console.error(
    `ours: ${engine.name} ${engine.version}; peer: torch ${torch}; ${ROUNDS} rounds of ${
      FACES * COPIES
    } images`,
  );
  for (const size of SIZES) {
    const name = `${size.height} x ${size.width}`;
    const folder = join(root, name);
    await makeFolder(folder, size);
    const { records } = await listImageFolder(folder);
    using cache = await openImageCache(join(root, `${name} cache`));
    const set = await readImages(records, { size, cache });
    await epochOfFiles(records, { size });
    epochOfSet(set);
    const times: Record<string, number[]> = {
      cold: [],
      fromDisk: [],
      cached: [],
      peer0: [],
      peer2: [],
    };
    for (let i = 0; i < ROUNDS; i++) {
      times.cold.push(await epochOfFiles(records, { size }));
      times.fromDisk.push(await epochOfFiles(records, { size, cache }));
      times.cached.push(epochOfSet(set));
      times.peer0.push(await peer.epoch(folder, 0));
      times.peer2.push(await peer.epoch(folder, 2));
    }
    const rate = (seconds: number[]) =>
      Math.round(FACES * COPIES / median(seconds));
    const rates = Object.fromEntries(
      Object.entries(times).map(([kind, seconds]) => [kind, rate(seconds)]),
    );
    const best = Math.max(rates.peer0, rates.peer2);
    const ratio = (value: number) => Number((value / best).toPrecision(3));
    console.log(JSON.stringify({
      name,
      imagesPerSecond: rates,
      coldRatio: ratio(rates.cold),
      fromDiskRatio: ratio(rates.fromDisk),
      cachedRatio: ratio(rates.cached),
    }));
  }
} finally {
  await peer.close();
  await Deno.remove(root, { recursive: true });
}
