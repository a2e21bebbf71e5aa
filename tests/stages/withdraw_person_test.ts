import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  arraysFromParams,
  digestBytes,
  type Embedder,
  plainPreprocessing,
} from "../../src/core/mod.ts";
import {
  exportDataset,
  type ImageSet,
  openExported,
  subsetImages,
  type SyntheticImage,
} from "../../src/data/mod.ts";
import { tf, useBackend } from "../../src/engine/mod.ts";
import { readSafetensors, writeSafetensors } from "../../src/io/mod.ts";
import {
  loadMemoryBank,
  MemoryBank,
  saveMemoryBank,
} from "../../src/rewards/mod.ts";
import {
  auditImageSet,
  exportGenerated,
  exportImages,
  generate,
  loadGenerator,
  saveGenerator,
  verifyDataset,
  type Withdrawal,
  withdrawalPage,
  withdrawPerson,
  type WithdrawPersonInput,
} from "../../src/stages/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";
import { layouts } from "../data/made_images.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { tinyGenerator } from "../support/tiny_prior.ts";

const NAMES = ["ada", "bob", "cyd"];
const SIZE = 8;
const AT = "2026-01-02T03:04:05.000Z";

/** A picture in a person's colour: red, green or blue, a little off. */
function picture(person: number, shade: number): Float32Array {
  return Float32Array.from(
    { length: SIZE * SIZE * 3 },
    (_, i) => i % 3 === person ? 0.9 : -0.9 + 0.05 * shade,
  );
}

/** Tells people by their colour. */
const colours = (name: string): Embedder => ({
  embed: (images) => tf.tidy(() => tf.add(tf.mean(images, [1, 2]), 1.1)),
  width: 3,
  preprocessing: plainPreprocessing(SIZE, SIZE),
  fingerprint: name,
});

function photographs(people: number[], count: number): ImageSet {
  const labels = people.flatMap((_, label) => Array(count).fill(label));
  return {
    images: Float32Array.from(
      labels.flatMap((label, i) => [...picture(people[label], i % count)]),
    ),
    height: SIZE,
    width: SIZE,
    count: labels.length,
    labels: Int32Array.from(labels),
    identities: people.map((person) => NAMES[person]),
    paths: labels.map((label, i) => `${NAMES[people[label]]}/${i}.png`),
    problems: [],
  };
}

/** Four images of each identity; the last of cyd shows bob, the last of ada was made of bob's first. */
function synthetic(): SyntheticImage[] {
  return NAMES.flatMap((identity, person) =>
    [0, 1, 2, 3].map((number) => ({
      identity,
      number,
      pixels: picture(person === 2 && number === 3 ? 1 : person, number),
      height: SIZE,
      width: SIZE,
      seed: 5,
      ...(person === 0 && number === 3 ? { parents: ["bob/0"] } : {}),
    }))
  );
}

async function exported(out: string, layout: string): Promise<void> {
  await exportDataset(synthetic(), {
    out,
    layout: layouts[layout](),
    identities: NAMES,
    provenance: { description: "Nobody", generator: "a test" },
    description: { protocol: "Colours.", licence: "CC0-1.0", chain: [] },
  });
}

const bob = () => auditImageSet(photographs([1], 2));
const everybody = () => auditImageSet(photographs([0, 1, 2], 3));

function withdraw(
  more: Partial<WithdrawPersonInput>,
): Promise<Withdrawal> {
  return withdrawPerson({
    name: "bob",
    photographs: bob(),
    real: everybody(),
    embedders: { colours: colours("a") },
    at: AT,
    ...more,
  });
}

/** Every file with its fingerprint. */
const contents = (folder: string) =>
  filesBelow(folder).map((name) =>
    `${name} ${digestBytes(Deno.readFileSync(`${folder}/${name}`))}`
  );

