import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { type Embedder, plainPreprocessing } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { readVerificationBins } from "../../src/data/mod.ts";
import { encodePng, encodeVerificationBin } from "../../src/io/mod.ts";
import { evaluateVerificationSets } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Features: red and green of the mean colour. */
const colours: Embedder = {
  embed: (images) =>
    tf.tidy(() => tf.slice2d(tf.mean(images, [1, 2]), [0, 0], [-1, 2])),
  width: 2,
  preprocessing: plainPreprocessing(4, 4),
  fingerprint: "red and green",
};

function picture(red: number, green: number): Promise<Uint8Array> {
  const pixels = Float32Array.from(
    { length: 48 },
    (_, i) => [red, green, 0][i % 3],
  );
  return encodePng({ pixels, height: 4, width: 4 });
}

/** Twenty pairs of equal colours and of opposite ones, the first `wrong` of them labelled falsely. */
async function bin(wrong: number): Promise<Uint8Array> {
  const [a, b] = [await picture(1, 1), await picture(1, -1)];
  const images: Uint8Array[] = [];
  const same: boolean[] = [];
  for (let k = 0; k < 20; k++) {
    images.push(a, k % 2 ? b : a);
    same.push((k % 2 === 0) === (k >= wrong));
  }
  return encodeVerificationBin({ images, same });
}

testOnBackends(
  "evaluateVerificationSets() judges each set and averages over them",
  async () => {
    await using folder = await tempFolder();
    await Deno.writeFile(`${folder.path}/lfw.bin`, await bin(0));
    await Deno.writeFile(`${folder.path}/calfw.bin`, await bin(4));
    const test = await readVerificationBins(folder.path);
    const seen: number[] = [];
    const { sets, average, protocol } = await evaluateVerificationSets(
      colours,
      test,
      { onProgress: (done) => seen.push(done) },
    );
    assertEquals(Object.keys(sets).sort(), ["calfw", "lfw"]);
    assertEquals(sets.lfw.accuracy, { mean: 1, std: 0 });
    // Four of twenty pairs are labelled falsely.
    assertAlmostEquals(sets.calfw.accuracy.mean, 0.8, 1e-12);
    assertAlmostEquals(average, 0.9, 1e-12);
    assertEquals(protocol.counts, { images: 80, pairs: 40, sets: 2 });
    assertEquals(seen, [40, 80]); // after each part
    assertEquals(
      protocol.parameters.average,
      "mean of the sets' mean accuracies",
    );
  },
);

testOnBackends(
  "evaluateVerificationSets() names the set that cannot be judged",
  async () => {
    await using folder = await tempFolder();
    const a = await picture(1, 1);
    await Deno.writeFile(
      `${folder.path}/few.bin`,
      encodeVerificationBin({ images: [a, a], same: [true] }),
    );
    const test = await readVerificationBins(folder.path);
    await assertRejects(
      () => evaluateVerificationSets(colours, test),
      RangeError,
      "'pairs' must be a finite number at least 10: current value is 1 (in the set few)",
    );
    await assertRejects(
      () => evaluateVerificationSets(colours, { ...test, pairs: [] }),
      RangeError,
      "'test' must have pairs",
    );
  },
  { backends: ["wasm"] },
);
