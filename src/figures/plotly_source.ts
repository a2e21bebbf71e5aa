/**
 * The source of Plotly, to travel inside a page.
 *
 * @module
 */
import { digestBytes } from "../core/mod.ts";

/**
 * Reads Plotly's minified source, 4.8 MB, and packs it to under a third.
 *
 * The import is inside the function: whoever writes no page never reads it.
 *
 * @returns `gzipped`: the source, gzipped, in base64; `digest`: the SHA-256 of the source in base64, by which a
 * Content-Security-Policy lets this script run and no other.
 *
 * @example
 * ```ts
 * import { plotlySource } from "./plotly_source.ts";
 *
 * const { gzipped, digest } = await plotlySource();
 * ```
 */
export async function plotlySource(): Promise<
  { gzipped: string; digest: string }
> {
  const { default: source } = await import(
    "plotly.js-dist-min/plotly.min.js",
    { with: { type: "text" } }
  );
  const packed = new Blob([source]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  const gzipped = new Uint8Array(await new Response(packed).arrayBuffer());
  return { gzipped: gzipped.toBase64(), digest: scriptDigest(source) };
}

/**
 * Name of a script in a Content-Security-Policy.
 *
 * @param script Text between the script tags, to the letter.
 * @returns SHA-256 in base64.
 *
 * @example
 * ```ts
 * import { scriptDigest } from "./plotly_source.ts";
 *
 * const policy = `script-src 'sha256-${scriptDigest("start()")}'`;
 * ```
 */
export function scriptDigest(script: string): string {
  return Uint8Array.fromHex(digestBytes(script)).toBase64();
}
