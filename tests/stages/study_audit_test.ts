import { assert, assertEquals, assertRejects } from "@std/assert";
import { studyAudit, studyAuditPage } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { patternEmbedders, patternPeople } from "../support/pattern_people.ts";

const embedders = patternEmbedders();
const world = {
  name: "Patterns",
  people: (seed: number) =>
    Promise.resolve(
      patternPeople({ people: 60, photographs: 5, first: 1000 * seed }),
    ),
  deal: { real: 24, control: 18, photographs: 4 },
};

async function* oneSet() {
  const size = { people: 26, photographs: 4 };
  yield {
    name: "a generator that copies",
    synthetic: patternPeople({ ...size, firstPhotograph: 4 }),
    real: patternPeople(size),
    control: patternPeople({ ...size, first: 100 }),
  };
}

testOnBackends(
  "studyAudit() counts what is found, and its page tells it",
  async () => {
    const steps: string[] = [];
    const study = await studyAudit({
      worlds: [world],
      sets: oneSet(),
      embedders,
      rewardFingerprints: [],
      seeds: 2,
      plantedSeeds: 1,
      leaks: 4,
      onStep: (part, done, total) => {
        if (part === "Patterns") steps.push(`${done}/${total}`);
      },
    });
    const [{ clean, planted, leaks, counts, falseDuplicates }] = study.worlds;
    assertEquals(clean, [[], []]);
    assertEquals(falseDuplicates, 0);
    assert(planted.length === 1 && planted[0].includes("duplicates"));
    for (const kind of ["copy", "flip", "recompression", "crop"] as const) {
      const { planted, dropped, traced } = leaks[kind]!;
      assertEquals([planted, dropped, traced], [4, 4, 4], kind);
    }
    const person = leaks.samePerson!;
    assertEquals([person.planted, person.traced], [4, 0]);
    assert(person.dropped >= person.matched.colour);
    assertEquals(
      [counts.real.images, counts.control.images, counts.synthetic.images],
      [96, 90, 90],
    );
    assertEquals(study.sets.map(({ audit }) => audit.passed), [false]);
    assertEquals(steps, ["1/2", "2/2"]);

    const { markdown, json } = studyAuditPage({
      study,
      command: "deno task study:audit",
      engine: "tensorflow",
      embedders: { colour: "means of colours", brightness: "of brightness" },
      notes: "## Notes\n\nMade up.",
    });
    assert(markdown.includes("Clean sets: 2 of 2 pass;"));
    assert(markdown.includes("| exact copy | 4 | 4 (100.0 %) | 4 (100.0 %) |"));
    assert(markdown.includes("### a generator that copies: refused"));
    assert(markdown.endsWith("Made up.\n"));
    const data = JSON.parse(json);
    assertEquals(data.worlds[0].leaks.copy.traced, 4);
    // Nothing of single images.
    assert(!json.includes("dropList") && !json.includes(".png"));
  },
  { backends: ["tensorflow"] },
);

testOnBackends("studyAudit() refuses a world with too few people", async () => {
  await assertRejects(
    () =>
      studyAudit({
        worlds: [{ ...world, deal: { ...world.deal, real: 42 } }],
        sets: oneSet(),
        embedders,
        rewardFingerprints: [],
        seeds: 1,
        plantedSeeds: 0,
        leaks: 1,
      }),
    RangeError,
    "more than 42 real ones and 18 controls: current value is 60",
  );
}, { backends: ["tensorflow"] });
