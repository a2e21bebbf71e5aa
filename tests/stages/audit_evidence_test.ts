import { assertEquals, assertRejects } from "@std/assert";
import { auditImageSet, gatherEvidence } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertClose } from "../support/assert_close.ts";
import { patternEmbedders, patternPeople } from "../support/pattern_people.ts";

const people = patternPeople({ people: 35, photographs: 2 });
const { brightness } = patternEmbedders();

testOnBackends(
  "gatherEvidence() adds the features of mirror images, whatever part an image comes in",
  async () => {
    const images = auditImageSet(people);
    const done: number[] = [];
    const { features, prints } = await gatherEvidence(images, {
      name: "test",
      embedders: { brightness },
      onStep: (count) => done.push(count),
    });
    assertEquals([features.brightness.width, prints.count], [16, 70]);
    assertEquals(done, [64, 70]);
    assertEquals(new Set(prints.digests).size, 70);
    // By hand: the mean of each 4 x 4 square and of the one that lies opposite.
    const square = (image: number, row: number, column: number) => {
      let sum = 0;
      for (let i = 0; i < 48; i++) {
        const y = 4 * row + Math.floor(i / 12);
        const x = 4 * column + Math.floor(i % 12 / 3);
        sum += people.images[((image * 16 + y) * 16 + x) * 3 + i % 3];
      }
      return sum / 48;
    };
    for (const image of [0, 69]) {
      for (let k = 0; k < 16; k++) {
        const [row, column] = [Math.floor(k / 4), k % 4];
        assertClose(
          features.brightness.data[image * 16 + k],
          square(image, row, column) + square(image, row, 3 - column),
        );
      }
    }
  },
);

testOnBackends("gatherEvidence() stops between parts", async () => {
  const controller = new AbortController();
  const done: number[] = [];
  await assertRejects(
    () =>
      gatherEvidence(auditImageSet(people), {
        name: "test",
        embedders: { brightness },
        signal: controller.signal,
        onStep: (count) => {
          done.push(count);
          controller.abort();
        },
      }),
    DOMException,
  );
  assertEquals(done, [64]);
}, { backends: ["tensorflow"] });
