import { assertEquals, assertThrows } from "@std/assert";
import {
  identityToy,
  startLatents,
  startVariations,
} from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const random = randomStream(3);

testOnBackends(
  "startLatents() draws towards the mean by the truncation",
  () => {
    const toy = {
      ...identityToy(2),
      mean: () => tf.tensor1d([10, 20]),
    };
    const all = startLatents(toy, { count: 3, random, truncation: 0.5 });
    const [x, y] = random.fork("start", 2).normals(2);
    assertClose(all.arraySync()[2], [5 + x / 2, 10 + y / 2], 1e-6);
    const last = startLatents(toy, {
      count: 1,
      random,
      truncation: 0.5,
      first: 2,
    });
    assertEquals(last.arraySync()[0], all.arraySync()[2]);
    tf.dispose([all, last]);
    assertThrows(
      () => startLatents(toy, { count: 1, random, truncation: 0 }),
      RangeError,
      "'truncation'",
    );
    assertThrows(
      () => startLatents(toy, { count: 0, random }),
      RangeError,
      "'count'",
    );
  },
);

testOnBackends(
  "startVariations() stands about the reference, each from its own stream",
  () => {
    using reference = owned(tf.tensor1d([1, 2, 3]));
    const start = startVariations(reference.value, {
      count: 2,
      random,
      spread: 0.1,
    });
    const noise = random.fork("start", 1).normals(3);
    const expected = Array.from(noise, (v, k) => k + 1 + 0.1 * v);
    assertClose(start.arraySync()[1], expected, 1e-6);
    start.dispose();
    assertThrows(
      () => startVariations(reference.value, { count: 1, random, spread: -1 }),
      RangeError,
      "'spread'",
    );
  },
);
