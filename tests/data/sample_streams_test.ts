import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { sampleStreams, shuffledBatches } from "../../src/data/mod.ts";

const random = randomStream(3, "samples");

Deno.test("image i of epoch e has one stream, whatever the batch size", () => {
  const drawn = (batchSize: number) => {
    const batch = shuffledBatches(6, { batchSize, random });
    const draws = new Map<string, number>();
    for (let step = 0; step * batchSize < 12; step++) {
      const indices = batch(step);
      const epochs = batch.epochs(step);
      const streams = sampleStreams(random, indices, epochs);
      streams.forEach((stream, i) =>
        draws.set(`${epochs[i]} ${indices[i]}`, stream.uniform())
      );
    }
    return draws;
  };
  const [small, large] = [drawn(2), drawn(4)];
  assertEquals(small.size, 12);
  assertEquals(large, small);
  assertEquals(new Set(small.values()).size, 12);
});

Deno.test("an image that comes twice in a batch has two streams", () => {
  const [a, b, c] = sampleStreams(random, [7, 7, 7], 0);
  assert(new Set([a.uniform(), b.uniform(), c.uniform()]).size === 3);
  assertThrows(() => sampleStreams(random, [1, 2], [0]), TypeError, "'epochs'");
});
