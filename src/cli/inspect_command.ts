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
import type { Command } from "./main.ts";
import { helpText, parseOptions } from "./options.ts";
import { takePositional } from "./positional.ts";
import { progress } from "./progress.ts";
import { countTensors, countValues, listTensors } from "./weights_listing.ts";
import { openOptions, weightsOptions } from "./weights_options.ts";

const summary = "Tell what a file of weights holds, without running it";

const table = {
  json: { help: "as JSON" },
  check: { help: "read all values, too: finds damage, NaN and infinity" },
  ...weightsOptions,
} as const;

/** Runs `outis inspect`. */
export const inspectCommand: Command = {
  summary,
  async run(args, signal) {
    const { values, rest } = takePositional(args, table, ["FILE"]);
    const options = parseOptions(rest, table);
    if (options.help) {
      console.log(
        helpText("deno task outis inspect FILE [options]", summary, table),
      );
      return 0;
    }
    using file = await badInput(() =>
      openAnyGroup(values[0]!, openOptions(options))
    );
    const unusual = options.check
      ? await badInput(() => notFinite(file, signal))
      : undefined;
    const lines = options.json
      ? [JSON.stringify(asJson(file, unusual), null, 2)]
      : asText(file, unusual);
    for (const line of lines) console.log(line);
    return 0;
  },
};

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
