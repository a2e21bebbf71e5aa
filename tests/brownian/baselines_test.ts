import { assert, assertEquals, assertThrows } from "@std/assert";
import { identityToy, rejectLatents } from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { testOnBackends } from "../support/backends.ts";

const random = randomStream(8);
const angle = (a: number[], b: number[]) => {
  const dot = (x: number[], y: number[]) =>
    x.reduce((sum, v, k) => sum + v * y[k], 0);
  return Math.acos(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)));
};

testOnBackends(
  "rejectLatents() keeps identities apart, and from real people",
  () => {
    using real = owned(tf.tensor2d([[0, 0, 1], [0, 2, 0]]));
    const { latents, embeddings, drawn } = rejectLatents(identityToy(3), {
      count: 5,
      distance: 0.9,
      random,
      avoid: { embeddings: real.value, distance: 0.6 },
    });
    const e = embeddings.arraySync();
    e.forEach((a, i) => {
      e.slice(i + 1).forEach((b) => assert(angle(a, b) >= 0.9 - 1e-6));
      real.value.arraySync().forEach((c) => assert(angle(a, c) >= 0.6 - 1e-6));
    });
    assertEquals(latents.arraySync(), e);
    assert(drawn > 5);
    tf.dispose([latents, embeddings]);
  },
);

testOnBackends("rejectLatents() does not depend on chunks", () => {
  const options = { count: 4, distance: 0.8, random };
  const whole = rejectLatents(identityToy(3), options);
  const parts = rejectLatents(identityToy(3), { ...options, chunk: 3 });
  assertEquals(parts.latents.arraySync(), whole.latents.arraySync());
  assertEquals(parts.drawn, whole.drawn);
  for (const { latents, embeddings } of [whole, parts]) {
    tf.dispose([latents, embeddings]);
  }
});

testOnBackends("rejectLatents() gives up where there is no room", () => {
  // On the circle no more than three are 2 rad apart.
  assertThrows(
    () =>
      rejectLatents(identityToy(2), {
        count: 4,
        distance: 2,
        random,
        attempts: 200,
      }),
    RangeError,
    "'attempts' must be enough for 4 identities 2 rad apart",
  );
});
