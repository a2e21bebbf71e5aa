import { assertEquals, assertThrows } from "@std/assert";
import { pngPicture } from "../../src/figures/png_picture.ts";
import { grayPng } from "./gray_png.ts";

Deno.test("pngPicture() reads the size and carries every byte", async () => {
  const png = await grayPng(5, 7);
  const { address, width, height } = pngPicture(png, "png");
  assertEquals([width, height], [5, 7]);
  const [head, body] = address.split(",");
  assertEquals(head, "data:image/png;base64");
  assertEquals(Uint8Array.fromBase64(body), png);
});

Deno.test("pngPicture() refuses what is no PNG, or is cut", async () => {
  const png = await grayPng(5, 7);
  for (const bytes of [new Uint8Array(40), png.slice(0, 20)]) {
    assertThrows(
      () => pngPicture(bytes, "images[3]"),
      TypeError,
      `Cannot show an image as 'images[3]' must be a PNG file: current value is ${bytes.length} bytes of something else`,
    );
  }
});
