import { assert, assertEquals, assertRejects } from "@std/assert";
import { digestBytes } from "../../src/core/mod.ts";
import { folderLayout } from "../../src/data/mod.ts";
import { decodeImage } from "../../src/io/mod.ts";
import {
  exportGenerated,
  type ExportGeneratedOptions,
  generate,
  generateChunks,
} from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { tinyGenerator } from "../support/tiny_prior.ts";

const sampling = { samplingSteps: 2, seed: 9, imagesPerIdentity: 5, chunk: 4 };
const told: Pick<
  ExportGeneratedOptions,
  "layout" | "provenance" | "description"
> = {
  layout: folderLayout(),
  provenance: { description: "Nobody" },
  description: { protocol: "Drawn.", licence: "CC0-1.0", chain: [] },
};
const contents = (folder: string) =>
  filesBelow(folder).map((name) =>
    `${name} ${digestBytes(Deno.readFileSync(`${folder}/${name}`))}`
  );

testOnBackends("exportGenerated() writes what generate() draws", async () => {
  await using folder = await tempFolder();
  const generator = tinyGenerator();
  const out = `${folder.path}/set`;
  const labels = [2, 0];
  const progress: string[] = [];
  const { count } = await exportGenerated(generator, {
    ...sampling,
    ...told,
    labels,
    out,
    onProgress: (done, total) => progress.push(`${done}/${total}`),
  });
  assertEquals([count, progress.at(-1)], [10, "10/10"]);
  const drawn = await generate(generator, { ...sampling, labels });
  for (const [i, path] of drawn.paths.entries()) {
    const [identity, file] = path.split("/");
    const written = `${out}/${identity}/${file.padStart(9, "0")}`;
    const size = drawn.images.length / 10;
    const pixels = drawn.images.subarray(i * size, (i + 1) * size);
    assertClose((await decodeImage(written)).pixels, pixels, 1 / 254);
  }
  const lines = await Deno.readTextFile(`${out}/manifest.jsonl`);
  const rows = lines.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(
    rows.map(({ identity, label, seed }) => [identity, label, seed]),
    [
      ...Array.from({ length: 5 }, () => ["cyd", 0, 9]),
      ...Array.from({ length: 5 }, () => ["ada", 1, 9]),
    ],
  );
  generator.dispose();
});

testOnBackends("an interrupted export goes on to the same bytes", async () => {
  await using folder = await tempFolder();
  const generator = tinyGenerator();
  const options = { ...sampling, ...told };
  const whole = `${folder.path}/whole`;
  await exportGenerated(generator, { ...options, out: whole });
  const out = `${folder.path}/set`;
  const controller = new AbortController();
  await assertRejects(
    () =>
      exportGenerated(generator, {
        ...options,
        out,
        signal: controller.signal,
        onProgress: (done) => done === 6 && controller.abort(),
      }),
    DOMException,
  );
  const before: number[] = [];
  await exportGenerated(generator, {
    ...options,
    out,
    onProgress: (done) => before.push(done),
  });
  assert(before[0] >= 6, `${before}`);
  assertEquals(contents(out), contents(whole));
  generator.dispose();
});

testOnBackends(
  "generateChunks() draws only chunks that are asked for",
  async () => {
    const generator = tinyGenerator();
    const all = await generate(generator, sampling);
    const size = all.images.length / 15;
    const seen: string[] = [];
    const chunks = generateChunks(generator, {
      ...sampling,
      // Images 5 and 14 of 15: of the second chunk of four, and of the last.
      isWanted: (label, k) => label === 1 && k === 0 || label === 2 && k === 4,
    });
    for await (const { keys, pixels } of chunks) {
      seen.push(keys.map(({ label, k }) => `${label}.${k}`).join(" "));
      const first = keys[0].label * 5 + keys[0].k;
      const own = all.images.subarray(
        first * size,
        first * size + pixels.length,
      );
      assertClose(pixels, own, 0);
    }
    assertEquals(seen, ["0.4 1.0 1.1 1.2", "2.2 2.3 2.4"]);
    generator.dispose();
  },
);
