import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  alignFace,
  ARCFACE_TEMPLATE,
  cropFace,
  type FaceLandmarks,
} from "../../src/data/align_face.ts";
import { alignDetected } from "../../src/data/detect_faces.ts";
import {
  type Point,
  similarityTransform,
} from "../../src/data/similarity_transform.ts";
import { assertClose } from "../support/assert_close.ts";

const golden = JSON.parse(
  Deno.readTextFileSync(new URL("../golden/faces.json", import.meta.url)),
);
const { height, width, bytes } = golden.image;
const image = {
  pixels: Float32Array.from(bytes as number[], (b) => b / 127.5 - 1),
  height,
  width,
};

Deno.test("transform and pixels are those of scikit-image and numpy", () => {
  for (const [name, face] of Object.entries<Face>(golden.faces)) {
    const aligned = alignFace(image, face.landmarks, { size: golden.size });
    const { a, b, tx, ty } = aligned.transform;
    assertClose([a, -b, tx, b, a, ty], face.matrix.flat(), 1e-9);
    const grey = Array.from(aligned.pixels, (x) => (x + 1) * 127.5)
      .filter((_, i) => i % golden.every === 0);
    // Pixels are float32 in [-1, 1], golden ones rounded to 0.001 of 255.
    assertClose(grey, face.numpy, 1e-3);
    // OpenCV rounds positions to 1/32 pixel and levels to whole ones.
    const off = grey.map((level, i) => Math.abs(level - face.opencv[i]));
    assert(Math.max(...off) < 16 && mean(off) < 1, `${name} ${mean(off)}`);
  }
});

interface Face {
  landmarks: FaceLandmarks;
  matrix: number[][];
  numpy: number[];
  opencv: number[];
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

Deno.test("landmarks on the template leave an image as it is", () => {
  const pixels = Float32Array.from(
    { length: 112 * 112 * 3 },
    (_, i) => Math.sin(i),
  );
  const whole = { pixels, height: 112, width: 112 };
  const aligned = alignFace(whole, ARCFACE_TEMPLATE);
  assertEquals([aligned.height, aligned.width], [112, 112]);
  assertClose([...aligned.pixels], [...pixels], 1e-5);
});

Deno.test("a similarity is found again, whatever it is", () => {
  const number = fc.double({ min: -50, max: 50, noNaN: true });
  fc.assert(fc.property(
    fc.array(fc.tuple(number, number), { minLength: 3, maxLength: 8 }),
    fc.double({ min: 0.1, max: 9, noNaN: true }),
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.tuple(number, number),
    (points, scale, angle, [tx, ty]) => {
      const [x, y] = points[0];
      fc.pre(points.some((p) => Math.hypot(p[0] - x, p[1] - y) > 1));
      const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
      const to = points.map(([x, y]): Point => [
        a * x - b * y + tx,
        b * x + a * y + ty,
      ]);
      const found = similarityTransform(points, to);
      assertClose([found.a, found.b, found.tx, found.ty], [a, b, tx, ty], 1e-6);
    },
  ));
});

Deno.test("points that tell nothing are refused", () => {
  const same: Point[] = [[1, 2], [1, 2], [1, 2]];
  const other: Point[] = [[0, 0], [1, 0], [0, 1]];
  const cases: [() => unknown, string][] = [
    [() => similarityTransform(same, other), "'from' must be at least two"],
    [() => similarityTransform(other, same), "'to' must be at least two"],
    [() => similarityTransform(other, [[NaN, 0], [1, 0], [0, 1]]), "'to[0]'"],
    // A square and its mirror image along the diagonal: no rotation is better than another.
    [
      () =>
        similarityTransform([[1, 0], [-1, 0], [0, 1], [0, -1]], [
          [1, 0],
          [-1, 0],
          [0, -1],
          [0, 1],
        ]),
      "without reflection",
    ],
  ];
  for (const [act, sentence] of cases) assertThrows(act, RangeError, sentence);
  assertThrows(
    () => similarityTransform(other, same.slice(1)),
    TypeError,
    "'to' must be of length 3",
  );
  const three = ARCFACE_TEMPLATE.slice(2) as unknown as FaceLandmarks;
  assertThrows(() => alignFace(image, three), TypeError, "'landmarks'");
  assertThrows(
    () => alignFace({ ...image, height: 3 }, ARCFACE_TEMPLATE),
    TypeError,
    "'pixels'",
  );
  assertThrows(
    () => alignFace(image, ARCFACE_TEMPLATE, { size: 0 }),
    RangeError,
    "'size'",
  );
});

Deno.test("without landmarks the middle square is taken", () => {
  // One row of four pixels, as high as wide: [0 1 2 3] / 4 in all channels, two rows.
  const row = [0, 1, 2, 3].flatMap((v) => [v / 4, v / 4, v / 4]);
  const pixels = Float32Array.from([...row, ...row]);
  const two = cropFace({ pixels, height: 2, width: 4 }, { size: 2 });
  assertEquals([two.pixels[0], two.pixels[3]], [0.25, 0.5]);
  // Twice the size: pixel centres at 0.75, 1.25, 1.75 and 2.25 of the row, held at the square's pixels' neighbours.
  const four = cropFace({ pixels, height: 2, width: 4 }, { size: 4 });
  const reds = [0, 3, 6, 9].map((i) => 4 * four.pixels[i]);
  assertClose(reds, [0.75, 1.25, 1.75, 2.25], 1e-6);
  // Beyond the image its border is repeated, never black.
  assertClose([...four.pixels.subarray(0, 12)], [
    ...four.pixels.subarray(36, 48),
  ], 1e-6);
});

Deno.test("the user's detector decides, and the large face in the middle is aligned", async () => {
  const scaled = (scale: number, dx: number, dy: number): FaceLandmarks =>
    ARCFACE_TEMPLATE.map(([x, y]): Point => [
      scale * x + dx,
      scale * y + dy,
    ]) as unknown as FaceLandmarks;
  const middle = scaled(0.15, 8, 2);
  const small = scaled(0.05, 14, 8);
  const aside = scaled(0.15, 20, 8);
  const found = await alignDetected(
    image,
    () =>
      Promise.resolve(
        [small, aside, middle].map((landmarks) => ({ landmarks })),
      ),
    { size: golden.size },
  );
  assertEquals(found?.landmarks, middle);
  assertEquals(found?.faces, 3);
  assertEquals(
    found?.pixels,
    alignFace(image, middle, { size: golden.size }).pixels,
  );
  assertEquals(await alignDetected(image, () => []), undefined);
  const sure = await alignDetected(image, () => [
    { landmarks: middle, score: 0.5 },
    { landmarks: middle.map((p) => p) as unknown as FaceLandmarks, score: 0.9 },
  ]);
  assert(sure?.landmarks !== middle);
  await assertRejects(
    () =>
      alignDetected(image, () => [{
        landmarks: new Array(5).fill([1, 1]) as unknown as FaceLandmarks,
      }]),
    RangeError,
    "at least two different points",
  );
});
