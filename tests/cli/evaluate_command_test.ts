import { assert, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { gatherPixels, type ImageSet } from "../../src/data/mod.ts";
import { tf, useBackend } from "../../src/engine/mod.ts";
import { encodePng } from "../../src/io/mod.ts";
import { networkPreset, trainableNetwork } from "../../src/models/mod.ts";
import { saveRecognizer } from "../../src/stages/mod.ts";
import { capturedCommand } from "../support/captured.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { tinyFaces } from "../support/tiny_prior.ts";

/** A backend keeps its threads for the whole process. */
const lasting = { sanitizeResources: false, sanitizeOps: false };
const SIZE = { height: 16, width: 16 };

/** A folder with an untrained recogniser, and a way to write images into it. */
async function workplace(): Promise<
  {
    path: string;
    weights: string;
    write: (set: ImageSet, pathOf: (i: number) => string) => Promise<void>;
  } & AsyncDisposable
> {
  await useBackend("wasm");
  const folder = await tempFolder();
  const network = trainableNetwork(networkPreset("small", SIZE));
  const params = network.init(randomStream(1));
  const weights = `${folder.path}/recognizer.safetensors`;
  await saveRecognizer(weights, { network, params });
  tf.dispose(params);
  return {
    ...folder,
    weights,
    async write(set, pathOf) {
      for (let i = 0; i < set.count; i++) {
        const path = `${folder.path}/${pathOf(i)}`;
        await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), {
          recursive: true,
        });
        const pixels = gatherPixels(set, [i]);
        await Deno.writeFile(path, await encodePng({ pixels, ...SIZE }));
      }
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const faces = tinyFaces(6, 4);
const personOf = (i: number) => faces.identities[faces.labels[i]];
/** Runs `outis evaluate`; returns what it prints, which has to be all well. */
async function evaluated(weights: string, ...args: string[]): Promise<string> {
  const end = await capturedCommand([
    ...["evaluate", "--backend", "wasm", "--weights", weights],
    ...args,
  ]);
  assertEquals(end.code, 0, end.errors.join("\n"));
  return end.output.join("\n");
}

function assertHas(page: string, ...texts: string[]): void {
  for (const text of texts) assert(page.includes(text), `${text}\n${page}`);
}

Deno.test(
  "outis evaluate verifies people of a folder, and looks for them among those trained on",
  lasting,
  async () => {
    await using place = await workplace();
    const { path, weights } = place;
    await place.write(faces, (i) => `people/${personOf(i)}/${i}.png`);
    const page = await evaluated(weights, "--data", `${path}/people`);
    assertHas(
      page,
      "accuracy (%, ± over folds)",
      "No TAR@FAR=",
      "Protocol: verification (",
      "Overlap: not checked. --trained-on DIR names the images trained on.",
    );
    const seen = await evaluated(
      weights,
      ...["--data", `${path}/people`, "--trained-on", `${path}/people`],
    );
    assertHas(seen, `Overlap: 24 test images stand among ${path}/people, as `);
    assertHas(
      await evaluated(
        weights,
        ...["--data", `${path}/people`, "--trained-on", `${path}/people`],
        "--no-overlap",
      ),
      "Overlap: not checked. It was not asked for.",
    );
  },
);

Deno.test(
  "outis evaluate searches where there are queries, with the average precision asked for",
  lasting,
  async () => {
    await using place = await workplace();
    const { path, weights } = place;
    const nameOf = (i: number) =>
      `${String(faces.labels[i] + 1).padStart(4, "0")}_c${i % 4 + 1}s1_${
        String(i).padStart(6, "0")
      }_00.jpg`;
    await place.write(
      faces,
      (i) =>
        `market/${
          i % 4 === 0
            ? "query"
            : i % 4 === 1
            ? "bounding_box_train"
            : "bounding_box_test"
        }/${nameOf(i)}`,
    );
    const args = ["--data", `${path}/market`];
    const page = await evaluated(weights, ...args, "--no-flip", "--re-rank");
    assertHas(
      page,
      "mAP",
      "Rank-1 ",
      "Rank-10",
      "mINP",
      "feature f(x),",
      "reRank {",
    );
    const step = JSON.parse(await evaluated(weights, ...args, "--json"));
    const other = JSON.parse(
      await evaluated(
        weights,
        ...args,
        ...["--json", "--average-precision", "trapezoidal"],
      ),
    );
    assert(step.mAP > 0 && step.mAP <= 1 && other.mAP > 0);
    assertEquals(step.protocol.parameters.averagePrecision, "step");
    assertEquals(other.protocol.parameters.averagePrecision, "trapezoidal");
    assertEquals(step.cmc.length, step.cmc.filter(Number.isFinite).length);
  },
);

Deno.test(
  "outis evaluate compares groups, and two recognisers on them",
  lasting,
  async () => {
    await using place = await workplace();
    const { path, weights } = place;
    const groups = ["African", "Asian", "Caucasian", "Indian"];
    for (const [g, group] of groups.entries()) {
      const set = tinyFaces(4, 4, { seed: 10 + g });
      const names = (i: number) => `m.${set.labels[i]}`;
      await place.write(
        set,
        (i) => `rfw/data/${group}/${names(i)}/${names(i)}_000${i % 4 + 1}.png`,
      );
      const lines = Array.from(
        { length: 20 },
        (_, k) =>
          k % 2 === 0
            ? `m.${k % 4}\t${k % 3 + 1}\t${k % 3 + 2}`
            : `m.${k % 4}\t${k % 4 + 1}\tm.${(k + 1) % 4}\t${k % 3 + 1}`,
      );
      await Deno.mkdir(`${path}/rfw/txts/${group}`, { recursive: true });
      await Deno.writeTextFile(
        `${path}/rfw/txts/${group}/${group}_pairs.txt`,
        lines.join("\n"),
      );
    }
    const page = await evaluated(
      weights,
      ...["--data", `${path}/rfw`, "--against", weights],
    );
    assertHas(
      page,
      "African",
      "standard deviation",
      "change (points)",
      "Protocol: bias of verification (",
      "Protocol (the change): ",
    );
    // The same recogniser twice: nothing changes.
    assert(/^Asian +\d+\.\d\d +[\d.]+ to [\d.]+ +0\.00 /m.test(page), page);
  },
);

Deno.test(
  "outis evaluate compares synthetic with real images",
  lasting,
  async () => {
    await using place = await workplace();
    const { path, weights } = place;
    await place.write(faces, (i) => `real/${personOf(i)}/${i}.png`);
    const made = tinyFaces(6, 4, { seed: 8 });
    await place.write(made, (i) => `made/${personOf(i)}/${i}.png`);
    const args = ["--real", `${path}/real`, "--synthetic", `${path}/made`];
    assertHas(
      await evaluated(weights, ...args),
      "24 synthetic images against 24 real ones",
      "Fréchet distance",
      "kernel distance",
      "coverage",
      "angle within identities, degrees",
      "Protocol: generation (",
    );
    const json = JSON.parse(await evaluated(weights, ...args, "--json"));
    assert(json.frechet.distance > 0 && json.prdc.coverage <= 1);
  },
);

Deno.test(
  "outis evaluate refuses in one sentence what it cannot judge",
  lasting,
  async () => {
    await using place = await workplace();
    const { path, weights } = place;
    await place.write(faces, (i) => `people/${personOf(i)}/${i}.png`);
    const data = ["--data", `${path}/people`];
    const cases: [string[], string][] = [
      [data, "'--weights' must be a file"],
      [["--weights", weights], "there must be '--data'"],
      [["--weights", weights, "--real", path], "'--real' and '--synthetic'"],
      [
        ["--weights", weights, ...data, "--real", path],
        "'--data' must be left out",
      ],
      [["--weights", `${path}/none.safetensors`, ...data], "none.safetensors"],
      [["--weights", weights, "--data", `${path}/none`], "none"],
      [["--weights", weights, ...data, "--protocol", "reid"], "query"],
      [["--weights", weights, ...data, "--protocol", "bias"], "groups"],
      [["--weights", weights, ...data, "--trained-on", `${path}/none`], "none"],
    ];
    for (const [args, sentence] of cases) {
      const end = await capturedCommand([
        "evaluate",
        "--backend",
        "wasm",
        ...args,
      ]);
      const said = end.errors.filter((line) => line.startsWith("Cannot "));
      assertEquals([end.code, said.length], [2, 1], end.errors.join("\n"));
      assert(said[0].includes(sentence), said[0]);
      assertEquals(end.output, []);
    }
  },
);
