/**
 * Where a synthetic image comes from, written into its file.
 *
 * @module
 */
import type { Sharp } from "sharp";

/** Where a synthetic image comes from. */
export interface Provenance {
  /** One sentence for people. */
  description: string;
  /** Program or model that made it, with its version or fingerprint. @default none */
  generator?: string;
  /** Seed it was drawn with. @default none */
  seed?: number;
  /** What it was conditioned on: the name of its identity. @default none */
  label?: string;
  /** Run it belongs to. @default none */
  run?: string;
}

/** The IPTC term for media made by a model trained on samples. */
export const TRAINED_ALGORITHMIC_MEDIA =
  "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

/** Namespace of seed, label and run. */
export const PROVENANCE_NAMESPACE = "urn:outis:provenance:1:";

/**
 * Marks a picture as made by a trained algorithm: in XMP the IPTC digital source type, the description, the generator and,
 * in a namespace of our own, seed, label and run; in EXIF description and generator.
 *
 * @param image Picture to be encoded.
 * @param origin Where it comes from, or the description alone.
 * @returns The picture with its mark.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import sharp from "sharp";
 * import { markSynthetic } from "./provenance.ts";
 *
 * const image = sharp(new Uint8Array(3), { raw: { width: 1, height: 1, channels: 3 } });
 * const jpeg = await markSynthetic(image.jpeg(), { description: "nobody", seed: 7 }).toBuffer();
 * assert(jpeg.includes("trainedAlgorithmicMedia"));
 * ```
 */
export function markSynthetic(
  image: Sharp,
  origin: Provenance | string,
): Sharp {
  const { description, generator, ...rest } = typeof origin === "string"
    ? { description: origin }
    : origin;
  const own = Object.entries(rest).filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      `<outis:${name}>${escape(value)}</outis:${name}>\n`
    );
  const tool = generator === undefined
    ? ""
    : `<xmp:CreatorTool>${escape(generator)}</xmp:CreatorTool>\n`;
  const xmp = `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:outis="${PROVENANCE_NAMESPACE}"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
<Iptc4xmpExt:DigitalSourceType>${TRAINED_ALGORITHMIC_MEDIA}</Iptc4xmpExt:DigitalSourceType>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${
    escape(description)
  }</rdf:li></rdf:Alt></dc:description>
${tool}${own.join("")}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;
  const software: { Software?: string } = generator === undefined
    ? {}
    : { Software: generator };
  return image.withXmp(xmp).withExif({
    IFD0: { ImageDescription: description, ...software },
  });
}

// Control characters have no place in XML, not even escaped.
function escape(value: string | number): string {
  return String(value)
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\uFFFD")
    .replace(/[<>&]/g, (c) => `&#${c.charCodeAt(0)};`);
}
