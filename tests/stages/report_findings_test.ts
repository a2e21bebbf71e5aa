import { assertEquals } from "@std/assert";
import {
  compareRewards,
  type MeasuredRewards,
} from "../../src/stages/measure_rewards.ts";
import {
  type FindingsInput,
  reportFindings,
} from "../../src/stages/report_findings.ts";

type Row = FindingsInput["recognition"][number];

/** A recogniser with an accuracy; folds differ by 0.03. */
function row(method: string, mean: number): Row {
  return { method, result: { accuracy: { mean, std: 0.03 } } } as Row;
}

/** Rewards whose change is `change` for every identity, give or take 0.01. */
function rewards(changes: { [name: string]: number }) {
  const values = (by: number) => Float32Array.of(0.5 + by, 0.6 + by, 0.71 + by);
  const measured = (of: (change: number) => Float32Array) =>
    Object.fromEntries(
      Object.entries(changes).map(([name, change]) => [name, of(change)]),
    ) as unknown as MeasuredRewards;
  return compareRewards(
    measured(() => values(0)),
    measured((by) => values(by).map((value, i) => value + 0.01 * (i - 1))),
  );
}

function sentences(input: Partial<FindingsInput>): string[] {
  const { source } = reportFindings({
    rewards: [],
    recognition: [],
    alarms: 0,
    ...input,
  });
  return Array.from(source.matchAll(/<li>(.*?)<\/li>/g), ([, text]) => text);
}

Deno.test("the findings name what rose, fell, and stayed", () => {
  // Differences 0.09, 0.10, 0.11: mean 0.1, standard error 0.01 / sqrt(3) = 0.00577, so 17.3 of them.
  assertEquals(
    sentences({
      rewards: rewards({ semantic: 0.1, coverage: -0.1, expressive: 0.001 }),
    }),
    [
      "Under reinforcement, on the same noise, semantic consistency rose from 0.603 to 0.703 (17.3 standard errors); coverage fell from 0.603 to 0.503 (17.3 standard errors); expressive diversity did not move beyond chance.",
    ],
  );
});

Deno.test("the findings tell whether a second embedder agrees", () => {
  const says = (auditor: number) =>
    sentences({ rewards: rewards({ auditor }) });
  assertEquals(says(0.1), [
    "A second embedder, which had no part in the rewards, agrees: it finds the images closer to their identities (17.3 standard errors).",
  ]);
  assertEquals(says(-0.1)[0].includes("may have been gamed"), true);
  assertEquals(says(0)[0].includes("neither"), true);
});

Deno.test("the findings speak of an alarm", () => {
  assertEquals(sentences({ alarms: 3 }).length, 1);
});

Deno.test("the findings compare the best recogniser with synthetic images with the one without", () => {
  // Two spreads of 3 % are 4.2 % together.
  const says = (best: number) =>
    sentences({
      recognition: [row("real only", 0.7), row("a", 0.5), row("b", best)],
    })[0];
  assertEquals(
    says(0.72),
    "People never trained on are verified with 70.0 % accuracy by a recogniser trained on real only, and with 72.0 % by the best with synthetic images (b): no more of a difference than between folds.",
  );
  assertEquals(says(0.75).endsWith("better by more than folds differ."), true);
  assertEquals(says(0.6).endsWith("worse by more than folds differ."), true);
});
