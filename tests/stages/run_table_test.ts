import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { openRunDirectory } from "../../src/core/mod.ts";
import { networkPreset } from "../../src/models/mod.ts";
import {
  ablationMethods,
  exportImages,
  runTable,
  type RunTableInput,
  setsJudge,
  type TableCells,
  tableMethods,
  type TableSettings,
  type TableTarget,
} from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { TINY_SIZE, tinyFaces, tinyPrior } from "../support/tiny_prior.ts";

const settings: TableSettings = {
  seeds: [0, 1],
  methods: tableMethods(2),
  coldStart: {
    steps: 2,
    rate: 1e-3,
    trainable: "all",
    decoderSteps: 1,
    batchSize: 8,
  },
  sampling: { samplingSteps: 3, guidance: 1 },
  reinforce: {
    objective: "policy",
    steps: 2,
    identities: 2,
    samples: 3,
    rate: 1e-3,
    trainable: "labelEmbedding+adaLN",
    klWeight: 0.01,
    policy: { baseline: "identity", timeWeights: "deviation" },
    direct: { lastSteps: 1 },
  },
  generate: { imagesPerIdentity: 2, samplingSteps: 3 },
  embedder: { steps: 2, batchSize: 8, rate: 0.05 },
  recognizer: {
    network: networkPreset("small", { height: TINY_SIZE, width: TINY_SIZE }),
    recipe: "faces",
    steps: 3,
    batchSize: 8,
    candidates: 8,
    rate: 0.05,
  },
  resize: false,
};

const train = tinyFaces(4, 4);
const strangers = tinyFaces(6, 4, { seed: 9 });
const target: TableTarget = {
  source: "a test's people",
  key: "a test's people",
  judge: setsJudge({ strangers }, { source: "its strangers" }),
  train: () => Promise.resolve(train),
};

type Session = Partial<RunTableInput> & Pick<RunTableInput, "prior">;

/** One session of a table, seed by seed: gone on with where it was begun. */
async function session(path: string, input: Session): Promise<TableCells> {
  const { seeds } = input.settings ?? settings;
  const all: TableCells = { cells: [], absent: {} };
  for (const seed of seeds) {
    const place = `${path}/seed-${seed}`;
    const resume = await Deno.stat(`${place}/manifest.json`).then(
      () => true,
      () => false,
    );
    using run = await openRunDirectory(place, {
      manifest: { configuration: { seed } },
      resume,
      now: () => 0,
    });
    const found = await runTable({ target, settings, run, seed, ...input });
    all.cells.push(...found.cells);
    all.absent = found.absent;
  }
  return all;
}

