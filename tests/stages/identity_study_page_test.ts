import { assert } from "@std/assert";
import {
  identityStudyPage,
  type IdentityStudyResult,
} from "../../src/stages/mod.ts";
import { identityStudies } from "../../src/cli/identity_study_presets.ts";

const arms = identityStudies.small.arms.slice(0, 2);
const result = (
  arm: number,
  seed: number,
  accuracy: number,
): IdentityStudyResult => ({
  arm: arms[arm].name,
  seed,
  identities: 40,
  images: 40,
  accuracy,
  auc: accuracy + 0.1,
  between: 1,
  seconds: 2,
});

Deno.test("identityStudyPage() tells means, errors over seeds, and paired differences", () => {
  const { markdown } = identityStudyPage({
    results: [
      result(0, 0, 0.6),
      result(1, 0, 0.7),
      result(0, 1, 0.62),
      result(1, 1, 0.66),
    ],
    settings: { ...identityStudies.small, arms, seeds: [0, 1] },
    command: "deno task study:identities",
    engine: "an engine",
  });
  const row = (name: string) =>
    markdown.split("\n").filter((line) => line.startsWith(`| ${name} |`));
  // Mean 0.61, deviation 0.02 / √2, standard error 0.01.
  assert(row(arms[0].name)[0].includes("0.6100 ± 0.0100 | 0.6000 | 0.6200"));
  // Differences 0.10 and 0.04: mean 0.07, standard error 0.03.
  assert(row(arms[1].name)[1].includes("+0.0700 ± 0.0300"));
  assert(row(arms[1].name)[1].includes("2 of 2 seeds"));
  assert(!markdown.includes("undefined") && !markdown.includes("NaN"));
});
