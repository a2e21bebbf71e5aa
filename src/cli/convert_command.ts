/**
 * `outis convert`: weights of any format as safetensors.
 *
 * @module
 */
import {
  convertedDtype,
  convertWeights,
  openWeights,
  tensorBytes,
} from "../io/mod.ts";
import { badInput } from "./bad_input.ts";
import { type Command, defineCommand } from "./command.ts";
import { UsageError } from "./options.ts";
import { progress } from "./progress.ts";
import { countTensors, listTensors } from "./weights_listing.ts";
import { openOptions, weightsOptions } from "./weights_options.ts";

const table = {
  "dry-run": { help: "list what would be written, and write nothing" },
  dtype: {
    value: "NAME",
    choices: ["F32", "F16", "BF16"],
    help: "element type of floats: F32, F16 or BF16 (default: as they are)",
  },
  force: { help: "replace OUT if it is there" },
  ...weightsOptions,
} as const;

/** Runs `outis convert`. */
export const convertCommand: Command = defineCommand({
  name: "convert",
  group: "Data and weights",
  summary: "Convert weights (PyTorch or safetensors) to safetensors",
  about:
    "Tensor by tensor, under the names of the checkpoint, so that what comes out opens in PyTorch, too. Nothing in the file is run; OUT is written whole or not at all.",
  examples: [
    { args: "model.pt model.safetensors", does: "every tensor as it is" },
    {
      args: "model.pt ema.safetensors --group ema --dtype F16 --dry-run",
      does: "lists what half-precision weights of the average would hold",
    },
  ],
  operands: ["IN", "OUT"],
  options: table,
  async run({ operands, options, signal, say }) {
    const [input, output] = operands as [string, string];
    await checkOutput(output, options.force);
    const dtype = options.dtype as "F32" | "F16" | "BF16" | undefined;
    using file = await badInput(() => openWeights(input, openOptions(options)));
    const entries = file.entries.map((entry) => ({
      ...entry,
      dtype: convertedDtype(entry, dtype),
    }));
    for (const name of file.skipped) say(`Left out: ${name}`);
    const json = {
      out: output,
      written: !options["dry-run"],
      skipped: file.skipped,
      tensors: entries,
    };
    if (options["dry-run"]) {
      const text = [
        ...listTensors(entries),
        `${countTensors(entries)} would be written to ${output}`,
      ].join("\n");
      return { text, json };
    }
    const inMegabytes = (bytes: number) => Math.ceil(bytes / 1e6);
    const total = entries.reduce((sum, entry) => sum + tensorBytes(entry), 0);
    const bar = progress("Convert", inMegabytes(total), { unit: "MB" });
    try {
      await convertWeights(file, output, {
        ...(dtype && { dtype }),
        onProgress: (done) => bar.update(inMegabytes(done)),
        signal,
      });
    } catch (error) {
      // Damage that shows when values are read, or values that do not fit.
      const isInput = error instanceof SyntaxError ||
        error instanceof RangeError;
      throw isInput ? new UsageError(error.message) : error;
    }
    bar.done(countTensors(entries));
    return { text: output, json };
  },
});

async function checkOutput(path: string, force: boolean): Promise<void> {
  const refuse = (rule: string, value: string) =>
    new UsageError(
      `Cannot convert weights as 'OUT' must be ${rule}: current value is ${value}`,
    );
  if (!path.endsWith(".safetensors")) {
    throw refuse("a name that ends in .safetensors", path);
  }
  const there = await Deno.stat(path).catch(() => undefined);
  if (there !== undefined && !(force && there.isFile)) {
    throw refuse(
      there.isFile ? "a new file, unless --force is given" : "a file",
      `${path}, which is there`,
    );
  }
  const folder = path.slice(0, path.lastIndexOf("/") + 1) || ".";
  const parent = await Deno.stat(folder).catch(() => undefined);
  if (!parent?.isDirectory) throw refuse("in a folder that is there", path);
}
