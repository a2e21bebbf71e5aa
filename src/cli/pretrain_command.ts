/**
 * `outis pretrain`: trains the prior anew.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import {
  pretrain,
  saveAuditor,
  saveGenerator,
  trainAuditor,
} from "../stages/mod.ts";
import type { Command } from "./main.ts";
import { helpText, parseOptions } from "./options.ts";
import { openRun } from "./open_run.ts";
import { partProgress } from "./part_progress.ts";
import { engineOptions } from "./setup_command.ts";
import { startEngine } from "./start_engine.ts";

const summary = "Train the prior that is shipped in data/prior, from seeds";

const table = {
  out: { value: "DIR", help: "where it is written (default data/prior)" },
  seed: { value: "N", least: 0, help: "seed of everything (default 0)" },
  identities: { value: "N", least: 2, help: "procedural persons" },
  images: { value: "N", least: 1, help: "pictures of each" },
  "autoencoder-steps": { value: "N", least: 1, help: "training steps" },
  "denoiser-steps": { value: "N", least: 1, help: "training steps" },
  "auditor-steps": { value: "N", least: 1, help: "training steps" },
  checkpoints: {
    value: "DIR",
    help: "where it is kept, and resumed if there (default runs/pretrain)",
  },
  ...engineOptions,
} as const;

/** Runs `outis pretrain`. */
export const pretrainCommand: Command = {
  summary,
  async run(args, signal) {
    const options = parseOptions(args, table);
    if (options.help) {
      console.log(helpText("deno task pretrain [options]", summary, table));
      return 0;
    }
    const { out = "data/prior", checkpoints = "runs/pretrain" } = options;
    const say = (line: string) => console.error(line);
    const { seed } = options;
    const sizes = {
      identities: options.identities,
      imagesPerIdentity: options.images,
      autoencoderSteps: options["autoencoder-steps"],
      denoiserSteps: options["denoiser-steps"],
    };
    const steps = options["auditor-steps"];
    const engine = await startEngine({ ...options, signal, onLine: say });
    // Checkpoints of another seed or size are refused, not gone on with.
    using run = await openRun(checkpoints, {
      configuration: { ...sizes, seed, auditorSteps: steps },
      engine,
    });
    const display = partProgress();
    const loop = { seed, checkpointEvery: 100, signal, onStep: display.step };
    try {
      const generator = await pretrain({
        ...sizes,
        ...loop,
        checkpoints: run.path,
      });
      const auditor = await trainAuditor({
        steps,
        ...loop,
        checkpoint: run.file("auditor.safetensors"),
      });
      display.end();
      await saveGenerator(out, generator, { dtype: "F16" });
      await saveAuditor(out, auditor);
      await run.finish();
      tf.dispose([auditor.params, auditor.head]);
      generator.dispose();
    } catch (error) {
      display.end();
      if (signal.aborted) say("Stopped. The same command goes on from here.");
      throw error;
    }
    console.log(out);
    return 0;
  },
};
