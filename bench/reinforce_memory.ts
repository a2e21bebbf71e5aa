/**
 * The most memory an iteration of the policy gradient takes: `deno run -A bench/reinforce_memory.ts <denoising steps>`, one process
 * each, since a process does not give back what it once had.
 */
import { randomStream } from "../src/core/mod.ts";
import { tf, useBackend } from "../src/engine/mod.ts";
import {
  buildMemoryBank,
  loadGenerator,
  makeSampler,
  priorUrl,
} from "../src/stages/mod.ts";
import { policyGradient } from "../src/stages/policy_gradient.ts";
import { tunedWeights } from "../src/stages/tuned_weights.ts";
import { recognizerEmbedder } from "../src/stages/mod.ts";
import { loadAuditor } from "../src/stages/mod.ts";
import { proceduralFaces } from "../src/world/mod.ts";

const [IDENTITIES, SAMPLES] = [4, 16];

/** Peak of the resident set, MiB. */
function peak(): number {
  const status = Deno.readTextFileSync("/proc/self/status");
  return Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024;
}

await useBackend("tensorflow", { threads: 2 });
const samplingSteps = Number(Deno.args[0] ?? 10);
const generator = await loadGenerator(priorUrl());
const auditor = (await loadAuditor(priorUrl()))!;
const embedder = await recognizerEmbedder(auditor.model, auditor.params);
const bank = buildMemoryBank(
  embedder,
  proceduralFaces({ identities: IDENTITIES, imagesPerIdentity: 2, size: 64 }),
);
const sampler = makeSampler(generator, { samplingSteps });
const random = randomStream(1);
const { frozen, start: weights, merge } = tunedWeights(
  generator.params.dit,
  "labelEmbedding+adaLN",
  random,
);
const keys = Array.from({ length: IDENTITIES * SAMPLES }, (_, i) => ({
  label: Math.floor(i / SAMPLES),
  random: random.fork(i),
}));
const objective = policyGradient({ generator, sampler, merge }, {
  bank,
  embedder,
  steps: 1,
  samples: SAMPLES,
});
const before = peak();
tf.tidy(() => {
  const batch = objective.draw({
    frozen,
    weights,
    cold: weights,
    keys,
    random,
  });
  batch.gradients(weights);
});
console.log(JSON.stringify({
  samplingSteps,
  samples: keys.length,
  beforeMiB: Math.round(before),
  peakMiB: Math.round(peak()),
}));
