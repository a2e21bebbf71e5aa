import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { imageGrid } from "../../src/figures/image_grid.ts";
import { grayPng } from "./gray_png.ts";

const png = await grayPng(32, 48);

Deno.test("imageGrid() carries the very bytes of each picture, and its size", () => {
  const { source } = imageGrid([{ label: "real", images: [{ png }] }]);
  const [, encoded] = source.match(/src="data:image\/png;base64,([^"]*)"/)!;
  assertEquals(Uint8Array.fromBase64(encoded), png);
  assertStringIncludes(source, `width="32" height="48"`);
});

Deno.test("imageGrid() reads a picture that lies inside a larger buffer", () => {
  const buffer = new Uint8Array(png.length + 7);
  buffer.set(png, 7);
  const { source } = imageGrid([
    { label: "a", images: [{ png: buffer.subarray(7) }] },
  ]);
  assertStringIncludes(source, `width="32" height="48"`);
});

Deno.test("imageGrid() sets rows below each other, headings over columns, captions below pictures", () => {
  const { source } = imageGrid([
    { label: "real", images: [{ png, title: "person 1" }, { png }] },
    { label: "generated", images: [{ png, caption: "0.97" }] },
  ], { columns: ["s01", "s02"], note: "not selected" });
  const text = source.replace(/<img[^>]*alt="([^"]*)"[^>]*>/g, "[$1]")
    .replace(/<\/?(table|thead|tbody|div|figure)[^>]*>/g, "");
  assertEquals(
    text.trim(),
    `<tr><td></td><th scope="col">s01</th><th scope="col">s02</th></tr>` +
      `<tr><th scope="row">real</th><td>[person 1]</td><td>[real, 2]</td></tr>` +
      `<tr><th scope="row">generated</th><td>[generated, 1]<small>0.97</small></td></tr>` +
      `<figcaption>not selected</figcaption>`,
  );
  assertStringIncludes(source, "--columns: 2; --width: 112px");
});

Deno.test("imageGrid() shows pixels where pictures are enlarged three times, or as told", () => {
  const look = (options: Parameters<typeof imageGrid>[1]) =>
    imageGrid([{ label: "a", images: [{ png }] }], options).source
      .match(/class="(pixels|smooth)"/)![1];
  assertEquals(look({ width: 96 }), "pixels"); // 96 = 3 * 32
  assertEquals(look({ width: 95 }), "smooth");
  assertEquals(look({ width: 320, scaling: "smooth" }), "smooth");
  assertEquals(look({ width: 16, scaling: "pixels" }), "pixels");
});

Deno.test("imageGrid() escapes every text it is given", () => {
  const text = `"><script>x()</script>`;
  const { source } = imageGrid(
    [{ label: text, images: [{ png, caption: text, title: text }] }],
    { columns: [text], note: text },
  );
  assert(!source.includes("<script"));
  // Column, label, alt, title, caption, note.
  assertEquals(source.split("&quot;&gt;&lt;script&gt;").length - 1, 6);
});

Deno.test("imageGrid() refuses what is no picture, no grid, or has other headings", () => {
  const jpeg = Uint8Array.of(0xff, 0xd8, ...new Uint8Array(40));
  assertThrows(
    () =>
      imageGrid([{ label: "a", images: [{ png }] }, {
        label: "b",
        images: [{ png }, { png: jpeg }],
      }]),
    TypeError,
    "Cannot show an image as 'rows[1].images[1].png' must be a PNG file: current value is 42 bytes of something else",
  );
  assertThrows(
    () => imageGrid([{ label: "a", images: [{ png: png.subarray(0, 20) }] }]),
    TypeError,
    "20 bytes",
  );
  assertThrows(() => imageGrid([{ label: "a", images: [] }]), RangeError);
  assertThrows(() => imageGrid([]), RangeError);
  assertThrows(
    () => imageGrid([{ label: "a", images: [{ png }] }], { columns: [] }),
    TypeError,
    "'columns' must be of length 1",
  );
});
