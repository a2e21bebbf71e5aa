import { assertEquals, assertRejects } from "@std/assert";
import { encodePng } from "../../src/io/mod.ts";
import { gatherPixels } from "../../src/data/mod.ts";
import { auditImageSet, auditRecords } from "../../src/stages/mod.ts";
import { patternPeople } from "../support/pattern_people.ts";

const people = patternPeople({ people: 3, photographs: 2 });

Deno.test("auditImageSet() gives parts of a set, at its own size alone", async () => {
  const images = auditImageSet(people);
  const part = await images.read(2, 5, { height: 16, width: 16 });
  assertEquals(part.paths, people.paths.slice(2, 5));
  assertEquals(gatherPixels(part, [0]), gatherPixels(people, [2]));
  await assertRejects(
    () => images.read(0, 1, { height: 16, width: 8 }),
    TypeError,
    "16 x 8: current value is 16 x 16",
  );
});

Deno.test("auditRecords() decodes files when asked for, at any size", async () => {
  let reads = 0;
  const png = await encodePng({
    pixels: gatherPixels(people, [0]),
    height: 16,
    width: 16,
  });
  const bytes = () => {
    reads++;
    return Promise.resolve(png);
  };
  const images = auditRecords([
    { path: "b/1.png", identity: "b", bytes },
    { path: "a/1.png", identity: "a", bytes },
  ]);
  assertEquals(images.identities, ["a", "b"]);
  assertEquals([...images.labels], [1, 0]);
  assertEquals(reads, 0);
  const part = await images.read(1, 2, { height: 8, width: 8 });
  assertEquals([part.count, part.width, part.paths, reads], [
    1,
    8,
    ["a/1.png"],
    1,
  ]);
});
