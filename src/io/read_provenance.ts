/**
 * Where an image says it comes from.
 *
 * @module
 */
import { loadSharp } from "./load_sharp.ts";
import {
  type Provenance,
  PROVENANCE_NAMESPACE,
  TRAINED_ALGORITHMIC_MEDIA,
} from "./provenance.ts";

/** What an image's XMP says of its origin; a field that is not there is left out. */
export interface FoundProvenance extends Partial<Provenance> {
  /** IPTC digital source type, a URI. */
  digitalSourceType?: string;
  /** Whether that is the term for media made by a trained algorithm. */
  isSynthetic: boolean;
}

/** Names in XMP: namespace and local name. */
const DIGITAL_SOURCE_TYPE = [
  "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
  "DigitalSourceType",
] as const;
const DESCRIPTION = [
  "http://purl.org/dc/elements/1.1/",
  "description",
] as const;
const CREATOR_TOOL = ["http://ns.adobe.com/xap/1.0/", "CreatorTool"] as const;

/**
 * Reads the mark that {@linkcode markSynthetic} writes, from PNG, JPEG or WebP. Pixels are not decoded.
 *
 * Other programs that rewrite XMP may choose other prefixes, and attributes in the place of elements: both are read.
 *
 * @param content Content of the file.
 * @returns What is said; nothing but `isSynthetic: false` where there is no XMP.
 * @throws {SyntaxError} If it is no image.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng, readProvenance } from "@outis/outis/io";
 *
 * const image = { pixels: new Float32Array(3), height: 1, width: 1 };
 * const png = await encodePng(image, { synthetic: { description: "nobody", seed: 7 } });
 * const { isSynthetic, seed } = await readProvenance(png);
 * assertEquals([isSynthetic, seed], [true, 7]);
 * ```
 */
export async function readProvenance(
  content: Uint8Array,
): Promise<FoundProvenance> {
  const sharp = await loadSharp();
  let xmp: Uint8Array | undefined;
  try {
    ({ xmp } = await sharp(content).metadata());
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read where an image comes from as its content must be PNG, JPEG or WebP: current value is another kind (${
        (cause as Error).message.split("\n")[0]
      })`,
      { cause },
    );
  }
  if (xmp === undefined) return { isSynthetic: false };
  const text = new TextDecoder().decode(xmp);
  const own = (name: string) => valueOf(text, [PROVENANCE_NAMESPACE, name]);
  const digitalSourceType = valueOf(text, DIGITAL_SOURCE_TYPE);
  const seed = own("seed");
  const found: FoundProvenance = {
    digitalSourceType,
    isSynthetic: digitalSourceType === TRAINED_ALGORITHMIC_MEDIA,
    description: valueOf(text, DESCRIPTION),
    generator: valueOf(text, CREATOR_TOOL),
    seed: seed === undefined ? undefined : Number(seed),
    label: own("label"),
    run: own("run"),
  };
  for (const name of Object.keys(found) as (keyof FoundProvenance)[]) {
    if (found[name] === undefined) delete found[name];
  }
  return found;
}

/** Content of an element, or of an attribute, under whatever prefix its namespace has. */
function valueOf(
  xml: string,
  [namespace, name]: readonly [string, string],
): string | undefined {
  const declared = new RegExp(
    `xmlns:([\\w.-]+)\\s*=\\s*["']${literally(namespace)}["']`,
    "g",
  );
  for (const [, prefix] of xml.matchAll(declared)) {
    const tag = literally(`${prefix}:${name}`);
    const element = new RegExp(`<${tag}(?:\\s[^>]*)?>([^]*?)</${tag}>`)
      .exec(xml)?.[1];
    // A text in several languages is a list; what is left of its tags is the first one's text.
    if (element !== undefined) {
      return unescape(element.replaceAll(/<[^>]*>/g, "").trim());
    }
    const attribute = new RegExp(`\\s${tag}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
      .exec(xml);
    if (attribute !== null) return unescape(attribute[1] ?? attribute[2]);
  }
  return undefined;
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

const ENTITIES: { [name: string]: string } = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
};

function unescape(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex, decimal, name) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
