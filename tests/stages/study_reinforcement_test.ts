import { assert, assertEquals, assertRejects } from "@std/assert";
import { openRunDirectory } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { recognizer, smallRecognizer } from "../../src/models/mod.ts";
import {
  type StudyCurve,
  studyReinforcement,
  type StudySettings,
} from "../../src/stages/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { studies } from "../../src/cli/study_presets.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { TINY_SIZE, tinyFaces, tinyPrior } from "../support/tiny_prior.ts";

const { tiny } = studies;
const settings: StudySettings = {
  ...tiny,
  data: { testFraction: 1 / 3, trainCount: 4 },
  embedder: { steps: 2 },
  coldStart: { ...tiny.coldStart, steps: 2, decoderSteps: 1, batchSize: 4 },
  sampling: { samplingSteps: 3, guidance: 1 },
  reinforce: { ...tiny.reinforce, steps: 2, identities: 2, samples: 3 },
  measure: { samples: 2, every: 1 },
  recognizer: { ...tiny.recognizer, batchSize: 8 },
  seeds: [0, 1],
  arms: tiny.arms,
};

testOnBackends(
  "a study measures every arm in every seed, and takes up what was stopped",
  async () => {
    await using folder = await tempFolder();
    const prior = await tinyPrior();
    const model = recognizer(smallRecognizer({
      height: TINY_SIZE,
      width: TINY_SIZE,
      widths: [8, 8, 8, 32],
      features: 8,
    }));
    const auditor = { model, params: model.init(randomStream(1)), head: {} };
    const images = tinyFaces(6, 6);
    const study = async (name: string, stop?: string) => {
      const controller = new AbortController();
      const path = `${folder.path}/${name}`;
      using run = await openRunDirectory(path, {
        manifest: { configuration: {} },
        resume: await Deno.stat(path).then(() => true, () => false),
        now: () => 0,
      });
      let time = 0;
      return await studyReinforcement({
        images,
        prior,
        // deno-lint-ignore no-explicit-any -- its head is for training alone
        auditor: auditor as any,
        settings,
        run,
        now: () => time += 1000,
        signal: controller.signal,
        onStep: (part) => {
          if (part === stop) controller.abort(new Error(`stop: ${part}`));
        },
      });
    };
    const whole = await study("whole");
    assertEquals(
      whole.map(({ seed, arm }) => `${seed} ${arm}`),
      [
        "0 policy, fixed weights",
        "0 policy, adaptive weights",
        "0 direct gradient",
        "1 policy, fixed weights",
        "1 policy, adaptive weights",
        "1 direct gradient",
        "0 policy, as printed",
      ],
    );
    for (const { points, training, done } of whole) {
      assert(done);
      assertEquals(points.slice(0, 3).map(({ step }) => step), [0, 1, 2]);
      assertEquals(training.length, points.length - 1);
      assertEquals(Object.keys(points[0].rewards).sort(), [
        "auditor",
        "coverage",
        "expressive",
        "semantic",
      ]);
      assertEquals(points[0].rewards.semantic.length, 4);
    }
    // All arms of a seed start from one cold start; seeds do not.
    const starts = whole.map(({ points }) =>
      String(points[0].rewards.semantic)
    );
    assertEquals(new Set(starts).size, 2);
    const ends = whole.map(({ points }) =>
      String(points.at(-1)!.rewards.semantic)
    );
    assertEquals(new Set(ends).size, whole.length);

    for (
      const stop of ["seed 0, policy, adaptive weights", "seed 1, embedder"]
    ) {
      await assertRejects(() => study("parts", stop), Error, `stop: ${stop}`);
    }
    const rewardsOf = (curves: StudyCurve[]) =>
      curves.map(({ points }) =>
        points.slice(0, 3).map(({ rewards }) => rewards)
      );
    assertEquals(rewardsOf(await study("parts")), rewardsOf(whole));
    tf.dispose(auditor.params);
    prior.dispose();
  },
  { backends: ["wasm"] },
);
