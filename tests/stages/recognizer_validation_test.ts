import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import {
  chosenWeights,
  holdOut,
  recognizerWatch,
  retrievalScore,
} from "../../src/stages/recognizer_validation.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyFaces } from "../support/tiny_prior.ts";

const names = ["ada", "bob", "cyd", "dot", "eve", "fay"];
const real = tinyFaces(6, 2, { names });

Deno.test("holdOut() parts identities, none in both, and leaves their synthetic images out", () => {
  const synthetic = tinyFaces(6, 3, { names, seed: 1 });
  const random = randomStream(4);
  for (const identities of [2, 1 / 3]) {
    const { train, heldOut, synthetic: kept } = holdOut(real, {
      identities,
      random: random.fork("x"),
      synthetic,
    });
    assertEquals([train.identities.length, heldOut.identities.length], [4, 2]);
    assertEquals([train.count, heldOut.count, kept!.count], [8, 4, 12]);
    assertEquals([...train.identities, ...heldOut.identities].sort(), names);
    assertEquals(kept!.identities, train.identities);
    assertEquals([...train.labels], [0, 0, 1, 1, 2, 2, 3, 3]);
  }
});

Deno.test("holdOut() refuses to leave too few on either side", () => {
  const random = randomStream(4);
  for (const identities of [1, 5, 2.5, -0.1]) {
    assertThrows(
      () => holdOut(real, { identities, random }),
      RangeError,
      "'validation.identities'",
    );
  }
  const single = tinyFaces(6, 1, { names });
  assertThrows(
    () => holdOut(single, { identities: 2, random }),
    RangeError,
    "must hold out identities with more than one image",
  );
});

testOnBackends(
  "retrievalScore() is the mean average precision of each image among the others",
  () => {
    // Features by hand, angles in degrees: ada 0 and 10, bob 20 and 100.
    // ada's first: 10, 20, 100 -> 1. ada's second: 0 and 20 are as near, by index 0 first -> 1.
    // bob's first: 10, 0, 100 -> 1/3. bob's second: 20 first -> 1. Mean 10/12.
    const angles = [0, 10, 20, 100].map((x) => x * Math.PI / 180);
    const set = tinyFaces(2, 2);
    const embed = () =>
      tf.tensor2d(angles.map((x) => [3 * Math.cos(x), 3 * Math.sin(x)]));
    assertClose(retrievalScore(embed, set), 10 / 12, 1e-6);
  },
);

testOnBackends(
  "recognizerWatch() looks when it is time and remembers the best weights",
  () => {
    const heldOut = tinyFaces(2, 2);
    // The weight decides whether images of one person are together.
    const embed = (params: { [name: string]: tf.Tensor }) => {
      const good = params.w.dataSync()[0] > 0;
      return tf.tensor2d(
        good
          ? [[1, 0], [1, 0], [0, 1], [0, 1]]
          : [[1, 0], [0, 1], [1, 0], [0, 1]],
      );
    };
    const watch = recognizerWatch({
      steps: 5,
      heldOut,
      embed,
      validation: { identities: 2, every: 2, keep: "best" },
    });
    const scores: (number | undefined)[] = [];
    const weights = [-1, 1, 2, -3, 3];
    const first = { w: tf.scalar(0) };
    let groups = watch.init(first);
    tf.dispose(first);
    weights.forEach((w, i) => {
      const params = { w: tf.scalar(w) };
      const seen = watch.look(i + 1, params, groups);
      scores.push(seen.metrics.score?.dataSync()[0]);
      tf.dispose([groups, params, seen.metrics]);
      groups = seen.groups;
    });
    // Looks after 2, 4 and 5; the good weight 1 came first, and 3 is not better.
    assertEquals(scores.map((score) => score !== undefined), [
      false,
      true,
      false,
      true,
      true,
    ]);
    assert(scores[1]! > scores[3]!);
    assertEquals(chosenWeights(groups, {}).w.dataSync()[0], 1);
    tf.dispose(groups);
  },
  { backends: ["wasm"] },
);

Deno.test("recognizerWatch() refuses intervals and choices that are none", () => {
  const heldOut = tinyFaces(2, 2);
  const embed = () => tf.zeros<tf.Rank.R2>([1, 1]);
  for (
    const [name, value] of [["every", 0], ["keep", "first"]] as [
      string,
      never,
    ][]
  ) {
    assertThrows(
      () =>
        recognizerWatch({
          steps: 1,
          heldOut,
          embed,
          validation: { identities: 2, [name]: value },
        }),
      RangeError,
      `'validation.${name}'`,
    );
  }
});
