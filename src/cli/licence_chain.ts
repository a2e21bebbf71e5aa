/**
 * The chain of licences of a synthetic set, as far as it is known.
 *
 * @module
 */
import { basename } from "node:path";
import type { LicenceLink } from "../data/mod.ts";

/** What is known of where a set comes from. */
export interface SetOrigin {
  /** Folder of the generator that was started from; null for the shipped one, undefined where nobody knows. */
  prior?: string | null;
  /** Folder of the images it was adapted to; null for procedural people, undefined where nobody knows. */
  data?: string | null;
  /** Whether it was adapted to images at all. @default true */
  isAdapted?: boolean;
  /** Licence of the prior's weights, as the user says. @default unknown */
  priorLicence?: string;
  /** Licence of the images, as the user says. @default unknown */
  dataLicence?: string;
}

/**
 * Writes the links: the program, the weights it started from, the images it was adapted to. What nobody has said is left
 * out of a link, and the card calls it unknown.
 *
 * @param origin What is known.
 * @returns The links, first to last.
 *
 * @example
 * ```ts
 * import { licenceChain } from "./licence_chain.ts";
 *
 * const [, prior, images] = licenceChain({ prior: null, data: "photographs" });
 * console.log(prior.licence, images.licence); // MIT undefined
 * ```
 */
export function licenceChain(origin: SetOrigin): LicenceLink[] {
  const { prior, data, isAdapted = true, priorLicence, dataLicence } = origin;
  const images: LicenceLink = data === null
    ? {
      what: "Procedural people the generator was adapted to",
      licence: "MIT",
      source: "rendered by the program",
    }
    : {
      what: "Images the generator was adapted to",
      ...(dataLicence && { licence: dataLicence }),
      ...(data && { source: basename(data) }),
    };
  return [
    { what: "@outis/outis, program", licence: "MIT" },
    prior === null
      ? {
        what: "Weights the generator started from",
        licence: "MIT",
        source: "shipped with the program",
      }
      : {
        what: "Weights the generator started from",
        ...(priorLicence && { licence: priorLicence }),
        ...(prior && { source: basename(prior) }),
      },
    ...(isAdapted ? [images] : []),
  ];
}

/**
 * Reads from a run's manifest where its images come from.
 *
 * @param run The run directory.
 * @returns What the run remembers; nothing where it has no manifest.
 *
 * @example
 * ```ts
 * import { originOfRun } from "./licence_chain.ts";
 *
 * console.log(await originOfRun("/no/such/run")); // {}
 * ```
 */
export async function originOfRun(run: string): Promise<SetOrigin> {
  let configuration: { [name: string]: unknown } | undefined;
  try {
    const text = await Deno.readTextFile(`${run}/manifest.json`);
    ({ configuration } = JSON.parse(text));
  } catch {
    // nothing is known, and the card says so
  }
  if (configuration === undefined) return {};
  const { prior, data, algorithm } = configuration as {
    prior?: string | null;
    data?: string | null;
    algorithm?: unknown;
  };
  return { prior, data, isAdapted: algorithm === undefined };
}
