import { crc32 } from "node:zlib";
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { decodeImageBytes } from "../../src/io/decode_image_bytes.ts";
import { plainJpegSize } from "../../src/io/plain_jpeg_size.ts";
import { testOnBackends } from "../support/backends.ts";

const solid = (background: string, width = 8, height = 6) =>
  sharp({ create: { width, height, channels: 3, background } });

// Left half red, right half blue.
const halves = (width: number, height: number) =>
  sharp(
    Uint8Array.from(
      { length: width * height * 3 },
      (_, i) => {
        const isLeft = Math.floor(i / 3) % width < width / 2;
        return i % 3 === (isLeft ? 0 : 2) ? 255 : 0;
      },
    ),
    { raw: { width, height, channels: 3 } },
  );

const near = (actual: ArrayLike<number>, wanted: number[], off: number) =>
  assert(
    wanted.every((value, i) => Math.abs(value - actual[i]) <= off),
    `${Array.from(actual)} is not near ${wanted}`,
  );

testOnBackends("a CMYK file becomes RGB", async () => {
  for (const rgb of [[255, 255, 255], [160, 128, 96]]) {
    const colour = "#" + new Uint8Array(rgb).toHex();
    const cmyk = await solid(colour).toColourspace("cmyk")
      .jpeg({ quality: 100 }).toBuffer();
    assertEquals((await sharp(cmyk).metadata()).channels, 4);
    assertEquals(plainJpegSize(cmyk), undefined);
    const { bytes } = await decodeImageBytes(cmyk);
    assertEquals(bytes.length, 8 * 6 * 3);
    // Profiles for print do not hold every colour exactly.
    near(bytes, rgb, 12);
  }
});

testOnBackends(
  "16 bits a channel are rounded to 8, not cut or wrapped",
  async () => {
    // Steps of 257 are the 8-bit values: v · 257 is byte v.
    const deep = Uint16Array.from({ length: 6 * 3 }, (_, i) => i * 15 * 257);
    const png = await sharp(deep, { raw: { width: 6, height: 1, channels: 3 } })
      .toColourspace("rgb16").png().toBuffer();
    assertEquals((await sharp(png).metadata()).depth, "ushort");
    const { bytes } = await decodeImageBytes(png);
    near(bytes, Array.from(deep, (value) => value / 257), 1);
  },
);

testOnBackends("of an animation, the first picture", async () => {
  const frames = await Promise.all(
    ["#ff0000", "#00ff00", "#0000ff"].map((colour) =>
      solid(colour).png().toBuffer()
    ),
  );
  const animated = sharp(frames, { join: { animated: true } });
  for (const type of ["gif", "webp"] as const) {
    const file = await animated.clone().toFormat(type, { loop: 0, delay: 50 })
      .toBuffer();
    assertEquals((await sharp(file).metadata()).pages, 3);
    const { bytes, height, width } = await decodeImageBytes(file);
    assertEquals([height, width], [6, 8]);
    near(bytes, [255, 0, 0], 4);
  }
});

// A JPEG file with an EXIF segment that holds an orientation, in either order of bytes.
function turn(jpeg: Uint8Array, orientation: number, isLittle: boolean) {
  const exif = new Uint8Array(4 + 6 + 8 + 2 + 12 + 4);
  const view = new DataView(exif.buffer);
  view.setUint16(0, 0xffe1);
  view.setUint16(2, exif.length - 2);
  exif.set(new TextEncoder().encode("Exif"), 4);
  view.setUint16(10, isLittle ? 0x4949 : 0x4d4d);
  view.setUint16(12, 42, isLittle);
  view.setUint32(14, 8, isLittle);
  view.setUint16(18, 1, isLittle); // one entry: orientation, short, one value
  view.setUint16(20, 0x0112, isLittle);
  view.setUint16(22, 3, isLittle);
  view.setUint32(24, 1, isLittle);
  view.setUint16(28, orientation, isLittle);
  return new Uint8Array([0xff, 0xd8, ...exif, ...jpeg.subarray(2)]);
}

testOnBackends("a JPEG file lies as its EXIF says", async () => {
  // Orientation 6 is turned clockwise, so left becomes top; 3 upside down; 2 mirrored.
  const first = { 1: "red", 2: "blue", 3: "blue", 6: "red", 8: "blue" };
  const jpeg = await halves(16, 8).jpeg({
    quality: 95,
    chromaSubsampling: "4:4:4",
  }).toBuffer();
  for (const [text, colour] of Object.entries(first)) {
    for (const isLittle of [true, false]) {
      const orientation = Number(text);
      const turned = turn(jpeg, orientation, isLittle);
      assertEquals(plainJpegSize(turned) !== undefined, orientation === 1);
      const { bytes, height } = await decodeImageBytes(turned);
      assertEquals(height, orientation > 4 ? 16 : 8);
      near(bytes, colour === "red" ? [255, 0, 0] : [0, 0, 255], 30);
    }
  }
});

