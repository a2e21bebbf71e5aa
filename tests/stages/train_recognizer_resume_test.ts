import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Params } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { trainableNetwork } from "../../src/models/mod.ts";
import { adam } from "../../src/optim/mod.ts";
import {
  trainRecognizer,
  type TrainRecognizerOptions,
} from "../../src/stages/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { NETWORK_SIZE, tinyNetworks } from "./tiny_networks.ts";

const faces = { identities: 5, imagesPerIdentity: 3, size: NETWORK_SIZE };
const real = proceduralFaces(faces);
const synthetic = proceduralFaces({ ...faces, seed: 1 });

type Case = [
  string,
  keyof typeof tinyNetworks,
  Omit<TrainRecognizerOptions, "steps">,
];

// Between them all that a state may hold: momentum, Adam's moments, running statistics, averages, norms, best weights.
const cases: Case[] = [
  [
    "a ResNet with BNNeck, Adam, P x K, triplet, lookahead and average",
    "resnet",
    {
      sampler: { identities: 3, images: 2 },
      loss: {
        classification: "crossEntropy",
        smoothing: 0.1,
        triplet: { margin: 0.3 },
      },
      optimizer: adam({ weightDecay: 5e-4, decay: "coupled" }),
      rate: 3e-3,
      schedule: { shape: "step", milestones: [0.5], warmup: 1 },
      average: 0.9,
      synthetic,
      candidates: 6,
      selection: "lookahead",
    },
  ],
  [
    "an IResNet with AdaFace, momentum and a ramp of synthetic images",
    "iresnet",
    {
      batchSize: 6,
      loss: { classification: "adaFace", normMomentum: 0.3 },
      rate: 0.05,
      erase: 0.5,
      synthetic,
      mixing: { from: 0, to: 1 },
    },
  ],
  ["a vision transformer with ArcFace and the best of validation", "vit", {
    batchSize: 6,
    loss: { classification: "arcFace", triplet: { margin: "soft", weight: 2 } },
    validation: { identities: 2, every: 1, keep: "best" },
  }],
];

function bits({ params, head }: { params: Params; head: Params }): string {
  const all: Params = { ...params, ...head };
  const text = Object.keys(all).sort()
    .map((name) => `${name} ${all[name].dataSync().join()}`).join("\n");
  tf.dispose(all);
  return text;
}

for (const [name, kind, options] of cases) {
  testOnBackends(
    `a training stopped after any step goes on to the same bits: ${name}`,
    async () => {
      await using folder = await tempFolder();
      const steps = 4;
      const train = (more: Partial<TrainRecognizerOptions>) =>
        trainRecognizer(trainableNetwork(tinyNetworks[kind]), real, {
          ...options,
          steps,
          ...more,
        });
      const scores: (number | undefined)[] = [];
      const whole = bits(
        await train({
          onStep: (_done, _all, { score }) => void scores.push(score),
        }),
      );
      if (options.validation) assert(scores.every((score) => score! > 0));
      for (const stop of options.synthetic ? [1, 3] : [2]) {
        const checkpoint = `${folder.path}/${stop}.safetensors`;
        const controller = new AbortController();
        await assertRejects(
          () =>
            train({
              checkpoint,
              signal: controller.signal,
              onStep: (done) => {
                if (done === stop) controller.abort(new Error("enough"));
              },
            }),
          Error,
          "enough",
        );
        const told: number[] = [];
        const resumed = await train({
          checkpoint,
          onStep: (done) => void told.push(done),
        });
        assertEquals(told[0], stop + 1);
        assert(bits(resumed) === whole, `other bits after step ${stop}`);
      }
    },
    { backends: ["tensorflow"] },
  );
}

testOnBackends(
  "a virtual step that keeps no candidate leaves weights and running statistics as training on real images alone does",
  async () => {
    for (const kind of ["resnet", "iresnet"] as const) {
      const network = trainableNetwork(tinyNetworks[kind]);
      const options = {
        steps: 2,
        batchSize: 6,
        loss: { classification: "adaFace" },
      } as const;
      const alone = bits(await trainRecognizer(network, real, options));
      assert(alone.includes("running_mean"));
      const ahead = { synthetic, candidates: 6, keepFraction: 0 };
      const none = await trainRecognizer(network, real, {
        ...options,
        ...ahead,
        selection: "lookahead",
      });
      assert(bits(none) === alone, `${kind} has other bits`);
    }
  },
  { backends: ["tensorflow"] },
);
