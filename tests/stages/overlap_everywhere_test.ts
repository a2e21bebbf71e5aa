import { assert, assertEquals } from "@std/assert";
import { type Embedder, plainPreprocessing } from "../../src/core/mod.ts";
import { type ImageSet, subsetImages } from "../../src/data/mod.ts";
import { tf, useBackend } from "../../src/engine/mod.ts";
import {
  evaluateBias,
  evaluateGeneration,
  evaluateReid,
  evaluateVerification,
  type TestOverlap,
} from "../../src/stages/mod.ts";
import { tinyFaces } from "../support/tiny_prior.ts";
import { codeOf } from "../support/source_code.ts";

type Overlapping = {
  overlap?: TestOverlap[] | { [group: string]: TestOverlap[] };
  absent: { [figure: string]: string };
};

/** What happened, in order: the images trained on were looked at, the test images were embedded. */
function watched(test: ImageSet): {
  log: string[];
  embedder: Embedder;
  trainedOn: { [name: string]: ImageSet };
} {
  const log: string[] = [];
  const embedder: Embedder = {
    embed(images) {
      log.push("score");
      return tf.tidy(() =>
        tf.reshape(tf.mean(images, [1]), [images.shape[0], -1])
      );
    },
    width: 16 * 3,
    preprocessing: plainPreprocessing(16, 16),
    fingerprint: "columns",
  };
  const train = subsetImages(test, [0, 1]);
  const seen: ImageSet = {
    ...train,
    get count() {
      log.push("overlap");
      return train.count;
    },
  };
  return { log, embedder, trainedOn: { train: seen } };
}

const people = tinyFaces(12, 3);
const odd = (rest: number) =>
  subsetImages(
    people,
    [...people.labels.keys()].filter((i) =>
      i % 3 === 0 ? rest === 0 : rest === 1
    ),
  );

/** Every evaluation there is: a new one is added here, or the last test of this file fails. */
const evaluations: {
  [name: string]: (
    embedder: Embedder,
    trainedOn?: { [name: string]: ImageSet },
  ) => Promise<Overlapping>;
} = {
  evaluateVerification: (embedder, trainedOn) =>
    evaluateVerification(embedder, people, { trainedOn }),
  evaluateReid: (embedder, trainedOn) =>
    evaluateReid(embedder, { query: odd(0), gallery: odd(1) }, { trainedOn }),
  evaluateBias: (embedder, trainedOn) =>
    evaluateBias(embedder, {
      images: people,
      groups: people.identities.map((_, i) => i % 2 === 0 ? "even" : "odd"),
    }, { trainedOn }),
  evaluateGeneration: (embedder, trainedOn) =>
    evaluateGeneration({
      embedder,
      real: people,
      synthetic: odd(1),
      trainedOn,
    }),
};

for (const [name, evaluate] of Object.entries(evaluations)) {
  Deno.test(`${name}() looks for test images among those trained on before anything is scored`, async () => {
    await useBackend("wasm");
    const { log, embedder, trainedOn } = watched(people);
    const { overlap, absent } = await evaluate(embedder, trainedOn);
    assertEquals(log[0], "overlap");
    assert(log.includes("score"));
    const found = Array.isArray(overlap)
      ? overlap
      : Object.values(overlap!).flat();
    assert(found.every(({ name }) => name === "train"));
    assertEquals(found.reduce((sum, { affected }) => sum + affected, 0), 2);
    assertEquals(absent.overlap, undefined);
    // Not given, that is said in the place of a number.
    const without = await evaluate(embedder);
    assert(!("overlap" in without) && without.absent.overlap.length > 20);
  });
}

/** Where scores are measured or printed, and what stands there for overlap. */
const SCORES =
  /\bevaluate(?:Verification|VerificationSets|Reid|Bias|Generation)\(/;

Deno.test("whatever evaluates says something about overlap", async () => {
  const root = new URL("../../src/", import.meta.url);
  const silent: string[] = [];
  let seen = 0;
  for (const room of ["stages", "cli"]) {
    for await (const { name } of Deno.readDir(new URL(room, root))) {
      const source = await Deno.readTextFile(new URL(`${room}/${name}`, root));
      const code = codeOf(source);
      if (!SCORES.test(code) || /^evaluate_/.test(name)) continue;
      seen++;
      if (!/\btrainedOn\b|\bcheckOverlap\(|\boverlap\b/.test(code)) {
        silent.push(`${room}/${name}`);
      }
    }
  }
  assertEquals(silent, []);
  assert(seen >= 3, `${seen} files evaluate`);
});

Deno.test("every evaluation takes the images trained on, and is gone through above", async () => {
  const folder = new URL("../../src/stages/", import.meta.url);
  for await (const { name } of Deno.readDir(folder)) {
    if (!/^evaluate_\w+\.ts$/.test(name)) continue;
    const code = codeOf(await Deno.readTextFile(new URL(name, folder)));
    const own = /export async function (evaluate\w+)/.exec(code)?.[1];
    if (own === undefined) continue;
    assert(
      /\btrainedOn\b/.test(code) ||
        /\bevaluateVerification\(|EvaluateVerificationOptions/.test(code),
      name,
    );
    // Sets of pairs are verified one by one, by evaluateVerification's rule.
    if (own === "evaluateVerificationSets") continue;
    assert(own in evaluations, `${own}() is not gone through`);
  }
});
