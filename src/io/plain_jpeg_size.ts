/**
 * Which JPEG files need nothing but decoding.
 *
 * @module
 */

/** Marks of segments without content: restarts, and one that is only there to be passed over. */
const isBare = (mark: number) => mark === 0x01 || (mark & 0xf8) === 0xd0;

/** Tag of the orientation in EXIF. */
const ORIENTATION = 0x0112;

/**
 * Size of a JPEG file that decodes to upright sRGB pixels without further work: three channels of 8 bits, no colour
 * profile, no orientation, no Adobe colours, and an end where it belongs.
 *
 * Reads the headers only.
 *
 * @param file Content of the file.
 * @returns Height and width in pixels; undefined for any other file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plainJpegSize } from "./plain_jpeg_size.ts";
 *
 * assertEquals(plainJpegSize(new Uint8Array([0x89, 0x50])), undefined);
 * ```
 */
export function plainJpegSize(
  file: Uint8Array,
): { height: number; width: number } | undefined {
  const last = file.length - 1;
  if (file[0] !== 0xff || file[1] !== 0xd8) return undefined;
  if (file[last - 1] !== 0xff || file[last] !== 0xd9) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  let size: { height: number; width: number } | undefined;
  for (let at = 2; at + 4 < file.length;) {
    if (file[at] !== 0xff) return undefined;
    const mark = file[at + 1];
    if (mark === 0xff || isBare(mark)) {
      at += mark === 0xff ? 1 : 2;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (end > file.length) return undefined;
    const content = file.subarray(at + 4, end);
    if (mark === 0xda) return size; // the pixels begin
    if (mark === 0xe1 && orientationOf(content) !== 1) return undefined;
    if (mark === 0xe2 || mark === 0xee) return undefined; // a profile, or Adobe's colours
    const isFrame = mark >= 0xc0 && mark <= 0xcf && mark !== 0xc4 &&
      mark !== 0xc8 && mark !== 0xcc;
    if (isFrame) {
      // Baseline, extended or progressive; 8 bits; three channels.
      const [bits, , , , , channels] = content;
      if (mark > 0xc2 || bits !== 8 || channels !== 3) return undefined;
      size = {
        height: content[1] << 8 | content[2],
        width: content[3] << 8 | content[4],
      };
      if (size.height === 0 || size.width === 0) return undefined;
    }
    at = end;
  }
  return undefined;
}

/** 1, upright, where an APP1 segment does not say otherwise; undefined where its EXIF cannot be followed. */
function orientationOf(segment: Uint8Array): number | undefined {
  const isExif = String.fromCharCode(...segment.subarray(0, 6)) ===
    "Exif\0\0";
  if (!isExif) return 1;
  const tiff = segment.subarray(6);
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  if (tiff.length < 10) return undefined;
  const isLittle = view.getUint16(0) === 0x4949;
  const start = view.getUint32(4, isLittle);
  if (start + 2 > tiff.length) return undefined;
  const count = view.getUint16(start, isLittle);
  if (start + 2 + 12 * count > tiff.length) return undefined;
  for (let i = 0; i < count; i++) {
    const entry = start + 2 + 12 * i;
    if (view.getUint16(entry, isLittle) === ORIENTATION) {
      return view.getUint16(entry + 8, isLittle);
    }
  }
  return 1;
}
