import { assert, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import {
  approximateNeighbours,
  nearestNeighbours,
} from "../../src/privacy/mod.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "approximateNeighbours() finds nearly all that a search of all pairs finds, and says how many",
  async () => {
    const random = randomStream(5);
    const features = (count: number) => ({
      data: random.normals(count * 16),
      width: 16,
    });
    const [queries, gallery] = [features(300), features(2000)];
    const exact = await nearestNeighbours(queries, gallery);
    const found = await approximateNeighbours(queries, gallery, {
      count: 4,
      threshold: 0.8,
      sample: 100,
      random: randomStream(6),
    });
    let same = 0;
    for (let i = 0; i < 300; i++) {
      const k = 4 * i;
      if (found.forward.indices[k] !== exact.forward.indices[i]) continue;
      same++;
      // What is found has the cosine of float64.
      assertEquals(
        found.forward.similarities[k],
        exact.forward.similarities[i],
      );
    }
    assert(same >= 294, `${same} of 300`);
    assert(found.recall >= 0.95 && found.recall <= 1);
    const matches = Array.from(
      { length: 300 },
      (_, i) =>
        [0, 1, 2, 3].filter((k) => found.forward.similarities[4 * i + k] >= 0.8)
          .length,
    );
    assertEquals([...found.forwardMatches], matches);
    assertEquals(
      found.backwardMatches.reduce((a, b) => a + b),
      matches.reduce((a, b) => a + b),
    );
    // Little effort misses some, and says so.
    const hasty = await approximateNeighbours(queries, gallery, {
      count: 1,
      effort: 1,
      random: randomStream(6),
    });
    assert(hasty.recall < found.recall, `${hasty.recall}`);
  },
  { backends: ["wasm"] },
);
