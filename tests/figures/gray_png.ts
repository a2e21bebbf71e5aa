import sharp from "sharp";

/** A PNG of one grey, to stand for a picture. */
export async function grayPng(
  width: number,
  height: number,
): Promise<Uint8Array> {
  const background = { r: 128, g: 128, b: 128 };
  const create = { width, height, channels: 3, background } as const;
  return new Uint8Array(await sharp({ create }).png().toBuffer());
}
