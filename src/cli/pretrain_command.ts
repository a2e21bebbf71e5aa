/**
 * `outis pretrain`: trains the prior anew.
 *
 * @module
 */
import { useBackend } from "../engine/mod.ts";
import { pretrain, saveGenerator } from "../stages/mod.ts";
import type { Command } from "./main.ts";
import { helpText, parseOptions } from "./options.ts";
import { partProgress } from "./part_progress.ts";
import { setup } from "./setup.ts";
import { engineOptions } from "./setup_command.ts";

const summary = "Train the prior that is shipped in data/prior, from seeds";

const table = {
  out: { value: "DIR", help: "where it is written (default data/prior)" },
  seed: { value: "N", least: 0, help: "seed of everything (default 0)" },
  identities: { value: "N", least: 2, help: "procedural persons" },
  images: { value: "N", least: 1, help: "pictures of each" },
  "autoencoder-steps": { value: "N", least: 1, help: "training steps" },
  "denoiser-steps": { value: "N", least: 1, help: "training steps" },
  checkpoints: {
    value: "DIR",
    help: "where training is kept and resumed (default runs/pretrain)",
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
    const { backend } = await setup({
      backend: (options.backend ?? "auto") as "auto",
      onLine: say,
      signal,
    });
    say((await useBackend(backend, { threads: options.threads })).description);
    await Deno.mkdir(checkpoints, { recursive: true });
    const display = partProgress();
    const generator = await pretrain({
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.identities === undefined
        ? {}
        : { identities: options.identities }),
      ...(options.images === undefined
        ? {}
        : { imagesPerIdentity: options.images }),
      ...(options["autoencoder-steps"] === undefined
        ? {}
        : { autoencoderSteps: options["autoencoder-steps"] }),
      ...(options["denoiser-steps"] === undefined
        ? {}
        : { denoiserSteps: options["denoiser-steps"] }),
      checkpoints,
      checkpointEvery: 100,
      signal,
      onStep: display.step,
    });
    display.end();
    await saveGenerator(out, generator, { dtype: "F16" });
    generator.dispose();
    console.log(out);
    return 0;
  },
};
