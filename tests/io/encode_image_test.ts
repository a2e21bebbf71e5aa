import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import sharp from "sharp";
import { decodeImage } from "../../src/io/decode_image.ts";
import {
  encodeJpeg,
  encodePng,
  encodeWebp,
} from "../../src/io/encode_image.ts";

// Every byte value once: 16 x 16 pixels, red counting up, green down, blue constant.
const allBytes = new Float32Array(16 * 16 * 3);
for (let i = 0; i < 256; i++) {
  allBytes.set([i / 127.5 - 1, (255 - i) / 127.5 - 1, 1], i * 3);
}
const image = { pixels: allBytes, height: 16, width: 16 };

Deno.test("all 256 byte values survive PNG exactly", async () => {
  const decoded = await decodeImage(await encodePng(image));
  assertEquals(decoded, image);
});

Deno.test("values beyond [-1, 1] are clipped and the rest rounded to the nearest step", async () => {
  // 0 lies between bytes 127 and 128 and goes to the even one.
  const pixels = new Float32Array([-3, 1.5, 0, 0.4 / 127.5, -1, 1]);
  const png = await encodePng({ pixels, height: 1, width: 2 });
  const bytes = (await decodeImage(png)).pixels.map((x) => (x + 1) * 127.5);
  const wanted = [0, 255, 128, 128, 0, 255];
  assert(wanted.every((byte, i) => Math.abs(bytes[i] - byte) < 1e-4));
});

Deno.test("synthetic images carry the IPTC mark and a description", async () => {
  const synthetic = "Outis <generator> & seed 7";
  for (
    const bytes of [
      await encodePng(image, { synthetic }),
      await encodeJpeg(image, { synthetic }),
    ]
  ) {
    const { xmp, exif } = await sharp(bytes).metadata();
    const text = new TextDecoder().decode(xmp);
    assertStringIncludes(
      text,
      "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    );
    assertStringIncludes(text, "Outis &#60;generator&#62; &#38; seed 7");
    assertStringIncludes(new TextDecoder().decode(exif), synthetic);
  }
  const { xmp, exif } = await sharp(await encodePng(image)).metadata();
  assertEquals([xmp, exif], [undefined, undefined]);
});

Deno.test("all that is known of an image's origin is in its XMP", async () => {
  const synthetic = {
    description: "Nobody",
    generator: "outis 1",
    seed: 0,
    label: "a\u0001<b>",
    run: "r & s",
  };
  const { xmp, exif } = await sharp(await encodeWebp(image, { synthetic }))
    .metadata();
  const text = new TextDecoder().decode(xmp);
  for (
    const part of [
      "<xmp:CreatorTool>outis 1</xmp:CreatorTool>",
      "<outis:seed>0</outis:seed>",
      "<outis:label>a\uFFFD&#60;b&#62;</outis:label>",
      "<outis:run>r &#38; s</outis:run>",
    ]
  ) assertStringIncludes(text, part);
  assertStringIncludes(new TextDecoder().decode(exif), "outis 1");
});

Deno.test("WebP without loss is exact, with loss near", async () => {
  const exact = await encodeWebp(image, { quality: "lossless" });
  assertEquals(await decodeImage(exact), image);
  const flat = { ...image, pixels: new Float32Array(16 * 16 * 3).fill(0.5) };
  const { pixels } = await decodeImage(await encodeWebp(flat));
  assert(pixels.every((x) => Math.abs(x - 0.5) < 0.03));
  await assertRejects(
    () => encodeWebp(image, { quality: 101 }),
    RangeError,
    "'quality'",
  );
});

Deno.test("bad pixels and qualities are refused", async () => {
  const nan = { pixels: new Float32Array([0, NaN, 0]), height: 1, width: 1 };
  await assertRejects(() => encodePng(nan), RangeError, "'pixels[1]'");
  await assertRejects(
    () => encodePng({ ...image, height: 15 }),
    TypeError,
    "of length 15 * 16 * 3: current value is of length 768",
  );
  await assertRejects(
    () => encodeJpeg(image, { quality: 0 }),
    RangeError,
    "'quality'",
  );
});
