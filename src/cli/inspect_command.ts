/**
 * `outis inspect`: what a file of weights holds.
 *
 * @module
 */
import {
  openWeights,
  type OpenWeightsOptions,
  type WeightsFile,
} from "../io/mod.ts";
import { badInput } from "./bad_input.ts";
import { type Command, defineCommand } from "./command.ts";
import { progress } from "./progress.ts";
import { countTensors, countValues, listTensors } from "./weights_listing.ts";
import { openOptions, weightsOptions } from "./weights_options.ts";

/** Runs `outis inspect`. */
export const inspectCommand: Command = defineCommand({
  name: "inspect",
  group: "Data and weights",
  summary: "Tell what a file of weights holds, without running it",
  about:
    "Reads safetensors and PyTorch checkpoints (.pt, .pth, .bin, old and new). Nothing in them is run: code that a pickle names is refused by name. A file of several groups of weights, as with an average beside them, shows all.",
  examples: [
    { args: "model.pt", does: "format, groups, names, shapes and types" },
    {
      args: "model.pt --check --json",
      does: "reads all values, too: finds damage, NaN and infinity",
    },
  ],
  operands: ["FILE"],
  options: {
    check: { help: "read all values, too: finds damage, NaN and infinity" },
    ...weightsOptions,
  },
  async run({ operands, options, signal }) {
    using file = await badInput(() =>
      openAnyGroup(operands[0]!, openOptions(options))
    );
    const unusual = options.check
      ? await badInput(() => notFinite(file, signal))
      : undefined;
    return {
      text: asText(file, unusual).join("\n"),
      json: asJson(file, unusual),
    };
  },
});

/** Opens a file; of several groups all, where none is chosen. */
async function openAnyGroup(
  path: string,
  options: OpenWeightsOptions,
): Promise<WeightsFile> {
  if (options.group !== undefined) return await openWeights(path, options);
  const file = await openWeights(path, { ...options, group: "*" });
  if (file.groups.length > 1) return file;
  file[Symbol.dispose]();
  return await openWeights(path, options);
}

/** Names of tensors that hold NaN or infinity, and how many. */
async function notFinite(
  file: WeightsFile,
  signal: AbortSignal,
): Promise<{ [name: string]: number }> {
  const bar = progress("Check", file.entries.length, { unit: "tensors" });
  const found: [string, number][] = [];
  for (const [i, { name }] of file.entries.entries()) {
    signal.throwIfAborted();
    const { data } = await file.read(name);
    if (data instanceof Float32Array || data instanceof Float64Array) {
      let count = 0;
      for (const value of data) if (!Number.isFinite(value)) count++;
      if (count > 0) found.push([name, count]);
    }
    bar.update(i + 1);
  }
  bar.done("every value was read");
  return Object.fromEntries(found);
}

function asJson(
  file: WeightsFile,
  unusual?: { [name: string]: number },
): Record<string, unknown> {
  const { format, group, groups, prefix, metadata, skipped, entries } = file;
  return {
    format,
    group,
    groups,
    prefix,
    metadata,
    skipped,
    count: entries.length,
    values: countValues(entries),
    ...(unusual && { notFinite: unusual }),
    tensors: entries,
  };
}

function asText(
  file: WeightsFile,
  unusual?: { [name: string]: number },
): string[] {
  const { format, group, groups, prefix, metadata, skipped, entries } = file;
  const facts: [string, string][] = [
    ["format", format],
    ["content", countTensors(entries)],
    ...(groups.length > 1 || groups[0] !== ""
      ? [["groups", groups.map((name) => name || "(top)").join(", ")]] as [
        [string, string],
      ]
      : []),
  ];
  if (group !== "") facts.push(["group", group]);
  if (prefix !== "") facts.push(["prefix", `${prefix} (taken off all names)`]);
  for (const [name, text] of Object.entries(metadata)) {
    facts.push(["metadata", `${name}: ${text}`]);
  }
  for (const name of skipped) facts.push(["skipped", name]);
  for (const [name, count] of Object.entries(unusual ?? {})) {
    facts.push(["unusual", `${name}: ${count} values are NaN or infinite`]);
  }
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    ...facts.map(([name, text]) =>
      `${name.padEnd(width)}  ${text.replace(/\p{Cc}/gu, "?")}`
    ),
    "",
    ...listTensors(entries),
  ];
}
