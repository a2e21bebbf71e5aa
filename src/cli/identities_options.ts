/**
 * What `outis identities` understands, and what it makes of it.
 *
 * @module
 */
import {
  LATENT_CONSTANTS,
  LATENT_KINDS,
  type LatentKind,
  type ReferenceMethod,
} from "../stages/mod.ts";
import { type ParsedOptions, UsageError } from "./options.ts";
import { engineOptions } from "./setup_command.ts";

/** Algorithms by name: three with their constraint, and three to compare with. */
export const ALGORITHMS = [
  "langevin",
  "dispersion",
  "disco",
  "random",
  "reject",
  "repulse",
] as const;

/** The options. */
export const identitiesTable = {
  algorithm: {
    value: "NAME",
    choices: ALGORITHMS,
    help:
      "langevin: references alone; dispersion, disco: and variations of each; random, reject, repulse: to compare with (default disco)",
  },
  count: { value: "N", least: 1, help: "identities (default 20)" },
  variations: {
    value: "N",
    least: 1,
    help: "of each identity, by dispersion and disco (default 8)",
  },
  steps: {
    value: "N",
    least: 1,
    help: "iterations of the references (default 40)",
  },
  latents: {
    value: "NAME",
    choices: LATENT_KINDS,
    help:
      "what is sampled: noise: the generator's condition and its noise; condition: all from one noise, variations hardly differ; autoencoder: its decoder's latents (default noise)",
  },
  avoid: {
    value: "DIR",
    help: "real photographs to keep away from, one folder per identity",
  },
  radius: {
    value: "RAD",
    help: "how far from them, in radians (default 0.6)",
  },
  distance: {
    value: "RAD",
    help: "how far identities should be from each other (default 1.4)",
  },
  truncation: {
    value: "X",
    help:
      "share of the generator's spread the references start in, above 0, at most 1 (default 1; the source has 0.7)",
  },
  pull: {
    value: "X",
    help:
      "spring of references to the mean latent (default 0.003; the source has 0.1 for StyleGAN2, whose forces are stronger)",
  },
  spread: {
    value: "X",
    help:
      "deviation variations start with (default 2, and 0.2 of the condition alone, as in the source)",
  },
  spring: {
    value: "X",
    help:
      "spring of variations to their identity (default 200, and 20 of the condition alone, as in the source)",
  },
  refine: {
    value: "N",
    least: 1,
    help:
      "iterations of reinforcement afterwards, with the references as prototypes; needs variations (default none)",
  },
  check: {
    help: "train a second embedder on other procedural people to check with",
  },
  prior: {
    value: "DIR",
    help: "generator with its auditor (default: the one shipped)",
  },
  "sampling-steps": {
    value: "N",
    least: 1,
    help: "transitions of the generator (default 8)",
  },
  seed: { value: "N", least: 0, help: "seed of everything (default 0)" },
  out: {
    value: "DIR",
    help: "run directory, gone on with if there (default runs/identities)",
  },
  ...engineOptions,
} as const;

/** The options as they were given. */
export type IdentitiesOptions = ParsedOptions<typeof identitiesTable>;

/** What the options ask for. */
export interface IdentitiesRequest {
  /** As given; they make the run's configuration. */
  options: IdentitiesOptions;
  /** The algorithm. */
  algorithm: typeof ALGORITHMS[number];
  /** How references are found. */
  method: ReferenceMethod;
  /** Whether there are variations. */
  hasVariations: boolean;
  /** What is sampled. */
  latents: LatentKind;
  /** d_c, radians. */
  radius: number;
  /** d_0, radians. */
  distance: number;
  /** ψ. */
  truncation: number;
  /** k_l. */
  pull: number;
  /** Of the variations: σ_0, k_e, k_g, dt. */
  variations: typeof LATENT_CONSTANTS[LatentKind]["variations"];
  /** s_d of the covariates. */
  covariateScale: number;
}

/**
 * Reads the options of the command.
 *
 * @param options As they were given.
 * @returns What they ask for.
 * @throws {UsageError} If one is out of range, or makes no sense beside the others.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { identitiesRequest, identitiesTable } from "./identities_options.ts";
 * import { parseOptions } from "./options.ts";
 *
 * const options = parseOptions(["--algorithm", "disco"], identitiesTable);
 * const { method, hasVariations } = identitiesRequest(options);
 * assertEquals([method, hasVariations], ["langevin", true]);
 * ```
 */
export function identitiesRequest(
  options: IdentitiesOptions,
): IdentitiesRequest {
  const algorithm = (options.algorithm ?? "disco") as typeof ALGORITHMS[number];
  const latents = (options.latents ?? "noise") as LatentKind;
  const hasVariations = algorithm === "dispersion" || algorithm === "disco";
  for (const name of ["variations", "spread", "spring", "refine"] as const) {
    if (options[name] !== undefined && !hasVariations) {
      throw refusal(`--${name}`, "left out, as there are none", algorithm);
    }
  }
  if (options.refine !== undefined && latents === "autoencoder") {
    throw refusal("--refine", "left out, as there is no condition", latents);
  }
  if (options.radius !== undefined && options.avoid === undefined) {
    throw refusal("--radius", "left out without --avoid", options.radius);
  }
  const number = (
    name: "radius" | "distance" | "truncation" | "pull" | "spread" | "spring",
    usual: number,
    most: number,
    rule: string,
  ) => {
    const value = options[name] === undefined ? usual : Number(options[name]);
    const isIn = name === "pull" || name === "spring" ? value >= 0 : value > 0;
    if (isIn && value <= most) return value;
    throw refusal(`--${name}`, rule, `${options[name]}`);
  };
  const angle = "an angle above 0 and at most 3.14 rad";
  const own = LATENT_CONSTANTS[latents];
  return {
    options,
    algorithm,
    method: hasVariations ? "langevin" : algorithm as ReferenceMethod,
    hasVariations,
    latents,
    radius: number("radius", 0.6, 3.14, angle),
    distance: number("distance", 1.4, 3.14, angle),
    truncation: number("truncation", own.truncation, 1, "in (0, 1]"),
    pull: number("pull", own.pull, Number.MAX_VALUE, "at least 0"),
    variations: {
      ...own.variations,
      spread: number(
        "spread",
        own.variations.spread,
        Number.MAX_VALUE,
        "above 0",
      ),
      identity: number(
        "spring",
        own.variations.identity,
        Number.MAX_VALUE,
        "at least 0",
      ),
    },
    covariateScale: own.covariateScale,
  };
}

function refusal(name: string, rule: string, value: string): UsageError {
  return new UsageError(
    `Cannot sample identities as '${name}' must be ${rule}: current value is ${value}`,
  );
}
