import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  gatherImages,
  type ImageSet,
  subsetImages,
} from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import {
  denoisingLosses,
  encodeImages,
  type Generator,
  inferMembership,
  type InferMembershipInput,
  makeGenerator,
  type MembershipAttack,
  trainDenoiser,
} from "../../src/stages/mod.ts";
import { cloneParams, randomStream } from "../../src/core/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import {
  tinyEmbedder,
  tinyFaces,
  tinyGenerator,
} from "../support/tiny_prior.ts";

const NAMES = ["ada", "bob", "cyd"];
/** Eight photographs of each of three people: the even ones are trained on. */
const faces = tinyFaces(3, 8, { names: NAMES });
const every = (set: ImageSet, rest: number) =>
  subsetImages(set, [...set.labels.keys()].filter((i) => i % 2 === rest));
const members = every(faces, 0);
const heldOut = every(faces, 1);
const others = tinyFaces(4, 3, {
  seed: 9,
  names: ["dan", "eve", "flo", "gus"],
});

/** The generator after so many steps on the members. */
async function overfitted(
  generator: Generator,
  steps: number,
): Promise<Generator> {
  const latents = await encodeImages(generator, members);
  const dit = await trainDenoiser(generator, latents, {
    name: "an overfitting",
    steps,
    batchSize: 24,
    rate: 5e-3,
    rateFloor: 0.2,
    average: 0,
  });
  return makeGenerator(generator.config, {
    autoencoder: cloneParams(generator.params.autoencoder),
    dit,
  });
}

function area(
  attacks: MembershipAttack[],
  attack: MembershipAttack["attack"],
  against: string,
): number {
  return attacks.find((one) =>
    one.attack === attack && one.against.includes(against)
  )!.scores.areaUnderCurve;
}

testOnBackends(
  "inferMembership() detects a generator that has learned its photographs by heart, and finds nothing in a fresh one",
  async () => {
    const fresh = tinyGenerator(NAMES);
    const learned = await overfitted(fresh, 250);
    using embedder = await tinyEmbedder();
    const options = { times: 4, noises: 2, chunk: 12 };
    const before = await inferMembership(
      { generator: fresh, members, heldOut, others },
      options,
    );
    const parts = new Set<string>();
    const after = await inferMembership({
      generator: learned,
      members,
      heldOut,
      others,
      reference: fresh,
      // Copies of the members in the place of what it made: the nearest neighbour tells all.
      nearest: { synthetic: members, embedder },
    }, { ...options, onStep: (part) => void parts.add(part) });
    assertEquals(
      before.map(({ attack, against, condition }) =>
        `${attack}, ${against}, ${condition}`
      ),
      [
        "loss, held-out images of the same people, class",
        "loss, images of other people, null class",
      ],
    );
    assertEquals(after.length, 6);
    const heard = area(after, "loss", "same people");
    const heardFresh = area(before, "loss", "same people");
    assert(heard > 0.8, `${heard}`);
    assert(Math.abs(heardFresh - 0.5) < 0.15, `${heardFresh}`);
    assert(area(after, "calibrated loss", "same people") > 0.7);
    assertEquals(area(after, "nearest synthetic", "same people"), 1);
    assertEquals(area(after, "nearest synthetic", "other people"), 1);
    const [{ byTime, scores }] = after;
    assertEquals(byTime!.map(({ time }) => time), [125, 375, 625, 875]);
    assertEquals(scores.protocol.counts, {
      members: 12,
      nonMembers: 12,
      people: 3,
    });
    assert(scores.interval![0] > 0.5);
    assert(scores.found[0].reason!.includes("12 others"));
    assert(parts.has("losses of members, class") && parts.has("features"));
    fresh.dispose();
    learned.dispose();
  },
);

testOnBackends(
  "denoisingLosses() of an image do not depend on what else is in the set",
  async () => {
    const generator = tinyGenerator(NAMES);
    const options = { times: 3, noises: 2, chunk: 4, seed: 2 };
    const all = await denoisingLosses(
      generator,
      members,
      members.labels,
      options,
    );
    const one = subsetImages(members, [5]);
    const alone = await denoisingLosses(generator, one, one.labels, options);
    assertEquals(all.times, [166, 500, 833]);
    assertClose(alone.values, all.values.slice(5 * 3, 6 * 3), 1e-5);
    generator.dispose();
  },
);

testOnBackends("denoisingLosses() are those of the definition", async () => {
  const generator = tinyGenerator(NAMES);
  const one = subsetImages(members, [7]);
  const options = { times: 1, noises: 1, chunk: 1, seed: 3 };
  const { values } = await denoisingLosses(generator, one, [2], options);
  // v = √ᾱ ε - √(1-ᾱ) x_0 at time 500, by hand.
  const expected = tf.tidy(() => {
    const x = generator.encode(gatherImages(one, [0]));
    const e = tf.tensor4d(
      randomStream(3, "membership").fork(500, 0).normals(x.size),
      x.shape,
    );
    const alpha = generator.schedule.alphaBars[500];
    const [a, b] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)];
    const noisy = tf.add(tf.mul(a, x), tf.mul(b, e)) as tf.Tensor4D;
    const target = tf.sub(tf.mul(a, e), tf.mul(b, x));
    const found = generator.dit.apply(
      generator.params.dit,
      noisy,
      tf.tensor1d([500]),
      tf.tensor1d([2], "int32"),
    );
    return tf.mean(tf.square(tf.sub(found, target))).dataSync()[0];
  });
  assertClose(values, [expected], 1e-5);
  generator.dispose();
});

testOnBackends(
  "inferMembership() refuses what it cannot compare in one sentence",
  async () => {
    const generator = tinyGenerator(NAMES);
    const few = { times: 1, noises: 1, chunk: 12 };
    const refuses = (
      input: Partial<InferMembershipInput>,
      part: string,
      kind: typeof RangeError | typeof TypeError = RangeError,
    ) =>
      assertRejects(
        () => inferMembership({ generator, members, ...input }, few),
        kind,
        part,
      );
    await refuses({}, "'heldOut' or 'others' must be given");
    await refuses({ heldOut: others }, "current value is dan");
    const small = { ...others, height: 8 };
    await refuses({ others: small }, "must be of 16 x 16", TypeError);
    const broken = {
      ...await tinyEmbedder(),
      embed: (x: tf.Tensor4D) => tf.fill([x.shape[0], 8], NaN) as tf.Tensor2D,
    };
    const nearest = { synthetic: others, embedder: broken };
    await refuses({ others, nearest }, "features[0]");
    broken[Symbol.dispose]();
    const signal = AbortSignal.abort();
    await assertRejects(
      () => inferMembership({ generator, members, others }, { ...few, signal }),
      DOMException,
    );
    generator.dispose();
  },
);
