import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { alignDetected } from "../../src/data/detect_faces.ts";
import {
  scrfdDetector,
  type ScrfdInput,
} from "../../src/data/scrfd_detector.ts";
import { assertClose } from "../support/assert_close.ts";

/** Outputs of a network for inputs of 32 x 32: 32 anchors at stride 8, 8 at 16, 2 at 32; no face. */
function silent(): Float32Array[] {
  return [1, 4, 10].flatMap((k) =>
    [32, 8, 2].map((n) => new Float32Array(n * k))
  );
}

Deno.test("the image lies in the input's corner, scaled, and the rest is black", async () => {
  let seen: ScrfdInput | undefined;
  const detector = scrfdDetector((input) => {
    seen = input;
    return silent();
  }, { size: 32 });
  // Two rows of four pixels; red grows to the right, green is full, blue none.
  const pixels = Float32Array.from(
    [0, 1, 2, 3, 0, 1, 2, 3].flatMap((i) => [i / 4, 1, -1]),
  );
  assertEquals(await detector({ pixels, height: 2, width: 4 }), []);
  const { data, shape } = seen!;
  assertEquals(shape, [1, 3, 32, 32]);
  const at = (c: number, y: number, x: number) => data[(c * 32 + y) * 32 + x];
  // Scale 8: input pixel 8 has its centre at (8 + 0.5) / 8 - 0.5 = 0.5625 of the image.
  assertClose(at(0, 0, 8), 0.5625 / 4 * 127.5 / 128);
  assertClose([at(1, 15, 31), at(2, 15, 31)], [127.5 / 128, -127.5 / 128]);
  // Row 16 is below the image.
  assertClose([at(0, 16, 0), at(1, 16, 0)], [-127.5 / 128, -127.5 / 128]);
});

Deno.test("places, strides and scale make landmarks, and of overlapping faces the surest stays", async () => {
  const outputs = silent();
  const [, scores16, , , boxes16, , , points16] = outputs;
  // Stride 16, place row 1, column 0 (place 2), its second anchor: index 5. Centre (0, 16).
  scores16[5] = 0.9;
  boxes16.set([0, 0.5, 1, 0.5], 4 * 5);
  points16.set([0.25, -0.25, 0.75, -0.25, 0.5, 0, 0.25, 0.25, 0.75, 0.25], 50);
  // The same box, less sure: its first anchor.
  scores16[4] = 0.6;
  boxes16.set([0, 0.5, 1, 0.5], 4 * 4);
  // Elsewhere, at stride 32, just sure enough.
  outputs[2][0] = 0.5;
  outputs[5].set([0, 0, 0.4, 0.2], 0);
  // Below the threshold.
  outputs[0][7] = 0.49;
  const detector = scrfdDetector(() => Promise.resolve(outputs), { size: 32 });
  // 64 pixels to 32: scale 0.5.
  const image = {
    pixels: new Float32Array(64 * 64 * 3),
    height: 64,
    width: 64,
  };
  const faces = await detector(image);
  assertEquals(faces.map(({ score }) => score?.toFixed(2)), ["0.90", "0.50"]);
  assertEquals(faces[0].landmarks, [[8, 24], [24, 24], [16, 32], [8, 40], [
    24,
    40,
  ]]);
  const aligned = await alignDetected(image, () => faces.slice(0, 1));
  assertEquals(aligned?.landmarks, faces[0].landmarks);
  const all = scrfdDetector(() => outputs, { size: 32, overlap: 1 });
  assertEquals((await all(image)).length, 3);
});

Deno.test("networks with other outputs, and wrong options, are refused", async () => {
  const image = { pixels: new Float32Array(3), height: 1, width: 1 };
  await assertRejects(
    async () =>
      await scrfdDetector(() => silent().slice(0, 6), { size: 32 })(image),
    TypeError,
    "'outputs' must be of length 9: current value is of length 6",
  );
  await assertRejects(
    async () => await scrfdDetector(silent, { size: 64 })(image),
    TypeError,
    "'outputs[0]' must be of length 128: current value is of length 32",
  );
  await assertRejects(
    async () =>
      await scrfdDetector(silent, { size: 32 })({ ...image, width: 2 }),
    TypeError,
    "'pixels'",
  );
  assertThrows(
    () => scrfdDetector(silent, { size: 100 }),
    RangeError,
    "'size / 32'",
  );
  assertThrows(() => scrfdDetector(silent, { threshold: 2 }), RangeError);
});
