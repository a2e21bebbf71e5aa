import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  byteImageSet,
  gatherImages,
  gatherPixels,
} from "../../src/data/mod.ts";
import { testOnBackends } from "../support/backends.ts";

const rest = {
  height: 2,
  width: 4,
  count: 32,
  labels: new Int32Array(32),
  identities: ["ada"],
  paths: [...Array(32).keys()].map(String),
  problems: [],
};
/** Every byte three times. */
const bytes = Uint8Array.from({ length: 768 }, (_, i) => i % 256);

testOnBackends(
  "a byte is the same number by every way, to the last bit",
  () => {
    const set = byteImageSet(bytes, rest);
    const all = [...Array(32).keys()];
    const expected = Float32Array.from(bytes, (b) => b / 127.5 - 1);
    assertEquals(gatherPixels(set, all), expected);
    assertEquals(set.images, expected);
    const batch = gatherImages(set, all);
    assertEquals(batch.shape, [32, 2, 4, 3]);
    assertEquals(batch.dataSync(), expected);
    batch.dispose();
  },
);

Deno.test("pixels are made once, and wrong sizes refused", () => {
  const set = byteImageSet(bytes, rest);
  const first = set.images;
  assertStrictEquals(set.images, first);
  assertThrows(
    () => byteImageSet(bytes, { ...rest, count: 31 }),
    TypeError,
    "'bytes' must be of length 744",
  );
});
