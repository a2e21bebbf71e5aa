import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Embedder,
  plainPreprocessing,
  randomStream,
} from "../../src/core/mod.ts";
import { type ImageSet, readRfw } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { encodePng } from "../../src/io/mod.ts";
import { evaluateBias } from "../../src/stages/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Features: some of the mean colour. */
function colours(width: number): Embedder {
  return {
    embed: (images) =>
      tf.tidy(() => tf.slice2d(tf.mean(images, [1, 2]), [0, 0], [-1, width])),
    width,
    preprocessing: plainPreprocessing(4, 4),
    fingerprint: `${width} colours`,
  };
}

/** Twelve people of five images: the first six of a colour each, the others of any. */
function people(): ImageSet {
  const labels = Int32Array.from({ length: 60 }, (_, i) => i % 12);
  const images = new Float32Array(60 * 48);
  labels.forEach((label, i) => {
    const colour = randomStream(1, label < 6 ? label : 100 + i).normals(3)
      .map((value) => Math.max(-1, Math.min(1, value / 2)));
    for (let at = 0; at < 48; at++) images[48 * i + at] = colour[at % 3];
  });
  return {
    images,
    height: 4,
    width: 4,
    count: 60,
    labels,
    identities: Array.from({ length: 12 }, (_, i) => `person ${i}`),
    paths: Array.from(labels, (_, i) => `${i}`),
    problems: [],
  };
}

const groups: string[] = Array.from(
  { length: 12 },
  (_, i) => i < 6 ? "easy" : "hard",
);

testOnBackends(
  "evaluateBias() finds the group that is served worse",
  async () => {
    const test = { images: people(), groups };
    const result = await evaluateBias(colours(3), test, { replicates: 200 });
    const { easy, hard } = result.groups;
    assertEquals(easy.accuracy.mean, 1);
    assert(hard.accuracy.mean < 0.8);
    assertEquals(easy.protocol.counts.pairs, 120);
    assertEquals(result.mean.value, (1 + hard.accuracy.mean) / 2);
    assertEquals(result.std.value, (1 - hard.accuracy.mean) / 2);
    assertEquals(result.skewedErrorRatio, undefined);
    assert("skewedErrorRatio" in result.absent && "overlap" in result.absent);
    assertEquals(result.protocol.parameters.redrawn, {
      easy: "whole identities",
      hard: "whole identities",
    });
    assert(result.rules.easy.includes("6 identities"));
    assertEquals(result.comparison, undefined);
  },
);

testOnBackends(
  "evaluateBias() compares two recognisers on the same pairs, and looks for images trained on",
  async () => {
    const images = people();
    const { comparison, overlap, absent } = await evaluateBias(
      colours(3),
      { images, groups },
      {
        against: colours(1),
        replicates: 100,
        trainedOn: { "the real images": images },
      },
    );
    // By red alone, told by its sign after scaling to unit length, people are mixed up.
    assert(comparison!.groups.easy.difference > 0.1);
    assert(comparison!.groups.easy.mcNemar.p < 0.01);
    assertEquals(comparison!.protocol.name, "paired comparison of bias");
    assertEquals(overlap?.easy[0].affected, 30);
    assertEquals(absent.overlap, undefined);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "evaluateBias() measures the four groups of procedural people",
  async () => {
    const images = proceduralFaces({
      identities: 24,
      imagesPerIdentity: 3,
      size: 16,
      groups: { A: 1, B: 1, C: 1, D: 1 },
    });
    const embedder: Embedder = {
      ...colours(3),
      preprocessing: plainPreprocessing(16, 16),
    };
    const result = await evaluateBias(embedder, {
      images,
      groups: images.groups,
    }, { replicates: 50 });
    assertEquals(Object.keys(result.groups).sort(), ["A", "B", "C", "D"]);
    for (const { protocol } of Object.values(result.groups)) {
      // Five to seven people of three pictures each.
      assert(protocol.counts.same >= 10 && protocol.counts.same <= 20);
    }
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "evaluateBias() reads RFW's folders",
  async () => {
    await using folder = await tempFolder();
    const names = ["African", "Asian", "Caucasian", "Indian"];
    for (const [g, group] of names.entries()) {
      let list = "";
      for (let k = 0; k < 10; k++) {
        const person = `${folder.path}/data/${group}/m.${k}`;
        await Deno.mkdir(person, { recursive: true });
        for (const n of [1, 2]) {
          // The people of the last group look different every time.
          const colour = randomStream(5, g, k, g === 3 ? n : 0).normals(3);
          const pixels = Float32Array.from(
            { length: 48 },
            (_, i) => Math.tanh(colour[i % 3]),
          );
          await Deno.writeFile(
            `${person}/m.${k}_000${n}.png`,
            await encodePng({ pixels, height: 4, width: 4 }),
          );
        }
        list += `m.${k}\t1\t2\nm.${k}\t1\tm.${(k + 1) % 10}\t2\n`;
      }
      await Deno.mkdir(`${folder.path}/txts/${group}`, { recursive: true });
      await Deno.writeTextFile(
        `${folder.path}/txts/${group}/${group}_pairs.txt`,
        list,
      );
    }
    const result = await evaluateBias(colours(3), await readRfw(folder.path), {
      replicates: 20,
    });
    assertEquals(Object.keys(result.groups), names);
    assert(
      result.groups.Indian.accuracy.mean < result.groups.Asian.accuracy.mean,
    );
    assertEquals(result.groups.Asian.protocol.counts.pairs, 20);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "evaluateBias() refuses groups that do not fit, one group, and groups too small",
  async () => {
    const images = people();
    await assertRejects(
      () => evaluateBias(colours(3), { images, groups: ["a"] }),
      TypeError,
      "'groups' must be of length 12",
    );
    await assertRejects(
      () => evaluateBias(colours(3), { images, groups: groups.map(() => "a") }),
      RangeError,
      "'number of groups'",
    );
    const alone = groups.with(3, "alone");
    await assertRejects(
      () => evaluateBias(colours(3), { images, groups: alone }),
      RangeError,
      "(in the group alone)",
    );
  },
  { backends: ["wasm"] },
);