for (const layout of Object.keys(layouts)) {
  Deno.test(`withdrawPerson() takes a person's samples out of an export as ${layout}, and what is left verifies`, async () => {
    await useBackend("wasm");
    await using folder = await tempFolder();
    const dataset = `${folder.path}/set`;
    await exported(dataset, layout);
    const before = await openExported(dataset);
    const { places: [place], state, retrain } = await withdraw({ dataset });
    assertEquals(state, "done");
    assertEquals(
      place.samples.map(({ identity, isConditioned, nearestBy }) =>
        `${identity} ${isConditioned} ${nearestBy}`
      ).sort(),
      [
        "ada true ", // made of an image of bob
        "bob true colours",
        "bob true colours",
        "bob true colours",
        "bob true colours",
        "cyd false colours", // shows bob
      ],
    );
    const verified = await verifyDataset(dataset);
    assertEquals(verified.findings, []);
    assertEquals([verified.verified, verified.listed], [6, 6]);
    const { rows, manifest } = await openExported(dataset);
    assertEquals(
      rows.map((
        { identity, number, label, sha256 },
      ) => [identity, number, label, sha256]),
      before.rows.filter(({ identity, number }) =>
        identity !== "bob" && number !== 3
      )
        .map((
          { identity, number, label, sha256 },
        ) => [identity, number, label, sha256]),
    );
    assertEquals(place.manifest, { before: before.manifest, after: manifest });
    const card = await Deno.readTextFile(`${dataset}/README.md`);
    assert(card.includes("6 images of 2 identities, 3 each"));
    assert(card.includes("2026-01-02: 6 images were withdrawn"));
    assert(!card.includes("bob"));
    assertEquals(
      filesBelow(folder.path).filter((name) => !name.startsWith("set/")),
      [],
    );
    assert(retrain[0].what.includes(before.manifest));
  });
}

Deno.test("withdrawPerson() finds by angle where no others are given", async () => {
  await useBackend("wasm");
  await using folder = await tempFolder();
  const dataset = `${folder.path}/set`;
  await exported(dataset, "folder");
  const found = async (within: number) => {
    const { places } = await withdraw({
      dataset,
      real: undefined,
      within,
      dryRun: true,
    });
    return places[0].samples.filter(({ nearestBy }) => nearestBy.length > 0)
      .length;
  };
  assertEquals(await found(0.3), 5); // bob's four, and the one of cyd that shows him
  assertEquals(await found(3.1), 12);
});

Deno.test("a dry run tells what would be done and changes nothing", async () => {
  await useBackend("wasm");
  await using folder = await tempFolder();
  const dataset = `${folder.path}/set`;
  await exported(dataset, "webdataset");
  const before = contents(folder.path);
  const record = await withdraw({ dataset, dryRun: true });
  assertEquals([record.state, record.places[0].samples.length], ["dry run", 6]);
  assertEquals(contents(folder.path), before);
  assert(
    withdrawalPage(record).includes(
      "6 images to be removed: 5 conditioned on the person",
    ),
  );
});

Deno.test("an interruption before the end leaves everything as it was", async () => {
  await useBackend("wasm");
  await using folder = await tempFolder();
  const dataset = `${folder.path}/set`;
  await exported(dataset, "recordio");
  const before = contents(folder.path);
  const controller = new AbortController();
  await assertRejects(
    () =>
      withdraw({
        dataset,
        signal: controller.signal,
        onStep: (part) => part === "synthetic images" && controller.abort(),
      }),
    DOMException,
  );
  assertEquals(contents(folder.path), before);
});

Deno.test("a generator's class is zero in its weights, nameless, and refused by generate()", async () => {
  await useBackend("wasm");
  await using folder = await tempFolder();
  const path = `${folder.path}/generator`;
  const made = tinyGenerator(NAMES);
  await saveGenerator(path, made, { dtype: "F16" });
  made.dispose();
  const before = await loadGenerator(path);
  const { places: [place], retrain } = await withdraw({ generator: path });
  assertEquals(place.label, 1);
  assertEquals(place.weights.flatMap(({ zeroed }) => zeroed), [
    "dit/y_embedder.embedding_table.weight",
  ]);
  assert(retrain[0].what.includes(path));
  const after = await loadGenerator(path);
  assertEquals(after.config.identities, ["ada", "withdrawn-1", "cyd"]);
  assertEquals(after.config.retired, [1]);
  const [old, now] = [
    await arraysFromParams(before.params.dit),
    await arraysFromParams(after.params.dit),
  ];
  for (const [name, { data, shape }] of Object.entries(now)) {
    const wanted = Array.from(old[name].data as Float32Array);
    if (name.startsWith("y_embedder")) wanted.fill(0, shape[1], 2 * shape[1]);
    assertEquals(Array.from(data as Float32Array), wanted, name);
  }
  const sampling = { imagesPerIdentity: 1, samplingSteps: 1, chunk: 2 };
  await assertRejects(
    () => generate(after, { ...sampling, labels: [0, 1] }),
    RangeError,
    "current value is 1, withdrawn-1",
  );
  const images = await generate(after, sampling);
  assertEquals([...images.labels], [0, 2]);
  const { count } = await exportGenerated(after, {
    ...sampling,
    out: `${folder.path}/set`,
    layout: layouts.folder(),
    provenance: { description: "Nobody", generator: "a test" },
    description: { protocol: "Two.", licence: "CC0-1.0", chain: [] },
  });
  assertEquals(count, 2);
  before.dispose();
  after.dispose();
  await assertRejects(
    () => withdraw({ generator: path }),
    RangeError,
    "of whom there is nothing",
  );
});

