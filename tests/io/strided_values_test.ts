import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { CHUNK_BYTES, openRanges } from "../../src/io/range_reader.ts";
import { isContiguous, readStrided } from "../../src/io/strided_values.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Values one by one, as the layout says. */
function oneByOne(
  values: ArrayLike<number>,
  shape: number[],
  strides: number[],
  first: number,
): number[] {
  if (shape.length === 0) return [values[first]];
  return Array.from({ length: shape[0] }, (_, i) =>
    oneByOne(
      values,
      shape.slice(1),
      strides.slice(1),
      first + i * strides[0],
    )).flat();
}

Deno.test("any shape and strides give the values that are meant", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/values`;
  const stored = Int16Array.from({ length: 200 }, (_, i) => i * 7);
  await Deno.writeFile(path, new Uint8Array(stored.buffer));
  using reader = await openRanges(path);
  const axes = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 12 })),
    { maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(axes, fc.nat(5), async (axes, first) => {
      const shape = axes.map(([size]) => size);
      const strides = axes.map(([, stride]) => stride);
      const layout = {
        dtype: "I16",
        shape,
        strides,
        offset: 2 * first,
      } as const;
      const read = await readStrided(layout, reader);
      assertEquals([...read], oneByOne(stored, shape, strides, first));
    }),
    { numRuns: 300 },
  );
});

Deno.test("what is larger than a piece is put together from pieces", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/values`;
  // 1500 x 1100 x 3 bfloat16 values are 2.4 pieces; the codes count up to 32768, all of them finite or not.
  const shape = [1500, 1100, 3];
  const count = 1500 * 1100 * 3;
  const codes = Uint16Array.from({ length: count }, (_, i) => i & 0x3fff);
  assertEquals(codes.byteLength > 2 * CHUNK_BYTES, true);
  await Deno.writeFile(path, new Uint8Array(codes.buffer));
  using reader = await openRanges(path);
  const bits = async (shape: number[], strides: number[]) => {
    const layout = { dtype: "BF16", shape, strides, offset: 0 } as const;
    const { buffer } = await readStrided(layout, reader);
    return new Uint32Array(buffer);
  };
  const rows = await bits(shape, [3300, 3, 1]);
  const turned = await bits([3, 1500, 1100], [1, 3300, 3]);
  const mixed = await bits([1100, 3, 1500], [3, 1, 3300]);
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    const [row, column, part] = [
      Math.floor(i / 3300),
      Math.floor(i / 3) % 1100,
      i % 3,
    ];
    const bit = codes[i] << 16;
    if (rows[i] !== bit) wrong++;
    if (turned[part * 1650000 + row * 1100 + column] !== bit) wrong++;
    if (mixed[column * 4500 + part * 1500 + row] !== bit) wrong++;
  }
  assertEquals(wrong, 0);
});

Deno.test("values stored with their highest byte first are turned", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/values`;
  await Deno.writeFile(path, new Uint8Array([1, 2, 3, 4]));
  using reader = await openRanges(path);
  for (
    const [strides, wanted] of [[[1], [0x102, 0x304]], [[0], [0x102, 0x102]]]
  ) {
    const layout = { dtype: "I16", shape: [2], strides, offset: 0 } as const;
    const read = await readStrided({ ...layout, isBigEndian: true }, reader);
    assertEquals([...read], wanted);
  }
});

Deno.test("isContiguous() overlooks axes of length 1", () => {
  assertEquals(isContiguous([2, 1, 3], [3, 99, 1]), true);
  assertEquals(isContiguous([2, 3], [1, 2]), false);
  assertEquals(isContiguous([], []), true);
});