testOnBackends(
  "a file that unfolds to too many pixels is refused before it does",
  async () => {
    // A PNG head that announces 16,000 x 6,400 pixels, one of 40,000 x 40,000.
    const png = new Uint8Array(await solid("#000").png().toBuffer());
    for (const [width, height] of [[16_000, 6_400], [40_000, 40_000]]) {
      const bomb = png.slice();
      const view = new DataView(bomb.buffer);
      view.setUint32(16, width);
      view.setUint32(20, height);
      view.setUint32(29, crc32(bomb.subarray(12, 29)));
      const error = await assertRejects(
        () => decodeImageBytes(bomb, { height: 4, width: 4, name: "wide" }),
        SyntaxError,
        "'wide' must be a complete image file: current value is",
      );
      assert(error.message.includes("exceeds pixel limit"), error.message);
    }
  },
);

testOnBackends("every truncation of a JPEG file is refused", async () => {
  const jpeg = new Uint8Array(
    await halves(32, 24).jpeg({ quality: 90 }).toBuffer(),
  );
  const size = { height: 24, width: 32 };
  assertEquals(plainJpegSize(jpeg), size);
  await decodeImageBytes(jpeg, size);
  for (let length = 0; length < jpeg.length - 2; length += 7) {
    await assertRejects(
      () => decodeImageBytes(jpeg.subarray(0, length), { ...size, name: "x" }),
      SyntaxError,
      `Cannot decode an image as 'x' must be a complete image file: current value is ${length} bytes`,
    );
    // With an end put where it was cut.
    const ended = new Uint8Array([...jpeg.subarray(0, length), 0xff, 0xd9]);
    const { height } = await decodeImageBytes(ended, size).catch((error) => {
      assert(error instanceof SyntaxError);
      return { height: 24 };
    });
    assertEquals(height, 24);
  }
});

Deno.test("plainJpegSize() never runs past what it is given", async () => {
  const jpeg = new Uint8Array(
    await halves(16, 8).withExif({ IFD0: { Software: "x" } }).jpeg().toBuffer(),
  );
  assertEquals(plainJpegSize(jpeg), { height: 8, width: 16 });
  for (let at = 0; at < Math.min(jpeg.length, 700); at++) {
    for (const value of [0, 1, 0x7f, 0xff]) {
      const changed = jpeg.slice();
      changed[at] = value;
      plainJpegSize(changed);
      plainJpegSize(changed.subarray(0, at));
    }
  }
});

Deno.test("colours that need work, or another kind of file, are not plain", async () => {
  const image = halves(16, 8);
  const jpeg = (edit: (image: Sharp) => Sharp) =>
    edit(image.clone()).jpeg().toBuffer();
  const plain = await jpeg((image) => image);
  const others = {
    grey: await jpeg((image) => image.toColourspace("b-w")),
    profile: await jpeg((image) => image.withIccProfile("p3")),
    png: await image.clone().png().toBuffer(),
    "not ended": plain.subarray(0, -1),
  };
  assertEquals(plainJpegSize(plain), { height: 8, width: 16 });
  for (const [name, file] of Object.entries(others)) {
    assertEquals(plainJpegSize(file), undefined, name);
  }
});

testOnBackends("no bytes do more than to be refused", async () => {
  const image = halves(16, 8);
  const files = await Promise.all(
    (["jpeg", "png", "webp", "gif"] as const).map((type) =>
      image.clone().toFormat(type).toBuffer()
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
      fc.nat(),
      async (file, changes, cut) => {
        const changed = new Uint8Array(file).subarray(0, file.length - cut % 9)
          .slice();
        for (const [at, value] of changes) changed[at % changed.length] = value;
        const size = { height: 4, width: 4 };
        const { bytes } = await decodeImageBytes(changed, size)
          .catch((error) => {
            assert(error instanceof SyntaxError, `${error}`);
            return { bytes: new Uint8Array(48) };
          });
        assertEquals(bytes.length, 48);
        plainJpegSize(changed);
      },
    ),
    { numRuns: 300, seed: 1 },
  );
}, { backends: ["wasm"] });
