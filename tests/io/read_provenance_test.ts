import { assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import {
  encodeJpeg,
  encodePng,
  encodeWebp,
  readProvenance,
} from "../../src/io/mod.ts";

const image = { pixels: new Float32Array(8 * 8 * 3), height: 8, width: 8 };
const origin = {
  description: "Nobody <b> & co",
  generator: "outis 1",
  seed: 2 ** 52 + 1,
  label: "ada & \u201cbob\u201d",
  run: "run-1",
};
const digitalSourceType =
  "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

Deno.test("readProvenance() reads back what PNG, JPEG and WebP were marked with", async () => {
  for (const encode of [encodePng, encodeJpeg, encodeWebp]) {
    const bytes = await encode(image, { synthetic: origin });
    assertEquals(await readProvenance(bytes), {
      ...origin,
      digitalSourceType,
      isSynthetic: true,
    });
  }
});

Deno.test("readProvenance() says so where there is no mark, or another one", async () => {
  assertEquals(await readProvenance(await encodePng(image)), {
    isSynthetic: false,
  });
  const camera = digitalSourceType.replace(
    "trainedAlgorithmicMedia",
    "digitalCapture",
  );
  const other = await sharp(await encodePng(image)).withXmp(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" e:DigitalSourceType="${camera}"/></rdf:RDF></x:xmpmeta>`,
  ).png().toBuffer();
  assertEquals(await readProvenance(other), {
    digitalSourceType: camera,
    isSynthetic: false,
  });
});

Deno.test("readProvenance() reads attributes and other prefixes, as programs that rewrite XMP leave them", async () => {
  const rewritten = await sharp(await encodeJpeg(image)).withXmp(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:ns1='urn:outis:provenance:1:' xmlns:ipx="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
     ns1:seed='7' ns1:label="a &lt; &#x42;" ipx:DigitalSourceType="${digitalSourceType}"/></rdf:RDF></x:xmpmeta>`,
  ).jpeg().toBuffer();
  assertEquals(await readProvenance(rewritten), {
    digitalSourceType,
    isSynthetic: true,
    seed: 7,
    label: "a < B",
  });
});

Deno.test("readProvenance() refuses what is no image in one sentence", async () => {
  await assertRejects(
    () => readProvenance(new TextEncoder().encode("text")),
    SyntaxError,
    "must be PNG, JPEG or WebP",
  );
});
