import { assertEquals } from "@std/assert";
import type { StudyArm, StudyCurve } from "../../src/stages/mod.ts";
import { studySummary } from "../../src/stages/study_summary.ts";
import { assertClose } from "../support/assert_close.ts";

/** A curve of the semantic reward of two identities, one point per pair. */
function curve(
  seed: number,
  arm: string,
  pairs: [number, number][],
): StudyCurve {
  return {
    seed,
    arm,
    done: true,
    points: pairs.map((semantic, i) => ({
      step: 8 * i,
      seconds: 10 * i,
      rewards: { semantic },
    })),
    training: [],
    alarms: [],
  };
}

const arms: StudyArm[] = [
  { name: "policy", reinforce: {} },
  { name: "direct", reinforce: { objective: "direct" }, asLongAs: "policy" },
  { name: "printed", reinforce: {}, seeds: 1 },
];

const curves = [
  curve(0, "policy", [[0.5, 0.7], [0.6, 0.9]]), // changes 0.1 and 0.2
  curve(1, "policy", [[0.4, 0.6], [0.7, 0.9]]), // 0.3 and 0.3
  curve(0, "direct", [[0.5, 0.7], [0.7, 0.9], [0.8, 1]]), // 0.2, then 0.3
  curve(1, "direct", [[0.4, 0.6], [0.8, 1], [0.9, 1.1]]), // 0.4, then 0.5
  curve(0, "printed", [[0.5, 0.7], [0.5, 0.8]]), // 0 and 0.1
];

Deno.test("a study's change is paired per identity, its error over seeds", () => {
  const { rows } = studySummary(curves, { arms });
  const [policy] = rows;
  assertEquals([policy.arm, policy.reward], ["policy", "semantic"]);
  const [first, second] = policy.seeds;
  assertEquals([first.seed, first.step, first.seconds], [0, 8, 10]);
  assertClose([first.before, first.after], [0.6, 0.75], 1e-9);
  // 0.1 and 0.2: mean 0.15, deviation 0.0707, error 0.05.
  assertClose([first.change, first.error], [0.15, 0.05], 1e-9);
  assertClose([second.change, second.error], [0.3, 0], 1e-9);
  // Over seeds 0.15 and 0.3: mean 0.225, deviation 0.106, error 0.075.
  assertClose(policy.change.mean, 0.225, 1e-9);
  assertClose(policy.change.standardError, 0.075, 1e-9);
});

Deno.test("an arm that goes on as long as another is told at equal samples and at its end", () => {
  const { rows } = studySummary(curves, { arms });
  const told = rows.map(({ arm, seeds }) => [
    arm,
    ...seeds.map(({ step }) => step),
  ]);
  assertEquals(told, [
    ["policy", 8, 8],
    ["direct, equal samples", 8, 8],
    ["direct, equal time", 16, 16],
    ["printed", 8],
  ]);
  assertClose(rows[1].change.mean, 0.3, 1e-9);
  assertClose(rows[2].change.mean, 0.4, 1e-9);
});

Deno.test("ways are compared on the seeds they share, where these are two", () => {
  const { contrasts } = studySummary(curves, { arms });
  assertEquals(contrasts.map(({ arm, with: base }) => [arm, base]), [
    ["direct, equal samples", "policy"],
    ["direct, equal time", "policy"],
  ]);
  // Per seed 0.2 - 0.15 and 0.4 - 0.3: mean 0.075, deviation 0.0354, error 0.025.
  const [{ difference }] = contrasts;
  assertClose(difference.mean, 0.075, 1e-9);
  assertClose(difference.standardError, 0.025, 1e-9);
  assertEquals(difference.count, 2);
});

Deno.test("an arm of one seed has the error over its identities", () => {
  const printed = studySummary(curves, { arms }).rows[3];
  assertClose(printed.change.mean, 0.05, 1e-9);
  assertClose(printed.change.standardError, 0.05, 1e-9);
});
