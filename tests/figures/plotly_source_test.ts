import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { plotlySource, scriptDigest } from "../../src/figures/plotly_source.ts";

Deno.test("scriptDigest() is the SHA-256 of the text, in base64", () => {
  // FIPS 180-2, appendix B.1: SHA-256 of "abc".
  const abc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assertEquals(scriptDigest("abc"), Uint8Array.fromHex(abc).toBase64());
});

Deno.test("plotlySource() packs the source that its digest names", async () => {
  const { gzipped, digest } = await plotlySource();
  const unpacked = new Blob([Uint8Array.fromBase64(gzipped)]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const source = await new Response(unpacked).text();
  assertStringIncludes(source.slice(0, 200), "plotly.js v4.1.2");
  assertEquals(scriptDigest(source), digest);
  assert(gzipped.length < 0.45 * source.length);
});
