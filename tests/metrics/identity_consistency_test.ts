import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { identityConsistency } from "../../src/metrics/identity_consistency.ts";
import { people } from "./golden_generation.ts";

Deno.test("identityConsistency() equals NumPy", () => {
  const { features, labels, consistency } = people;
  const result = identityConsistency(features, labels, { threshold: 0.6 });
  assertAlmostEquals(result.cosine, consistency[0], 1e-12);
  assertAlmostEquals(result.own!, consistency[1], 1e-12);
  assertAlmostEquals(result.within!, consistency[2], 1e-12);
  assertEquals(result.protocol.counts.identitiesOfOneImage, 1);
});

Deno.test("an image does not agree with itself", () => {
  // Two opposite images and two at right angles: cosines -1 and 0.
  const features = {
    data: new Float32Array([1, 0, -1, 0, 0, 1, 1, 0]),
    width: 2,
  };
  const { cosine, own, within, absent } = identityConsistency(features, [
    0,
    0,
    1,
    1,
  ]);
  assertAlmostEquals(cosine, -0.5, 1e-12);
  // (0, 1) has cosine 0 with its fellow, and with the first centre, which is zero: not nearer.
  assertEquals([own, within], [0, undefined]);
  assertEquals(absent, { within: "No threshold was given." });
});

Deno.test("one identity has no other to be mistaken for", () => {
  const features = { data: new Float32Array([1, 0, 1, 0]), width: 2 };
  const { own, absent } = identityConsistency(features, [5, 5], {
    threshold: 0,
  });
  assertEquals([own, Object.keys(absent)], [undefined, ["own"]]);
});

Deno.test("identityConsistency() refuses identities of one image each and broken features", () => {
  const features = { data: new Float32Array([1, 0, 0, 1]), width: 2 };
  assertThrows(
    () => identityConsistency(features, [1, 2]),
    RangeError,
    "current value is 2 with one each",
  );
  assertThrows(
    () => identityConsistency(features, [1, 1], { threshold: 2 }),
    RangeError,
    "'threshold'",
  );
  const broken = { ...features, data: features.data.with(2, NaN) };
  assertThrows(
    () => identityConsistency(broken, [1, 1]),
    RangeError,
    "'features.data[2]'",
  );
});
