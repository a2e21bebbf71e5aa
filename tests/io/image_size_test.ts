import { assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import { readImageSize } from "../../src/io/image_size.ts";

Deno.test("the size is that of the upright image", async () => {
  const image = sharp({
    create: { width: 6, height: 4, channels: 3, background: "#123456" },
  });
  const jpeg = await image.clone().withMetadata({ orientation: 6 }).jpeg()
    .toBuffer();
  assertEquals(await readImageSize(jpeg), { height: 6, width: 4 });
  const png = await image.png().toBuffer();
  assertEquals(await readImageSize(png), { height: 4, width: 6 });
});

Deno.test("what is no image is refused, what is missing is told as such", async () => {
  await assertRejects(
    () => readImageSize(new Uint8Array(9)),
    SyntaxError,
    "Cannot read the size of an image as 'bytes' must be an image file",
  );
  await assertRejects(() => readImageSize("nowhere.png"), Deno.errors.NotFound);
});
