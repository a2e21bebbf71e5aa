import { assert, assertEquals, assertRejects } from "@std/assert";
import { openRunDirectory, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { decodeImage } from "../../src/io/mod.ts";
import { recognizer, smallRecognizer } from "../../src/models/mod.ts";
import {
  type IdentityStudySettings,
  studyIdentities,
} from "../../src/stages/mod.ts";
import { identityStudies } from "../../src/cli/identity_study_presets.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { TINY_SIZE, tinyGenerator } from "../support/tiny_prior.ts";

const settings: IdentityStudySettings = {
  ...identityStudies.tiny,
  seeds: [0, 1],
  arms: identityStudies.tiny.arms.filter(({ name }) =>
    ["random + none", "random + noise", "langevin + disco"].includes(name)
  ),
  identities: 2,
  samplingSteps: 1,
  recognizer: { steps: 1, batchSize: 4, rate: 0.05 },
  test: { identities: 5, imagesPerIdentity: 3 },
};

testOnBackends(
  "studyIdentities() measures every arm in every seed, and takes up what was stopped",
  async () => {
    await using folder = await tempFolder();
    const prior = tinyGenerator();
    const model = recognizer(smallRecognizer({
      height: TINY_SIZE,
      width: TINY_SIZE,
      widths: [8, 8, 8, 32],
      features: 8,
    }));
    const auditor = { model, params: model.init(randomStream(1)) };
    const study = async (name: string, stop?: string) => {
      const controller = new AbortController();
      const path = `${folder.path}/${name}`;
      using run = await openRunDirectory(path, {
        manifest: { configuration: {} },
        resume: await Deno.stat(path).then(() => true, () => false),
        now: () => 0,
      });
      const parts = new Set<string>();
      const results = await studyIdentities({
        prior,
        auditor,
        settings,
        run,
        now: () => 0,
        signal: controller.signal,
        onStep: (part) => {
          parts.add(part);
          if (part === stop) controller.abort(new Error("enough"));
        },
      });
      return { results, parts };
    };
    const whole = await study("whole");
    assertEquals(
      whole.results.map(({ arm, seed }) => `${seed} ${arm}`),
      [0, 1].flatMap((seed) =>
        settings.arms.map(({ name }) => `${seed} ${name}`)
      ),
    );
    for (const [i, one] of whole.results.entries()) {
      const { variations } = settings.arms[i % settings.arms.length];
      assertEquals(one.identities, 2);
      assertEquals(one.images, variations === "none" ? 2 : 6);
      assert(one.accuracy >= 0 && one.accuracy <= 1 && one.auc <= 1);
      assertEquals(one.within !== undefined, variations !== "none");
      assert(one.between > 0);
    }
    // Arms of a seed have the same references: row by row, the first picture.
    const first = async (arm: string) => {
      const path = `${folder.path}/whole/seed-0/${arm}.png`;
      const { pixels, width } = await decodeImage(path);
      return Array.from(
        { length: 2 * TINY_SIZE },
        (_, y) => pixels.slice(y * width * 3, (y * width + TINY_SIZE) * 3),
      );
    };
    assertEquals(await first("random-noise"), await first("random-none"));

    await assertRejects(
      () => study("parted", "seed 1, langevin + disco, recogniser"),
      Error,
      "enough",
    );
    const rest = await study("parted");
    assertEquals(rest.results, whole.results);
    assert(![...rest.parts].some((part) => part.startsWith("seed 0")));

    tf.dispose(auditor.params);
    prior.dispose();
  },
  // Training many small networks is mostly tracing there.
  { backends: ["wasm"] },
);
