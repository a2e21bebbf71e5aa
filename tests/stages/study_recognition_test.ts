import { assert, assertEquals } from "@std/assert";
import { openRunDirectory } from "../../src/core/mod.ts";
import { subsetImages } from "../../src/data/mod.ts";
import {
  recognitionPage,
  type RecognitionStudySet,
  studyRecognition,
  type StudyRecognitionInput,
} from "../../src/stages/mod.ts";
import { proceduralFaces, proceduralPedestrians } from "../../src/world/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { NETWORK_SIZE, tinyNetworks } from "./tiny_networks.ts";

const size = NETWORK_SIZE;
const arms = [
  { name: "none", training: { steps: 0 } },
  { name: "some", training: {} },
];

function studySets(): RecognitionStudySet[] {
  const people = proceduralPedestrians({
    identities: 6,
    imagesPerIdentity: 3,
    height: size,
    width: size,
    firstIdentity: 50,
  });
  const side = (keep: (i: number) => boolean) => {
    const indices = [...people.labels.keys()].filter(keep);
    return {
      ...subsetImages(people, indices),
      cameras: indices.map((i) => people.cameras[i]),
    };
  };
  const common = {
    network: tinyNetworks.small,
    training: { steps: 2, batchSize: 4 },
    how: "Hardly trained.",
    arms,
  };
  return [
    {
      ...common,
      name: "Faces!",
      source: "Rendered faces.",
      train: proceduralFaces({ identities: 3, imagesPerIdentity: 2, size }),
      test: {
        faces: proceduralFaces({
          identities: 8,
          imagesPerIdentity: 3,
          size,
          firstIdentity: 50,
        }),
      },
    },
    {
      ...common,
      name: "persons",
      source: "Rendered persons.",
      train: proceduralFaces({ identities: 3, imagesPerIdentity: 2, size }),
      test: {
        persons: {
          query: side((i) => i % 3 === 0),
          gallery: side((i) => i % 3 > 0),
        },
      },
    },
  ];
}

testOnBackends(
  "studyRecognition() measures every arm with every seed, and takes what is done from the run",
  async () => {
    await using folder = await tempFolder();
    using run = await openRunDirectory(`${folder.path}/run`, {
      manifest: { configuration: {} },
      now: () => 0,
    });
    let time = 0;
    const parts = new Set<string>();
    const input: StudyRecognitionInput = {
      sets: studySets(),
      seeds: [0, 1],
      run,
      now: () => time += 500,
      onStep: (part) => void parts.add(part),
    };
    const results = await studyRecognition(input);
    assertEquals(
      results.map(({ set, arm, seed }) => `${set} ${arm} ${seed}`),
      ["Faces!", "persons"].flatMap((set) =>
        ["none 0", "none 1", "some 0", "some 1"].map((one) => `${set} ${one}`)
      ),
    );
    assertEquals(
      parts,
      new Set(
        ["Faces!", "persons"].flatMap((set) =>
          [0, 1].map((seed) => `${set}, some, seed ${seed}`)
        ),
      ),
    );
    assert(results.every(({ seconds }) => seconds === 0.5));
    assertEquals(Object.keys(results[0].figures), ["accuracy", "AUC", "EER"]);
    assertEquals(Object.keys(results[4].figures), [
      "mAP",
      "rank 1",
      "rank 5",
      "mINP",
    ]);
    for (const { figures } of results) {
      assert(Object.values(figures).every((x) => x >= 0 && x <= 1));
    }
    // Looked for once in each set, and found nobody.
    assertEquals(results.map(({ overlap }) => overlap?.[0].affected), [
      0,
      undefined,
      undefined,
      undefined,
      0,
      undefined,
      undefined,
      undefined,
    ]);
    // Of a training that is done nothing is done again.
    await Deno.remove(run.file("persons/some-seed-1.json"));
    parts.clear();
    const before = time;
    assertEquals(await studyRecognition(input), results);
    assertEquals(time, before + 1000);
  },
  { backends: ["wasm"] },
);

Deno.test("recognitionPage() has mean, standard error and seeds of each figure, and the protocols", () => {
  const [set] = studySets();
  const protocol = { name: "trial", parameters: {}, counts: {}, hash: "abc" };
  const result = (arm: string, seed: number, accuracy: number) => ({
    set: set.name,
    arm,
    seed,
    figures: { accuracy },
    protocol,
    seconds: 2,
  });
  // 0.8 and 0.9: mean 0.85, standard error 0.05.
  const results = [
    result("none", 0, 0.5),
    result("none", 1, 0.5),
    result("some", 0, 0.8),
    result("some", 1, 0.9),
  ];
  const { markdown, json } = recognitionPage({
    results,
    sets: [set],
    seeds: [0, 1],
    command: "deno task trial",
    engine: "wasm 4",
    notes: "Mind the size.",
  });
  const lines = markdown.split("\n");
  assert(lines.includes("| some | 85.00 ± 5.00 (80.00, 90.00) | 2 |"));
  assert(lines.includes("| none | 50.00 ± 0.00 (50.00, 50.00) | 2 |"));
  assert(markdown.includes("Made by `deno task trial`; wasm 4."));
  assert(markdown.includes("Rendered faces. Hardly trained."));
  assert(
    markdown.includes(
      "Protocol: trial abc. Test images found among those trained on: not looked for.",
    ),
  );
  assert(markdown.endsWith("\nMind the size.\n"));
  const { rows, sets } = JSON.parse(json);
  assertEquals(rows[1].seeds, [{ seed: 0, value: 0.8 }, {
    seed: 1,
    value: 0.9,
  }]);
  assertEquals(sets[0].training, { steps: 2, batchSize: 4 });
});
