/**
 * `outis setup`: finds libtensorflow or installs it.
 *
 * @module
 */
import { type Command, defineCommand } from "./command.ts";
import { UsageError } from "./options.ts";
import { setup } from "./setup.ts";

/** The options every command that computes has. */
export const engineOptions = {
  backend: {
    value: "NAME",
    choices: ["auto", "tensorflow", "wasm", "webgpu"],
    help: "what computes: auto, tensorflow, wasm or webgpu (default auto)",
  },
  threads: { value: "N", least: 1, help: "threads (default: all cores)" },
} as const;

/** Runs `outis setup`. */
export const setupCommand: Command = defineCommand({
  name: "setup",
  task: "setup",
  group: "Runs and this machine",
  summary: "Find libtensorflow, or install it into the cache",
  about:
    "Every command that computes does this by itself. Given alone, it tells which libtensorflow is used and why, or installs the wheel of TensorFlow with pip into the user's cache, before a machine goes offline or an image is built.",
  examples: [
    { args: "", does: "finds it, or installs it" },
    {
      args: "--version 2.20.0",
      does: "installs this version beside what is there",
    },
  ],
  options: {
    backend: engineOptions.backend,
    version: {
      value: "X.Y.Z",
      help: "version of TensorFlow to install, even where another is there",
    },
  },
  async run({ options, signal, say }) {
    try {
      const { backend, library, reason } = await setup({
        backend: (options.backend ?? "auto") as "auto",
        ...(options.version === undefined ? {} : { version: options.version }),
        onLine: say,
        signal,
      });
      const json = { backend, library: library ?? null, reason };
      return { text: "", json }; // the lines have said it
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(error.message);
      throw error;
    }
  },
});
