import { assert, assertEquals, assertRejects } from "@std/assert";
import { openRunDirectory } from "../../src/core/mod.ts";
import { useBackend } from "../../src/engine/mod.ts";
import { privacyStudies } from "../../src/cli/privacy_study_presets.ts";
import {
  type PrivacyStudySettings,
  studyPrivacy,
} from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
import {
  tinyEmbedder,
  tinyFaces,
  tinyGenerator,
} from "../support/tiny_prior.ts";

const { tiny } = privacyStudies;
const settings: PrivacyStudySettings = {
  ...tiny,
  seeds: [3],
  embedder: { steps: 1 },
  coldStart: { ...tiny.coldStart, steps: 1, batchSize: 4 },
  private: { ...tiny.private, steps: 1, batchSize: 4 },
  sampling: { samplingSteps: 2, guidance: 1 },
  reinforce: { ...tiny.reinforce, identities: 2, samples: 3 },
  recognizer: { ...tiny.recognizer, steps: 1, batchSize: 4 },
  falseMatchRate: 1e-2,
  curves: { ...tiny.curves, distances: [0] },
};

testOnBackends(
  "a study measures every set of every curve, and takes up what was stopped",
  async (backend) => {
    await using folder = await tempFolder();
    await useBackend(backend);
    const prior = tinyGenerator();
    using owned = new DisposableStack();
    const [one, two, three, four] = [
      owned.use(await tinyEmbedder(11)),
      owned.use(await tinyEmbedder(12)),
      owned.use(await tinyEmbedder(13)),
      owned.use(await tinyEmbedder(14)),
    ];
    const judges = { gate: { one, two }, measuring: { three, four } };
    const images = tinyFaces(12, 4);
    const study = async (stop?: string) => {
      const controller = new AbortController();
      const path = `${folder.path}/run`;
      using run = await openRunDirectory(path, {
        manifest: { configuration: {} },
        resume: await Deno.stat(path).then(() => true, () => false),
        now: () => 0,
      });
      const parts: string[] = [];
      const points = await studyPrivacy({
        images,
        prior,
        judges,
        settings,
        run,
        signal: controller.signal,
        onStep: (part) => {
          parts.push(part);
          if (part === stop) controller.abort(new Error("enough"));
        },
      });
      return { points, parts };
    };
    await assertRejects(
      () => study("seed 3, rewards 1 : 0 : 0"),
      Error,
      "enough",
    );
    const { points, parts } = await study();
    assertEquals(
      points.map(({ curve, setting }) => `${curve}: ${setting}`),
      [
        "photographs: the training set itself",
        "cold start: nothing dropped",
        "drop threshold: FMR 0.01",
        "reward weights: 1 : 0 : 0",
        "Langevin radius: nobody kept away from",
        "private cold start: epsilon = 8",
      ],
    );
    // What was measured before is not measured again.
    assert(!parts.some((part) => part.includes("photographs")));
    assert(parts.includes("seed 3, epsilon 8"));
    const [photographs, ...sets] = points;
    assertEquals(photographs.leakRate, undefined);
    for (const { leakRate, images, made, passed } of sets) {
      assert(leakRate! >= 0 && leakRate! <= 1 && images <= made);
      assertEquals(typeof passed, "boolean");
    }
    for (const { accuracy } of points.filter(({ images }) => images > 8)) {
      assert(accuracy! > 0.2 && accuracy! <= 1);
    }
    // Read from the run, all of it is the same.
    const again = await study();
    assertEquals(again.points, points);
    prior.dispose();
  },
  { backends: ["tensorflow"] },
);