testOnBackends(
  "a table has a cell for every method and seed, each with its protocol and overlap",
  async () => {
    await using folder = await tempFolder();
    const prior = await tinyPrior();
    const { cells, absent } = await session(`${folder.path}/run`, { prior });
    prior.dispose();
    const files = filesBelow(`${folder.path}/run`);
    assertEquals(absent, {});
    assertEquals(
      cells.map(({ seed, method }) => `${seed} ${method}`),
      [0, 1].flatMap((seed) =>
        tableMethods(2).map(({ name }) => `${seed} ${name}`)
      ),
    );
    for (const { values, protocols, overlap, how, recognizer } of cells) {
      assertEquals(Object.keys(values), ["strangers", "average of 1"]);
      assert(values.strangers >= 0 && values.strangers <= 100);
      assertEquals(protocols.strangers.counts.images, 24);
      assert(overlap!.every(({ affected }) => affected === 0));
      assert(how.startsWith("16 real images of 4 identities"));
      assert(files.some((name) => name.endsWith(`/${recognizer}`)));
    }
    assertEquals(
      cells[5].overlap!.map(({ name }) => name),
      ["the real images", "the synthetic images"],
    );
    // Seeds decide something.
    const scoresOf = (wanted: number) =>
      cells.filter(({ seed }) => seed === wanted)
        .map(({ values }) => values.strangers);
    assert(String(scoresOf(0)) !== String(scoresOf(1)));
    // The recognisers stay, what was needed to go on with their training does not.
    assert(!files.some((name) => name.includes("checkpoint")), `${files}`);
    // Two rows each are of the same images.
    const [base, selected, all, ours] = cells.slice(2);
    assertEquals(base.images, selected.images);
    assertEquals(all.images, ours.images);
    assertEquals(
      files.filter((name) =>
        name.startsWith(`seed-0/${base.images}/`) && name.endsWith(".png")
      ).length,
      8,
    );
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "a table that is stopped in every part and taken up again comes to the same numbers, and does no cell twice",
  async () => {
    await using folder = await tempFolder();
    const prior = await tinyPrior();
    const whole = await session(`${folder.path}/whole`, { prior });
    const done = new Set<string>();
    for (
      const stop of [
        "seed 0, Real only",
        "seed 0, cold start, denoiser",
        "seed 0, generate, Base DiT",
        "seed 0, embedder",
        "seed 0, reinforce, Ours without selection",
        "seed 1, Base DiT",
      ]
    ) {
      const controller = new AbortController();
      await assertRejects(
        () =>
          session(`${folder.path}/parts`, {
            prior,
            signal: controller.signal,
            onStep: (part, at, total) => {
              assert(!done.has(part), `${part} was finished`);
              if (part === stop) controller.abort(new Error(`stop: ${part}`));
              else if (at === total && /(only|Erasing)$/.test(part)) {
                done.add(part);
              }
            },
          }),
        Error,
        `stop: ${stop}`,
      );
    }
    assertEquals(await session(`${folder.path}/parts`, { prior }), whole);
    // A finished table needs neither prior nor training.
    const again = await session(`${folder.path}/parts`, {
      prior,
      onStep: (part) => assert(false, part),
    });
    assertEquals(again, whole);
    prior.dispose();
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "rows without a prior, or with one of another size, are absent with the reason, never 0",
  async () => {
    await using folder = await tempFolder();
    const short = { ...settings, seeds: [0] };
    const none = await session(`${folder.path}/none`, {
      prior: "No prior was given.",
      settings: short,
    });
    assertEquals(
      none.absent,
      Object.fromEntries(
        tableMethods(2).slice(2).map((
          { name },
        ) => [name, "No prior was given."]),
      ),
    );
    assertEquals(none.cells.map(({ method }) => method), [
      "Real only",
      "Random Erasing",
    ]);

    const prior = await tinyPrior();
    const network = networkPreset("small", { height: 32, width: 32 });
    const larger = {
      ...short,
      methods: settings.methods.slice(2, 3),
      recognizer: { ...settings.recognizer, network },
    };
    const faces = (size: number) => tinyFaces(4, 4, { size });
    const sized: TableTarget = {
      ...target,
      train: ({ height }) => Promise.resolve(faces(height)),
      judge: setsJudge({ strangers: tinyFaces(6, 4, { seed: 9, size: 32 }) }, {
        source: "",
      }),
    };
    const input = { prior, target: sized };
    const other = await session(`${folder.path}/other`, {
      ...input,
      settings: larger,
    });
    assertEquals(other.cells, []);
    assertStringIncludes(
      other.absent["Base DiT"],
      "the generator makes images of 16 x 16, the recogniser takes 32 x 32",
    );
    const resized = await session(`${folder.path}/resized`, {
      ...input,
      settings: { ...larger, resize: true },
    });
    prior.dispose();
    assertEquals([resized.cells.length, resized.absent], [1, {}]);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "folders of synthetic images are rows, trained on with the real ones, as further classes, or alone",
  async () => {
    await using folder = await tempFolder();
    const write = async (name: string, names: string[]) => {
      const images = tinyFaces(names.length, 2, { names, seed: 5 });
      const paths = images.paths.map((_, i) => `${names[i >> 1]}/${i}.png`);
      const place = `${folder.path}/${name}`;
      await exportImages({ ...images, paths }, place, {
        description: "A test's image",
        manifest: {},
      });
      return { folder: place };
    };
    // In another order than the real ones, and without one of them.
    const known = await write(
      "known",
      [2, 0, 1].map((i) => train.identities[i]),
    );
    const fresh = await write("fresh", ["x", "y", "z"]);
    const mixed = await write("mixed", ["x", train.identities[0]]);
    const run = (methods: TableSettings["methods"], name: string) =>
      session(`${folder.path}/${name}`, {
        prior: "",
        settings: { ...settings, seeds: [0], methods },
      });
    const { cells } = await run([
      { name: "Known", synthetic: known, selection: "lookahead" },
      { name: "Fresh", synthetic: fresh },
      { name: "Alone", synthetic: fresh, training: "synthetic" },
    ], "rows");
    assertEquals(cells.map(({ how }) => how), [
      "16 real images of 4 identities and 6 synthetic ones of 3 of them",
      "16 real images of 4 identities and 6 synthetic ones of 3 new identities, which are classes of their own",
      "6 synthetic images of 3 identities alone",
    ]);
    assertEquals(
      cells.map(({ overlap }) => overlap!.map(({ name }) => name)),
      [
        ["the real images", "the synthetic images"],
        ["the real images", "the synthetic images"],
        ["the synthetic images"],
      ],
    );
    await assertRejects(
      () => run([{ name: "Mixed", synthetic: mixed }], "mixed-run"),
      RangeError,
      "must be of the real identities or of new ones",
    );
    await assertRejects(
      () =>
        run([
          { name: "Fresh", synthetic: fresh, selection: "lookahead" },
        ], "chosen-run"),
      RangeError,
      "must have synthetic images of the real identities to select from",
    );
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "overlap is found before anything is scored, and can be left out by name",
  async () => {
    await using folder = await tempFolder();
    const seen: TableTarget = {
      ...target,
      judge: setsJudge({ seen: train }, { source: "" }),
    };
    const one = {
      target: seen,
      prior: "",
      settings: { ...settings, seeds: [0], methods: [{ name: "Real only" }] },
    };
    const parts: string[] = [];
    const { cells } = await session(`${folder.path}/seen`, {
      ...one,
      onStep: (part) => void parts.push(part),
    });
    assertEquals(parts[0], "seed 0, Real only, overlap");
    assertEquals(cells[0].overlap![0].affected, 16);
    const without = await session(`${folder.path}/without`, {
      ...one,
      overlap: false,
    });
    assertEquals("overlap" in without.cells[0], false);
    assertEquals(without.cells[0].values, cells[0].values);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "tables share what is decided by the same recipe, under whatever name, and nothing else",
  async () => {
    await using folder = await tempFolder();
    const prior = await tinyPrior();
    const path = `${folder.path}/shared`;
    const short = { ...settings, seeds: [0] };
    const [first] = (await session(path, {
      prior,
      settings: { ...short, methods: settings.methods.slice(5, 6) },
    })).cells;
    const again = async (changed: Partial<TableSettings>) => {
      const parts = new Set<string>();
      const { cells } = await session(path, {
        prior,
        settings: { ...short, methods: ablationMethods().slice(4), ...changed },
        onStep: (part) => void parts.add(part.replace("seed 0, ", "")),
      });
      return { cell: cells[0], parts: [...parts] };
    };
    // The whole method, under its name in the ablation: nothing is left to do.
    const same = await again({});
    assertEquals(same.parts, []);
    assertEquals(same.cell, { ...first, method: "+ expression" });
    // The other objective's numbers decide nothing.
    const direct = { lastSteps: 2 };
    assertEquals(
      (await again({ reinforce: { ...settings.reinforce, direct } })).parts,
      [],
    );
    // Other recognisers are trained on the same images; they are by other generators of the same cold start.
    assertEquals(
      (await again({ recognizer: { ...settings.recognizer, steps: 2 } })).parts,
      ["+ expression, overlap", "+ expression"],
    );
    const { parts } = await again({
      reinforce: { ...settings.reinforce, rate: 2e-3 },
    });
    assert(parts.includes("reinforce, + expression"));
    assert(!parts.some((part) => part.startsWith("cold start")), `${parts}`);
    // Others are judged anew.
    const others = await session(path, {
      prior,
      settings: { ...short, methods: settings.methods.slice(0, 1) },
      target: { ...target, key: "others" },
      onStep: (part) => void parts.push(part),
    });
    assert(parts.includes("seed 0, Real only"));
    assertEquals(others.cells.length, 1);
    prior.dispose();
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "a row's recogniser may be another, and its time is told where there is a clock",
  async () => {
    await using folder = await tempFolder();
    const network = networkPreset("resnet-small", {
      height: TINY_SIZE,
      width: TINY_SIZE,
    });
    let clock = 0;
    const { cells } = await session(`${folder.path}/run`, {
      prior: "",
      settings: {
        ...settings,
        seeds: [0],
        methods: [{ name: "small" }, {
          name: "resnet",
          recognizer: { network, steps: 1 },
        }],
      },
      now: () => clock += 500,
    });
    assertEquals(cells.map(({ seconds }) => seconds), [0.5, 0.5]);
    assert(cells[0].recognizer !== cells[1].recognizer);
  },
  { backends: ["wasm"] },
);

Deno.test("runTable() refuses a table without methods", async () => {
  await using folder = await tempFolder();
  await assertRejects(
    () =>
      session(`${folder.path}/none`, {
        prior: "",
        settings: { ...settings, methods: [] },
      }),
    RangeError,
    "'methods'",
  );
});