Deno.test("a memory bank loses the person's features, and all else stays", async () => {
  await useBackend("wasm");
  await using folder = await tempFolder();
  const path = `${folder.path}/bank.safetensors`;
  {
    using features = {
      value: tf.tensor2d([[1, 0], [0, 1], [1, 1], [2, 1], [3, 1], [1, 4]]),
      [Symbol.dispose]() {
        this.value.dispose();
      },
    };
    using bank = MemoryBank.fromFeatures(features.value, [0, 0, 1, 1, 2, 2], {
      identities: NAMES,
      fingerprint: "x",
    });
    await saveMemoryBank(path, bank);
  }
  const { places: [{ references }] } = await withdraw({ bank: path });
  assertEquals(references, 2);
  using left = await loadMemoryBank(path);
  const { features, labels, identities } = left.toArrays();
  assertEquals([[...features], [...labels], identities], [
    [1, 0, 0, 1, 3, 1, 1, 4],
    [0, 0, 1, 1],
    ["ada", "cyd"],
  ]);
});

/** A run directory as reproduce leaves it, in small. */
async function makeRun(path: string): Promise<void> {
  const set = photographs([0, 1, 2], 2);
  await exportImages(set, `${path}/synthetic`, {
    description: "Nobody",
    manifest: { seed: 1, generator: "a test", run: "run" },
  });
  const manifest = {
    format: "outis-run",
    schema: 1,
    configuration: { seed: 1 },
  };
  await Deno.writeTextFile(`${path}/manifest.json`, JSON.stringify(manifest));
  await Deno.writeTextFile(`${path}/report.html`, "<img>");
  await Deno.mkdir(`${path}/checkpoints`);
  const ones = (shape: number[]) => ({
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b)).fill(1),
  });
  await writeSafetensors(`${path}/checkpoints/cold-start.safetensors`, {
    "weights/y_embedder.embedding_table.weight": ones([4, 2]),
    "optimizer/average/y_embedder.embedding_table.weight": ones([4, 2]),
    "weights/blocks.0.attn.qkv.weight": ones([4, 2]),
  }, { metadata: { training: "the cold start", steps_done: "3" } });
  await writeSafetensors(`${path}/checkpoints/embedder.safetensors`, {
    "weights/head.weight": ones([2, 3]),
    "optimizer/u/head.weight": ones([2, 3]),
    "weights/stem.weight": ones([2, 3]),
  });
}

Deno.test("a run loses the person's images, class rows, classifier columns and pages, and says so", async () => {
  await useBackend("wasm");
  await using folder = await tempFolder();
  const run = `${folder.path}/run`;
  await makeRun(run);
  const { places: [place], retrain } = await withdraw({ run });
  assertEquals([place.label, place.samples.length, place.removed], [1, 2, [
    "report.html",
  ]]);
  assertEquals((await verifyDataset(run)).passed, true);
  assertEquals(
    filesBelow(run).filter((name) =>
      !name.startsWith("synthetic/ada") && !name.startsWith("synthetic/cyd")
    ),
    [
      "checkpoints/cold-start.safetensors",
      "checkpoints/embedder.safetensors",
      "manifest.json",
      "synthetic/manifest.json",
    ],
  );
  const manifest = JSON.parse(await Deno.readTextFile(`${run}/manifest.json`));
  assertEquals(manifest.classes, ["ada", "withdrawn-1", "cyd"]);
  assertEquals(manifest.withdrawn, [{ at: AT, class: 1 }]);
  const { tensors, metadata } = await readSafetensors(
    `${run}/checkpoints/cold-start.safetensors`,
  );
  assertEquals(metadata.steps_done, "3");
  for (const [name, { data }] of Object.entries(tensors)) {
    assertEquals(
      [...data as Float32Array],
      name.includes("qkv") ? Array(8).fill(1) : [1, 1, 0, 0, 1, 1, 1, 1],
    );
  }
  const { tensors: head } = await readSafetensors(
    `${run}/checkpoints/embedder.safetensors`,
  );
  assertEquals([...head["weights/head.weight"].data as Float32Array], [
    1,
    0,
    1,
    1,
    0,
    1,
  ]);
  assertEquals(
    [...head["weights/stem.weight"].data as Float32Array],
    Array(6).fill(1),
  );
  assertEquals(retrain.length, 3); // two checkpoints, and what was trained on the images
  // The next person's class is still where it was.
  const next = await withdrawPerson({
    name: "cyd",
    photographs: auditImageSet(photographs([2], 2)),
    embedders: {},
    run,
    at: AT,
  });
  assertEquals(next.places[0].label, 2);
});

