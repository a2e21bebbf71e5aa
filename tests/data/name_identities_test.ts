import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { byteImageSet, nameIdentities } from "../../src/data/mod.ts";

const rest = {
  height: 1,
  width: 1,
  count: 3,
  labels: Int32Array.of(1, 0, 1),
  identities: ["ada", "cy"],
  paths: ["cy/1", "ada/1", "cy/2"],
  problems: [],
};

Deno.test("nameIdentities() gives labels by name, and keeps the pixels", () => {
  const images = Float32Array.from({ length: 9 }, (_, i) => i / 9);
  const named = nameIdentities({ images, ...rest }, ["bo", "cy", "ada"]);
  assertEquals([...named.labels], [1, 2, 1]);
  assertEquals(named.identities, ["bo", "cy", "ada"]);
  assertStrictEquals(named.images, images);
});

Deno.test("nameIdentities() leaves bytes bytes: pixels are made when asked for", () => {
  const set = byteImageSet(new Uint8Array(9), rest);
  const named = nameIdentities(set, ["ada", "bo", "cy"]);
  assertEquals([...named.labels], [2, 0, 2]);
  assertEquals(named.images.length, 9);
  // Made anew by each set: float32 pixels of the first would be shared.
  assertEquals(named.images === set.images, false);
});

Deno.test("nameIdentities() refuses a person who is not in the list", () => {
  const set = { images: new Float32Array(9), ...rest };
  assertThrows(
    () => nameIdentities(set, ["ada", "bo"]),
    RangeError,
    "current value is one with 'cy'",
  );
});
