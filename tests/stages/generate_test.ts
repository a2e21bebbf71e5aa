import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ImageSet } from "../../src/data/mod.ts";
import { generate } from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyGenerator } from "../support/tiny_prior.ts";

const sampling = { samplingSteps: 3, seed: 9 };

/** Pixels by path; a path without its leading zeros, which tell how many were asked for. */
function byName(set: ImageSet): Map<string, Float32Array> {
  const size = set.images.length / set.count;
  return new Map(set.paths.map((path, i) => [
    path.replace(/\/0*(\d)/, "/$1"),
    set.images.slice(i * size, (i + 1) * size),
  ]));
}

testOnBackends(
  "generate() draws image k of a class as the same bits, whatever is drawn beside it",
  async () => {
    const generator = tinyGenerator();
    const all = await generate(generator, {
      imagesPerIdentity: 11,
      ...sampling,
    });
    assertEquals(all.count, 33);
    assertEquals(all.identities, ["ada", "bob", "cyd"]);
    assertEquals(all.paths[12], "bob/01.png");
    assert(all.images.every((x) => x >= -1 && x <= 1));
    const images = byName(all);
    assertEquals(images.size, 33);
    assert(new Set([...images.values()].map(String)).size === 33);
    const others = [
      { imagesPerIdentity: 3 },
      { imagesPerIdentity: 2, labels: [1] },
      { imagesPerIdentity: 5, labels: [2, 0, 1] },
      { imagesPerIdentity: 30 }, // more than a chunk: other neighbours, other places
    ];
    for (const options of others) {
      const set = await generate(generator, { ...options, ...sampling });
      assertEquals(
        set.labels[0],
        options.labels?.[0] ?? 0,
        "in the order of labels",
      );
      for (const [name, pixels] of byName(set)) {
        if (images.has(name)) assertEquals(pixels, images.get(name), name);
      }
    }
    generator.dispose();
  },
);

testOnBackends(
  "generate() with another chunk differs by rounding only",
  async () => {
    const generator = tinyGenerator();
    const options = { imagesPerIdentity: 2, ...sampling };
    const whole = await generate(generator, options);
    const small = await generate(generator, { ...options, chunk: 5 });
    assertClose(small.images, whole.images, 1e-4);
    const other = await generate(generator, { ...options, seed: 10 });
    assert(other.images.some((x, i) => Math.abs(x - whole.images[i]) > 0.01));
    generator.dispose();
  },
);

testOnBackends("generate() tells its progress and can be stopped", async () => {
  const generator = tinyGenerator();
  const controller = new AbortController();
  const seen: number[] = [];
  await assertRejects(
    () =>
      generate(generator, {
        ...sampling,
        imagesPerIdentity: 4,
        chunk: 5,
        signal: controller.signal,
        onStep: (done, total) => {
          seen.push(done, total);
          if (done === 10) controller.abort(new Error("enough"));
        },
      }),
    Error,
    "enough",
  );
  assertEquals(seen, [5, 12, 10, 12]);
  generator.dispose();
});

testOnBackends(
  "generate() refuses classes there are not, or twice",
  async () => {
    const generator = tinyGenerator();
    const cases: [object, string][] = [
      [{ labels: [0, 3] }, "'labels[1]'"], // 3 is the null class: nobody
      [{ labels: [-1] }, "'labels[0]'"],
      [{ labels: [1, 0, 1] }, "without repetition"],
      [{ imagesPerIdentity: 0 }, "'imagesPerIdentity'"],
      [{ chunk: 0 }, "'chunk'"],
    ];
    for (const [options, message] of cases) {
      await assertRejects(
        () => generate(generator, { imagesPerIdentity: 1, ...options }),
        RangeError,
        message,
      );
    }
    generator.dispose();
  },
  { backends: ["wasm"] },
);
