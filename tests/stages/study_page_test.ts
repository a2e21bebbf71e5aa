import { assert, assertEquals } from "@std/assert";
import { studies } from "../../src/cli/study_presets.ts";
import { type StudyCurve, studyPage } from "../../src/stages/mod.ts";

/** A curve whose rewards rise by the given amounts per identity. */
function curve(seed: number, arm: string, gain: number[]): StudyCurve {
  const at = (share: number) => ({
    semantic: gain.map((change, i) => 0.5 + 0.1 * i + share * change),
    auditor: gain.map((change, i) => 0.6 + 0.1 * i - share * change),
  });
  return {
    seed,
    arm,
    done: true,
    points: [0, 1].map((share) => ({
      step: 32 * share,
      seconds: 100 * share,
      rewards: at(share),
    })),
    training: [{ step: 32, kl: 0.0123, semanticWeight: 1 }],
    alarms: seed === 1
      ? [{ name: "divergence", step: 3, message: "the divergence is 2" }]
      : [],
  };
}

const settings = {
  ...studies.small,
  reinforce: {
    ...studies.small.reinforce,
    steps: 32,
    identities: 8,
    samples: 16,
  },
  seeds: [0, 1],
};
const curves = settings.arms.flatMap(({ name, seeds }) => [
  curve(0, name, [0.1, 0.11]),
  ...(seeds === 1 ? [] : [curve(1, name, [0.1, 0.12])]),
]);
const page = (more: StudyCurve[] = curves) =>
  studyPage({
    curves: more,
    settings,
    command: "deno task study:reinforce --data DIR",
    source: "300 photographs",
    engine: "an engine",
    train: { identities: 20, images: 120 },
    notes: "## Reading\n\nAs one likes.",
  });

Deno.test("the page tells command, protocol, changes with errors, cost and alarms", () => {
  const { markdown } = page();
  for (
    const text of [
      "`deno task study:reinforce --data DIR`",
      "300 photographs",
      "120 images of 20 identities",
      "32 iterations of 8 x 16 samples",
      "weights adaptive (MGDA)",
      "| policy, fixed weights | 0.5500 | 0.6575 | +0.1050 ± 0.0050 | +0.1100 ± 0.0100 | +0.1075 ± 0.0025 |",
      "| policy, fixed weights | **rises**, 43.0 errors | **falls**, 43.0 errors |",
      "| policy, as printed | **rises** (one seed), 21.0 errors |",
      "| policy, adaptive weights minus policy, fixed weights | +0.0000 ± 0.0000 |",
      "## Reading",
      "| policy, fixed weights | 32 | 4096 | 100 |",
      "policy, fixed weights, seed 1: 1 alarm(s), first: the divergence is 2.",
    ]
  ) assert(markdown.includes(text), `${text}\n\n${markdown}`);
  assert(!/NaN|undefined|Infinity/.test(markdown), markdown);
});

Deno.test("the page does not call certain what one seed turns around", () => {
  const turned = curves.map((one) =>
    one.seed === 1 ? curve(1, one.arm, [-0.2, 0.05]) : one
  );
  const { markdown } = page(turned);
  assert(markdown.includes("| policy, fixed weights | not certain,"));
});

Deno.test("the page's numbers come as JSON, too, without those of single identities", () => {
  const { json } = page();
  const found = JSON.parse(json);
  assertEquals(found.rows.length, 2 * 5); // two rewards, the direct arm twice
  assertEquals(found.settings.seeds, [0, 1]);
  const [point] = found.curves[0].points;
  assertEquals(Object.keys(point), ["step", "seconds", "semantic", "auditor"]);
  assertEquals(typeof point.semantic, "number");
});
