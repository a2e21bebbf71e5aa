/**
 * `outis setup`: finds libtensorflow or installs it.
 *
 * @module
 */
import type { Command } from "./main.ts";
import { helpText, parseOptions, UsageError } from "./options.ts";
import { setup } from "./setup.ts";

const summary = "Find libtensorflow, or install it into the cache";

/** The options every command that computes has. */
export const engineOptions = {
  backend: {
    value: "NAME",
    choices: ["auto", "tensorflow", "wasm", "webgpu"],
    help: "what computes: auto, tensorflow, wasm or webgpu (default auto)",
  },
  threads: { value: "N", least: 1, help: "threads (default: all cores)" },
  help: { help: "this text" },
} as const;

const table = {
  backend: engineOptions.backend,
  version: {
    value: "X.Y.Z",
    help: "version of TensorFlow to install, even where another is there",
  },
  help: engineOptions.help,
} as const;

/** Runs `outis setup`. */
export const setupCommand: Command = {
  summary,
  async run(args, signal) {
    const options = parseOptions(args, table);
    if (options.help) {
      console.log(helpText("deno task setup [options]", summary, table));
      return 0;
    }
    try {
      await setup({
        backend: (options.backend ?? "auto") as "auto",
        ...(options.version === undefined ? {} : { version: options.version }),
        onLine: (line) => console.error(line),
        signal,
      });
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(error.message);
      throw error;
    }
    return 0;
  },
};
