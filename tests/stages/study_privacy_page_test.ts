import { assert, assertEquals, assertThrows } from "@std/assert";
import { privacyStudies } from "../../src/cli/privacy_study_presets.ts";
import { type PrivacyPoint, studyPrivacyPage } from "../../src/stages/mod.ts";

const point = (
  seed: number,
  curve: string,
  setting: string,
  rest: Partial<PrivacyPoint>,
): PrivacyPoint => ({ seed, curve, setting, made: 10, images: 10, ...rest });

const points: PrivacyPoint[] = [
  point(0, "photographs", "the training set itself", { accuracy: 0.75 }),
  point(0, "cold start", "nothing dropped", {
    leakRate: 0.5,
    excess: 0.01,
    passed: false,
    accuracy: 0.7,
  }),
  point(1, "cold start", "nothing dropped", {
    leakRate: 0.7,
    excess: 0.03,
    passed: true,
    accuracy: 0.72,
  }),
  point(0, "drop threshold", "FMR 0.01", {
    images: 4,
    leakRate: 0.2,
    excess: 0,
    passed: true,
    accuracy: 0.6,
  }),
  // Nothing left: nothing measured.
  point(0, "drop threshold", "FMR 0.1", { images: 0 }),
];

function page(given = points) {
  return studyPrivacyPage({
    points: given,
    settings: { ...privacyStudies.small, seeds: [0, 1] },
    command: "deno task study:privacy",
    source: "a test",
    engine: "an engine",
    notes: "## Notes\n\nSeen by people.",
    counts: {
      train: { identities: 2, images: 6 },
      control: { identities: 3, images: 9 },
    },
  });
}

// Cold start: (0.5 + 0.7) / 2 = 0.6; deviation 0.1414, over √2 seeds 0.1. Accuracy 0.71 ± 0.01.
Deno.test("studyPrivacyPage() gives means and standard errors over seeds", () => {
  const lines = page().markdown.split("\n").filter((l) => l.startsWith("|"));
  assertEquals(lines.slice(2), [
    "| photographs | the training set itself | 10 of 10 |  |  |  | 75.0 |",
    "| cold start | nothing dropped | 10 of 10 | 60.0 ± 10.0 | 2.00 ± 1.00 | 1 of 2 | 71.0 ± 1.0 |",
    "| drop threshold | FMR 0.01 | 4 of 10 | 20.0 | 0.00 | 1 of 1 | 60.0 |",
    "| drop threshold | FMR 0.1 | 0 of 10 |  |  |  |  |",
  ]);
});

Deno.test("the figure's curve of thresholds begins where nothing is dropped", () => {
  const { figure, markdown, json } = page();
  const curves = figure.data as unknown as {
    name: string;
    x: number[];
    y: number[];
    text: string[];
  }[];
  assertEquals(curves.map(({ name }) => name), [
    "cold start",
    "drop threshold",
  ]);
  assertEquals(curves[1].text, ["nothing dropped", "FMR 0.01"]);
  assertEquals(curves[1].x[1], 0.2);
  assertEquals(figure.layout.shapes?.[0].y0, 0.75);
  assert(markdown.endsWith("Seen by people.\n"));
  const read = JSON.parse(json);
  assertEquals(read.points.length, points.length);
  assertEquals(read.settings.seeds, [0, 1]);
  assertEquals(read.figure.data.length, 2);
});

Deno.test("without any measurement there is no page", () => {
  assertThrows(() => page(points.slice(0, 1)), RangeError, "curves.length");
});
