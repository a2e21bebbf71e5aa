/**
 * The results page of a study of new identities.
 *
 * @module
 */
import {
  type MeanAndError,
  meanAndError,
  pairedDifference,
} from "../metrics/mod.ts";
import type { IdentityArm } from "./identity_arm.ts";
import type {
  IdentityStudyResult,
  IdentityStudySettings,
} from "./study_identities.ts";

/** What the page tells. */
export interface IdentityStudyPageInput {
  /** What was measured. */
  results: IdentityStudyResult[];
  /** Sizes, seeds, arms. */
  settings: IdentityStudySettings;
  /** The command that makes the page anew. */
  command: string;
  /** What computed. */
  engine: string;
  /** What a reader should make of it, in Markdown, for the page's end. */
  notes?: string;
}

/**
 * Writes the page.
 *
 * @param input What was measured, and how.
 * @returns Markdown for readers, and the same numbers as JSON.
 *
 * @example
 * ```ts
 * import { identityStudyPage, type IdentityStudyPageInput } from "@outis/outis/stages";
 *
 * async function write(input: IdentityStudyPageInput) {
 *   const { markdown, json } = identityStudyPage(input);
 *   await Deno.writeTextFile("identities.md", markdown);
 *   await Deno.writeTextFile("identities.json", json);
 * }
 * console.log(write.length); // 1
 * ```
 */
export function identityStudyPage(
  input: IdentityStudyPageInput,
): { markdown: string; json: string } {
  const { results, settings, command, engine, notes } = input;
  const { test, recognizer, covariates, langevin, dispersion } = settings;
  const arms = settings.arms.map((arm) => ({
    arm,
    own: results.filter((one) => one.arm === arm.name),
  }));
  const [base] = arms;
  const markdown = `# What new identities are worth to a recogniser

Made by \`${command}\`; ${engine}. Numbers with more digits and all settings: identities.json.

## Protocol

- Seeds ${
    settings.seeds.join(", ")
  }. In each, every arm makes its images anew, and a recogniser is trained from
  scratch on these images and nothing else: ${recognizer.steps} steps of ${recognizer.batchSize}, CosFace, mirrored and shifted crops.
- Verified are ${test.identities} procedural people, ${test.imagesPerIdentity} pictures of each, whom no recogniser, nor generator, nor
  embedder has seen: 10-fold accuracy on balanced pairs, and the area under the receiver's curve.
- The generator is the shipped prior, ${settings.samplingSteps} transitions of deterministic DDIM. The embedder whose angles the
  dynamics go by was trained on other procedural people: what it knows of turning and light goes into the
  variations of Dispersion and DisCo, as ArcFace's knowledge does in the source.
- Langevin: ${settings.steps} iterations, ${constants(langevin)}. Dispersion: ${
    constants(dispersion)
  }. DisCo: the same,
  started along turn, nod and side of the light (s_d = ${covariates.scale}).
- ${overlapOf(arms.flatMap(({ own }) => own))}
${arms.map(({ arm }) => `- **${arm.name}**: ${sentence(arm)}`).join("\n")}

## Verification of people never seen

${
    table(
      [
        "trained on",
        "identities",
        "images",
        "accuracy",
        ...settings.seeds.map((seed) => `seed ${seed}`),
        "area under the curve",
      ],
      arms.map(({ arm, own }) => [
        arm.name,
        own[0].identities,
        own[0].images,
        plusMinus(own.map(({ accuracy }) => accuracy)),
        ...own.map(({ accuracy }) => accuracy.toFixed(4)),
        plusMinus(own.map(({ auc }) => auc)),
      ]),
    )
  }

Mean ± standard error over seeds.

## Differences from ${base.arm.name}

${
    table(
      ["trained on", "accuracy", "area under the curve", "better in"],
      arms.slice(1).map(({ arm, own }) => {
        const of = (name: "accuracy" | "auc") =>
          pairedDifference(
            base.own.map((one) => one[name]),
            own.map((one) => one[name]),
          );
        const wins = own.filter(({ accuracy }, i) =>
          accuracy > base.own[i].accuracy
        );
        return [
          arm.name,
          signed(of("accuracy")),
          signed(of("auc")),
          `${wins.length} of ${own.length} seeds`,
        ];
      }),
    )
  }

Paired by seeds; a difference counts where it is at least two of its standard errors and has one sign in all seeds.

## The images

${
    table(
      [
        "arm",
        "reference to the nearest other, rad",
        "variation to its reference, rad",
        "difference of pixels",
        "seconds of processor time",
      ],
      arms.map(({ arm, own }) => [
        arm.name,
        mean(own.map(({ between }) => between)),
        mean(own.map(({ within }) => within)),
        mean(own.map(({ pixels }) => pixels)),
        Math.round(
          own.reduce((sum, { seconds }) => sum + seconds, 0) / own.length,
        ),
      ]),
    )
  }

Means over identities and seeds; angles by the embedder of the dynamics; pixels in [-1, 1]. References of
Langevin are found once in a seed, by the first arm that has them.
${notes === undefined ? "" : `\n${notes.trim()}\n`}`;
  const json = JSON.stringify({ command, engine, settings, results }, null, 2);
  return { markdown, json: json + "\n" };
}

function sentence(arm: IdentityArm): string {
  const references = {
    random: "random references",
    reject: "references drawn until they are apart",
    langevin: "references of Langevin",
    people: "procedural people as they are rendered, to compare with",
  }[arm.references];
  if (arm.references === "people") return `${references}.`;
  const variations = {
    none:
      "no variations: crops and mirror images tell the recogniser all it learns",
    noise: "variations from other noise, the condition being the same",
    dispersion: "variations by Dispersion",
    disco: "variations by DisCo",
  }[arm.variations];
  return [
    references,
    variations,
    ...(arm.noise === "fixed" ? ["all from one noise"] : []),
    ...(arm.asManyImages ? ["as many identities as others have images"] : []),
  ].join("; ") + ".";
}

function constants(values: object): string {
  return Object.entries(values).map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [head, head.map(() => "---"), ...rows].map(line).join("\n");
}

function plusMinus(values: number[]): string {
  const { mean, standardError } = meanAndError(values);
  return `${mean.toFixed(4)} ± ${standardError.toFixed(4)}`;
}

function signed(
  { mean, standardError }: Pick<MeanAndError, "mean" | "standardError">,
): string {
  const sign = mean < 0 ? "-" : "+";
  return `${sign}${Math.abs(mean).toFixed(4)} ± ${standardError.toFixed(4)}`;
}

function mean(values: (number | undefined)[]): string {
  const there = values.filter((value) => value !== undefined);
  if (there.length === 0) return "";
  return (there.reduce((a, b) => a + b) / there.length).toFixed(3);
}

/** What is known of test images among those trained on. */
function overlapOf(results: readonly IdentityStudyResult[]): string {
  const known = results.flatMap(({ overlap }) => overlap ?? []);
  return known.length < results.length
    ? "Test images among those trained on were not looked for in every run."
    : `Test images with an exact or near duplicate among those trained on: ${
      Math.max(...known)
    } at most in a run.`;
}
