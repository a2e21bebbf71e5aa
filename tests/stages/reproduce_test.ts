import { assert, assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import { openRunDirectory } from "../../src/core/mod.ts";
import type { ImageSet } from "../../src/data/mod.ts";
import { useBackend } from "../../src/engine/mod.ts";
import {
  loadGenerator,
  type PrivacyRecord,
  reproduce,
  type ReproduceInput,
  type ReproduceSettings,
} from "../../src/stages/mod.ts";
import { type TestBackend, testOnBackends } from "../support/backends.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { tinyFaces, tinyPrior } from "../support/tiny_prior.ts";

/** Every part at its smallest: 4 people to train on, 2 to test with. */
const settings: ReproduceSettings = {
  seed: 2,
  data: { testFraction: 1 / 3, trainCount: 4 },
  embedder: { steps: 3 },
  coldStart: {
    steps: 3,
    rate: 1e-3,
    trainable: "all",
    decoderSteps: 2,
    batchSize: 8,
  },
  sampling: { samplingSteps: 3, guidance: 1 },
  reinforce: {
    objective: "policy",
    steps: 3,
    identities: 2,
    samples: 3,
    rate: 1e-3,
    trainable: "labelEmbedding+adaLN",
    klWeight: 0.01,
    policy: { baseline: "identity", timeWeights: "deviation" },
    direct: { lastSteps: 1 },
  },
  measure: { samples: 2, every: 2 },
  generate: { imagesPerIdentity: 2, samplingSteps: 3 },
  recognizer: {
    steps: 3,
    batchSize: 8,
    candidates: 8,
    keepFraction: 0.5,
    rate: 0.05,
  },
};

const images = tinyFaces(6, 6);

/** One session of a run: resumed where there is one. */
async function session(
  path: string,
  input: Partial<ReproduceInput> & Pick<ReproduceInput, "prior" | "engine">,
): Promise<void> {
  const resume = await Deno.stat(`${path}/manifest.json`).then(
    () => true,
    () => false,
  );
  const own = input.settings ?? settings;
  using run = await openRunDirectory(path, {
    manifest: { configuration: { settings: own } },
    resume,
    now: () => 0,
  });
  let time = 0;
  await reproduce({
    images,
    source: "a test's people",
    settings: own,
    run,
    now: () => time += 1000,
    ...input,
  });
}

function readJson(path: string): Promise<unknown> {
  return Deno.readTextFile(path).then(JSON.parse);
}

/** All numbers in a value; anything that is no number where one may be counts as NaN. */
function numbersIn(value: unknown): number[] {
  if (value === null) return [NaN]; // what JSON makes of NaN
  if (typeof value === "number") return [value];
  return typeof value === "object"
    ? Object.values(value).flatMap(numbersIn)
    : [];
}

/** Part and step of all records. */
async function steps(path: string): Promise<string[]> {
  const text = await Deno.readTextFile(`${path}/metrics.jsonl`);
  return text.trim().split("\n").map((line) => {
    const { part, step } = JSON.parse(line);
    return `${part} ${step}`;
  });
}

const cases: [
  NonNullable<ReproduceSettings["reinforce"]>["objective"],
  TestBackend[],
][] = [
  ["policy", ["tensorflow", "wasm"]],
  ["direct", ["tensorflow"]],
];
for (const [objective, backends] of cases) {
  testOnBackends(
    `the whole method runs at its smallest size, objective ${objective}`,
    async (backend) => {
      await using folder = await tempFolder();
      const { path } = folder;
      const engine = await useBackend(backend);
      const prior = await tinyPrior();
      const parts = new Set<string>();
      await session(path, {
        prior,
        engine,
        settings: {
          ...settings,
          reinforce: { ...settings.reinforce, objective },
        },
        onStep: (part) => void parts.add(part),
      });
      prior.dispose();

      const report = await Deno.readTextFile(`${path}/report.html`);
      for (
        const text of [
          "<h2>Pictures</h2>",
          "through the autoencoder",
          "before RL, 2",
          "after RL, 2",
          "<h2>Rewards on fixed seeds</h2>",
          "Semantic consistency (eq. 3)",
          "<h2>Recognition of people never trained on</h2>",
          "real + reinforced, lookahead",
          "<h2>Health of the reinforcement</h2>",
          "<h2>Time</h2>",
          "16 images of 4 identities",
          "12 images of 2 other identities",
          engine.description,
        ]
      ) assert(report.includes(text), text);

      const results = await readJson(`${path}/results.json`) as {
        rewards: unknown[];
        recognition: unknown[];
        overlap: { name: string; affected: number }[];
      };
      // The people of the test are others.
      assertEquals(
        results.overlap.map(({ name, affected }) => [name, affected]),
        [["the training images", 0], ["the synthetic images", 0]],
      );
      const numbers = numbersIn(results);
      assert(numbers.length > 50 && numbers.every(Number.isFinite));
      assertEquals([results.rewards.length, results.recognition.length], [
        3,
        4,
      ]);

      const pictures = filesBelow(`${path}/synthetic`).filter((name) =>
        name.endsWith(".png")
      );
      assertEquals(pictures.length, 4 * 2);
      for (const name of pictures) {
        const { xmp } = await sharp(`${path}/synthetic/${name}`).metadata();
        assert(
          new TextDecoder().decode(xmp).includes("trainedAlgorithmicMedia"),
        );
      }

      const manifest = await readJson(`${path}/manifest.json`) as {
        data: { sha256: string };
        seconds: { [part: string]: number };
      };
      assert(/^[0-9a-f]{64}$/.test(manifest.data.sha256));
      assertEquals(Object.keys(manifest.seconds), [
        "embedder",
        "cold start",
        "reinforce",
        "generate, before",
        "generate, after",
        "overlap",
        "recogniser: real only",
        "recogniser: real + cold start, all",
        "recogniser: real + reinforced, all",
        "recogniser: real + reinforced, lookahead",
      ]);
      assertEquals([...parts].length, 10, `${[...parts]}`);
      const told = await steps(path);
      assertEquals(new Set(told).size, told.length);
      assertEquals(
        told.filter((step) => /^(measurement|reinforce) /.test(step)),
        [
          "measurement 0",
          "reinforce 1",
          "reinforce 2",
          "measurement 2",
          "reinforce 3",
        ],
      );
    },
    { backends },
  );
}

/** Where a run is stopped, one session after the other. */
const stops = [
  "embedder",
  "cold start, decoder",
  "cold start, denoiser",
  "reinforce",
  "generate, after",
  "recogniser: real + reinforced, lookahead",
];

testOnBackends(
  "a run that is stopped in every part and resumed comes to the same results, bit for bit",
  async (backend) => {
    await using folder = await tempFolder();
    const [whole, stopped] = ["whole", "stopped"].map((name) =>
      `${folder.path}/${name}`
    );
    const engine = await useBackend(backend);
    const prior = await tinyPrior();
    await session(whole, { prior, engine });
    for (const stop of stops) {
      const controller = new AbortController();
      const done = session(stopped, {
        prior,
        engine,
        signal: controller.signal,
        onStep: (part, _done) => {
          if (part === stop) controller.abort(new Error(`stop: ${part}`));
        },
      });
      await assertRejects(() => done, Error, `stop: ${stop}`);
    }
    await session(stopped, { prior, engine });
    prior.dispose();

    // Events are appended to, one file a session: TensorBoard forgets what is done again.
    const kept = (path: string) =>
      filesBelow(path).filter((name) => !name.startsWith("tensorboard/"));
    for (const name of kept(whole)) {
      if (/report.html|manifest.json|lock|checkpoints/.test(name)) continue;
      const [a, b] = [whole, stopped].map((path) =>
        Deno.readFileSync(`${path}/${name}`)
      );
      const isText = /json/.test(name);
      const content = (bytes: Uint8Array) =>
        isText ? new TextDecoder().decode(bytes) : bytes;
      assertEquals(content(b), content(a), name);
    }
    assertEquals(kept(stopped), kept(whole));
    // The log, too: nothing is told twice, nothing is missing.
    const told = await steps(stopped);
    assertEquals(new Set(told).size, told.length);
  },
);

testOnBackends(
  "a resumed run refuses other images and other settings",
  async (backend) => {
    await using folder = await tempFolder();
    const engine = await useBackend(backend);
    const prior = await tinyPrior();
    const signal = AbortSignal.abort(new Error("at once"));
    const input = { prior, engine };
    const start = () => session(folder.path, { ...input, signal });
    await assertRejects(start, Error, "at once");
    const other: ImageSet = { ...images, images: images.images.toReversed() };
    await assertRejects(
      () => session(folder.path, { ...input, images: other }),
      RangeError,
      "Cannot resume a run as 'images' must be those it was started with",
    );
    const { reinforce } = settings;
    const faster = { ...settings, reinforce: { ...reinforce, rate: 1e-2 } };
    await assertRejects(
      () => session(folder.path, { ...input, settings: faster }),
      RangeError,
      "'configuration.settings.reinforce.rate' must be 0.001",
    );
    await assertRejects(start, Error, "at once");
    prior.dispose();
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "a private cold start is logged step by step, told everywhere, and saved apart from what it does not cover",
  async (backend) => {
    await using folder = await tempFolder();
    const { path } = folder;
    const engine = await useBackend(backend);
    const prior = await tinyPrior();
    await session(path, {
      prior,
      engine,
      settings: {
        ...settings,
        coldStart: {
          ...settings.coldStart,
          trainable: "labelEmbedding+adaLN",
          decoderSteps: 0,
          privacy: { targetEpsilon: 4, delta: 1e-3, rank: 2 },
        },
      },
    });
    const results = await readJson(`${path}/results.json`) as {
      privacy: PrivacyRecord;
    };
    const { privacy } = results;
    assert(privacy.epsilon > 3.9 && privacy.epsilon <= 4);
    assertEquals([privacy.steps, privacy.units, privacy.seeded], [
      3,
      16,
      false,
    ]);
    const manifest = await readJson(`${path}/manifest.json`);
    assertEquals((manifest as typeof results).privacy, privacy);
    const log = (await Deno.readTextFile(`${path}/metrics.jsonl`)).trim()
      .split("\n").map((line) => JSON.parse(line))
      .filter(({ part }) => part === "cold start, denoiser");
    assertEquals(log.map(({ step }) => step), [1, 2, 3]);
    assertEquals(log[2].epsilon, privacy.epsilon);
    assert(log[0].epsilon > 0 && log[0].epsilon < log[1].epsilon);
    // What depends on the photographs without noise is not logged.
    assert(log.every((record) => !("loss" in record)));

    const generator = await loadGenerator(`${path}/private/generator`);
    assertEquals(generator.config.privacy, privacy);
    const list = await readJson(`${path}/private/images/manifest.json`);
    assertEquals((list as { images: unknown[] }).images.length, 8);
    const report = await Deno.readTextFile(`${path}/report.html`);
    assert(report.includes(`epsilon ${privacy.epsilon.toPrecision(4)}`));
    generator.dispose();
    prior.dispose();
  },
  { backends: ["tensorflow"] },
);
