/**
 * `outis pretrain`: trains the prior anew.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { tf } from "../engine/mod.ts";
import {
  pretrain,
  trainAuditor,
  type WorldName,
  WORLDS,
} from "../stages/mod.ts";
import { isThere } from "../core/mod.ts";
import { type Command, defineCommand } from "./command.ts";
import { openRun } from "./open_run.ts";
import { PRETRAIN_USUAL, pretrainPlan } from "./pretrain_plan.ts";
import { engineOptions } from "./setup_command.ts";
import { trainingRecords } from "./training_records.ts";
import { type MadePrior, writePriors } from "./write_priors.ts";

const table = {
  out: { value: "DIR", help: "where it is written (default data/prior)" },
  world: {
    value: "NAME",
    choices: WORLDS,
    help: "only this one's prior (default: faces and pedestrians)",
  },
  seed: { value: "N", least: 0, help: "seed of everything (default 0)" },
  identities: {
    value: "N",
    least: 2,
    help: "procedural persons of each world",
  },
  images: { value: "N", least: 1, help: "pictures of each" },
  "autoencoder-steps": { value: "N", least: 1, help: "training steps" },
  "critic-steps": { value: "N", least: 1, help: "training steps of each" },
  "decoder-steps": {
    value: "N",
    least: 0,
    help: "training steps with the critics; 0 leaves them out",
  },
  "denoiser-steps": { value: "N", least: 1, help: "training steps" },
  "auditor-steps": { value: "N", least: 1, help: "training steps" },
  checkpoints: {
    value: "DIR",
    help: "where it is kept, and resumed if there (default runs/pretrain)",
  },
  ...engineOptions,
} as const;

/** Runs `outis pretrain`. */
export const pretrainCommand: Command = defineCommand({
  name: "pretrain",
  task: "pretrain",
  group: "Make synthetic people",
  summary: "Train the prior that is shipped in data/prior, from seeds",
  about:
    "The prior is what every run starts from: an autoencoder and a diffusion transformer for each procedural world, and an auditor beside them that no reward has seen. They are shipped; this makes them anew, or larger ones, from nothing but seeds. It takes hours and goes on where it was stopped.",
  examples: [
    { args: "--dry-run", does: "how long it would take here" },
    {
      args: "--world faces --denoiser-steps 20000 --out priors/long",
      does: "the faces' prior, trained longer",
    },
  ],
  options: table,
  plans: true,
  stopped: "Stopped. The same command goes on from here.",
  async run(call) {
    const { options, signal, display } = call;
    const { out = "data/prior", checkpoints = "runs/pretrain" } = options;
    const { seed } = options;
    const worlds = options.world === undefined
      ? WORLDS
      : [options.world as WorldName];
    const sizes = {
      identities: options.identities,
      imagesPerIdentity: options.images,
      autoencoderSteps: options["autoencoder-steps"],
      criticSteps: options["critic-steps"],
      decoderSteps: options["decoder-steps"],
      denoiserSteps: options["denoiser-steps"],
    };
    const steps = options["auditor-steps"];
    const engine = await call.engine();
    await call.announce({
      ...pretrainPlan({
        worlds,
        ...sizes,
        auditorSteps: steps,
      }),
      out: checkpoints,
      resumed: await isThere(`${checkpoints}/manifest.json`),
    });
    // Checkpoints of another seed or size are refused, not gone on with.
    using run = await openRun(checkpoints, {
      configuration: {
        worlds: [...worlds],
        ...sizes,
        seed,
        auditorSteps: steps,
      },
      engine,
    });
    const trainings = trainingRecords();
    const loop = {
      seed,
      checkpointEvery: 100,
      signal,
      onStep: (...told: Parameters<typeof display.step>) => {
        trainings.take(...told);
        return display.step(...told);
      },
    };
    const generators = await pretrain({
      worlds,
      ...sizes,
      ...loop,
      checkpoints: run.path,
    });
    const made: MadePrior[] = [];
    for (const [i, world] of worlds.entries()) {
      const auditor = await trainAuditor({
        world,
        steps,
        ...loop,
        onStep: (part, ...told) => loop.onStep(`${world}, ${part}`, ...told),
        checkpoint: run.file(`auditor-${world}.safetensors`),
      });
      tf.dispose(auditor.head);
      made.push({ world, generator: generators[i], auditor });
    }
    const { identities, imagesPerIdentity } = PRETRAIN_USUAL;
    const people = options.identities ?? identities;
    const pictures = options.images ?? imagesPerIdentity;
    await writePriors(out, made, {
      command: "deno task pretrain",
      seed,
      machine:
        `${availableParallelism()} cores with ${engine.name} ${engine.version}`,
      images:
        `${people} procedural people of each world with ${pictures} pictures each, and dead leaves for the autoencoder.`,
      trainings: trainings.list(),
      signal,
      onStep: (part, done, total) => display.step(part, done, total, {}),
    });
    await run.finish();
    for (const { generator, auditor } of made) {
      generator.dispose();
      tf.dispose(auditor.params);
    }
    return { text: out, json: { out, worlds, run: checkpoints } };
  },
});
