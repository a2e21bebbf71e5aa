import { assert, assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import { decodeImage } from "../../src/io/decode_image.ts";
import { encodeJpeg, encodePng } from "../../src/io/encode_image.ts";

// Two halves, left red and right blue, so that turning and cropping show.
function halves(width: number, height: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    bytes[i * 3 + (i % width < width / 2 ? 0 : 2)] = 255;
  }
  return sharp(bytes, { raw: { width, height, channels: 3 } }).png().toBuffer();
}

const closeTo = (a: ArrayLike<number>, b: number[], tolerance: number) =>
  assert(
    b.every((v, i) => Math.abs(a[i] - v) <= tolerance),
    `${Array.from(a)} is not close to ${b}`,
  );

Deno.test("grey scale, 16 bit, transparency and palettes become RGB", async () => {
  const base = { width: 4, height: 4 };
  const grey = sharp({
    create: { ...base, channels: 3, background: "#808080" },
  });
  const deep = await grey.clone().toColourspace("grey16").png().toBuffer();
  const shallow = await grey.clone().toColourspace("b-w").jpeg().toBuffer();
  for (const bytes of [deep, shallow]) {
    const { pixels } = await decodeImage(bytes);
    assertEquals(pixels.length, 4 * 4 * 3);
    closeTo(pixels.subarray(0, 3), [1 / 255, 1 / 255, 1 / 255], 1e-6);
  }
  const clear = await sharp({
    create: {
      ...base,
      channels: 4,
      background: { r: 255, g: 0, b: 0, alpha: 0.5 },
    },
  }).png().toBuffer();
  // Half red over black: byte 128 or 127.
  closeTo((await decodeImage(clear)).pixels, [0, -1, -1], 0.01);
  const palette = await sharp({
    create: { ...base, channels: 3, background: "#ff8000" },
  }).png({ palette: true }).toBuffer();
  closeTo((await decodeImage(palette)).pixels, [1, 1 / 255, -1], 1e-6);
});

Deno.test("EXIF orientation is applied before the size", async () => {
  // Orientation 6: the stored picture is to be turned by 90 degrees clockwise, so left becomes top.
  const turned = await sharp(await halves(8, 4))
    .withExif({ IFD0: { Orientation: "6" } })
    .withMetadata({ orientation: 6 }).png().toBuffer();
  const { pixels, height, width } = await decodeImage(turned);
  assertEquals([height, width], [8, 4]);
  assertEquals([...pixels.subarray(0, 3)], [1, -1, -1]);
  assertEquals([...pixels.subarray(-3)], [-1, -1, 1]);
});

Deno.test("cover crops around the centre, contain and fill keep all", async () => {
  const wide = await halves(16, 4);
  const size = { height: 4, width: 4 };
  const cover =
    (await decodeImage(wide, { ...size, kernel: "nearest" })).pixels;
  assertEquals([...cover.subarray(0, 3)], [1, -1, -1]);
  assertEquals([...cover.subarray(9, 12)], [-1, -1, 1]);
  const contain = (await decodeImage(wide, { ...size, fit: "contain" })).pixels;
  assertEquals([...contain.subarray(0, 3)], [-1, -1, -1]);
  const fill = (await decodeImage(wide, { ...size, fit: "fill" })).pixels;
  assert(fill[0] > 0.9 && fill[11] > 0.9);
  const half = await decodeImage(wide, { width: 8 });
  assertEquals([half.height, half.width], [2, 8]);
});

Deno.test("shrinking is anti-aliased", async () => {
  // A checkerboard of single pixels, shrunk four times, is an even grey: no aliased pattern.
  const bytes = new Uint8Array(32 * 32 * 3);
  for (let i = 0; i < 32 * 32; i++) {
    const white = (i % 32 + Math.floor(i / 32)) % 2 === 0;
    if (white) bytes.fill(255, i * 3, i * 3 + 3);
  }
  const png = await sharp(bytes, {
    raw: { width: 32, height: 32, channels: 3 },
  })
    .png().toBuffer();
  const { pixels } = await decodeImage(png, { height: 8, width: 8 });
  assert(pixels.every((x) => Math.abs(x) < 0.05));
});

Deno.test("JPEG and WebP are read", async () => {
  const flat = {
    pixels: new Float32Array(8 * 8 * 3).fill(0.5),
    height: 8,
    width: 8,
  };
  const jpeg = await encodeJpeg(flat, { quality: 95 });
  closeTo((await decodeImage(jpeg)).pixels, [0.5, 0.5, 0.5], 0.02);
  const webp = await sharp(await encodePng(flat)).webp({ lossless: true })
    .toBuffer();
  closeTo((await decodeImage(webp)).pixels, [0.5, 0.5, 0.5], 0.005);
});

Deno.test("damaged, truncated and foreign files are errors that name the file", async () => {
  const folder = await Deno.makeTempDir();
  const noise = new Float32Array(32 * 32 * 3).map((_, i) =>
    (i * 7919 % 251) / 125 - 1
  );
  const picture = { pixels: noise, height: 32, width: 32 };
  const png = await encodePng(picture);
  const jpeg = await encodeJpeg(picture);
  const flipped = png.slice();
  flipped[png.length >> 1] ^= 0x55;
  const bad: Record<string, Uint8Array> = {
    "short.png": png.subarray(0, png.length >> 1),
    "last.png": png.subarray(0, png.length - 24),
    "flipped.png": flipped,
    "short.jpg": jpeg.subarray(0, jpeg.length - 200),
    "empty.png": new Uint8Array(),
    "text.png": new TextEncoder().encode("not an image"),
  };
  for (const [name, bytes] of Object.entries(bad)) {
    const path = `${folder}/${name}`;
    await Deno.writeFile(path, bytes);
    const error = await assertRejects(
      () => decodeImage(path, { height: 8, width: 8 }),
      SyntaxError,
      `Cannot decode an image as '${path}' must be a complete image file: current value is ${bytes.length} bytes`,
    );
    assert(!error.message.includes("\n"));
  }
  await Deno.remove(folder, { recursive: true });
  await assertRejects(
    () => decodeImage(`${folder}/missing.png`),
    Deno.errors.NotFound,
  );
});

Deno.test("a size of nothing is refused", async () => {
  await assertRejects(
    () => decodeImage(new Uint8Array(), { width: 0 }),
    RangeError,
    "'width' must be a whole number above 0",
  );
});