Deno.test("withdrawPerson() audits what is left, and says why where it cannot", async () => {
  await useBackend("wasm");
  await using folder = await tempFolder();
  const dataset = `${folder.path}/set`;
  await exported(dataset, "casia");
  const { audits, absent } = await withdraw({
    dataset,
    embedders: {
      first: colours("a"),
      second: { ...colours("b"), fingerprint: "b" },
    },
    audit: { falseMatchRate: 0.01 },
  });
  assertEquals(audits, []);
  const [reason] = Object.values(absent);
  assert(/pairs|people/.test(reason), reason);
});

for (const layout of ["folder", "webdataset"]) {
  Deno.test(`withdrawPerson() audits what is left of an export as ${layout}, before it is put in place`, async () => {
    await useBackend("wasm");
    await using folder = await tempFolder();
    const SIDE = 16;
    const faces = (firstIdentity: number) =>
      proceduralFaces({
        identities: 20,
        imagesPerIdentity: 3,
        size: SIDE,
        firstIdentity,
      });
    const made = faces(500);
    const dataset = `${folder.path}/set`;
    await exportDataset(
      Array.from(made.labels, (label, i) => ({
        identity: made.identities[label],
        number: i % 3,
        pixels: made.images.slice(
          i * SIDE * SIDE * 3,
          (i + 1) * SIDE * SIDE * 3,
        ),
        height: SIDE,
        width: SIDE,
      })),
      {
        out: dataset,
        layout: layouts[layout](),
        fileType: "png",
        identities: made.identities,
        provenance: { description: "Nobody", generator: "a test" },
        description: { protocol: "Drawn.", licence: "CC0-1.0", chain: [] },
      },
    );
    const means = (name: string, axes: number[]): Embedder => ({
      embed: (images) =>
        tf.tidy(() => tf.reshape(tf.mean(images, axes), [images.shape[0], -1])),
      width: axes.length === 2 ? 3 : 3 * SIDE,
      preprocessing: plainPreprocessing(SIDE, SIDE),
      fingerprint: name,
    });
    const { audits, absent, places } = await withdraw({
      name: made.identities[0],
      photographs: auditImageSet(subsetImages(made, [0])),
      dataset,
      real: auditImageSet(faces(100)),
      control: auditImageSet(faces(200)),
      embedders: {
        colour: means("colour", [1, 2]),
        columns: means("columns", [1]),
      },
      audit: { falseMatchRate: 1e-2 },
    });
    assertEquals(absent, {});
    assert(places[0].samples.length >= 3);
    assertEquals(audits.length, 1);
    // The twenty of the training set, and the person, who is none of them.
    assertEquals(audits[0].counts.real, { images: 61, identities: 21 });
    assertEquals(audits[0].verdicts.map(({ name }) => name), [
      "duplicates",
      "colour",
      "columns",
    ]);
    assertEquals(
      filesBelow(folder.path).every((name) => name.startsWith("set/")),
      true,
    );
    assertEquals((await verifyDataset(dataset)).passed, true);
  });
}

Deno.test("withdrawPerson() refuses what it cannot do in one sentence", async () => {
  await useBackend("wasm");
  await using folder = await tempFolder();
  const { path } = folder;
  await exported(`${path}/set`, "folder");
  await Deno.mkdir(`${path}/empty`);
  const cases: [Partial<WithdrawPersonInput>, string][] = [
    [{}, "'dataset', 'run', 'generator' or 'bank' must be given"],
    [{ dataset: `${path}/none` }, "must be an existing folder"],
    [{ dataset: `${path}/empty` }, "must hold manifest.jsonl"],
    [{ run: `${path}/empty` }, "a run directory with a manifest.json"],
    [{ generator: `${path}/empty` }, "a folder with generator.json"],
    [{
      dataset: `${path}/set`,
      name: "dan",
      photographs: auditImageSet(photographs([1], 1)),
      embedders: {},
    }, "current value is dan, of whom there is nothing"],
    [
      { dataset: `${path}/set`, real: undefined, within: 3.1 },
      "nothing would be left",
    ],
    [{
      dataset: `${path}/set`,
      embedders: {
        broken: {
          ...colours("x"),
          embed: (x) => tf.fill([x.shape[0], 3], NaN),
        },
      },
    }, "must be a finite number"],
  ];
  const before = contents(path);
  for (const [more, part] of cases) {
    await assertRejects(() => withdraw(more), RangeError, part);
  }
  assertEquals(contents(path), before);
});
