/**
 * `deno task parity`: full-size networks here and in PyTorch, the same weights, the same outputs.
 *
 * @module
 */
import { useBackend } from "../../src/engine/mod.ts";
import { commandHelp } from "../../src/cli/command_help.ts";
import {
  type OptionTable,
  parseOptions,
  UsageError,
} from "../../src/cli/options.ts";
import {
  checkCase,
  type ParityResult,
  PythonError,
  runPython,
} from "./check_case.ts";
import { GENERATOR_CASES } from "./generator_cases.ts";
import type { ParityCase } from "./parity_case.ts";
import { RECOGNISER_CASES } from "./recogniser_cases.ts";

const OPTIONS = {
  only: { value: "NAME", help: "Only networks whose name contains NAME" },
  threads: {
    value: "N",
    least: 1,
    help: "Threads of each side (default: 2)",
  },
  help: { help: "Show this help" },
} as const satisfies OptionTable;

const CASES: ParityCase[] = [...RECOGNISER_CASES, ...GENERATOR_CASES];

/** Checks what was asked for and returns the exit code: 1 where a network differs. */
async function main(args: string[]): Promise<number> {
  try {
    const options = parseOptions(args, OPTIONS);
    if (options.help) {
      console.log(
        commandHelp({
          name: "parity",
          called: "deno task parity",
          group: "Runs and this machine",
          summary: "Compare full-size networks with PyTorch",
          about:
            "Loads random weights of full-size networks from PyTorch, compares what they compute, and lets PyTorch load what is saved here. DiT-XL/2 needs 11 GB of disk and 4 GB of memory.",
          examples: [{ args: "--only resnet50", does: "one network" }],
          operands: [],
          options: OPTIONS,
        }),
      );
      return 0;
    }
    const { only = "", threads = 2 } = options;
    const chosen = CASES.filter(({ name }) =>
      name.toLowerCase().includes(only.toLowerCase())
    );
    if (chosen.length === 0) {
      throw new UsageError(
        `Cannot check parity as '--only' must be part of one of ${
          CASES.map(({ name }) => `'${name}'`).join(", ")
        }: current value is ${only}`,
      );
    }
    const { torch } = await runPython(["version"], threads);
    const engine = await useBackend("tensorflow", { threads });
    console.error(`ours: tensorflow ${engine.version}; peer: torch ${torch}`);
    const results: ParityResult[] = [];
    for (const one of chosen) {
      const folder = await Deno.makeTempDir({ prefix: "outis-parity-" });
      try {
        const onStep = (step: string) => console.error(`${one.name}: ${step}`);
        results.push(await checkCase(one, folder, { threads, onStep }));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    }
    console.log(table(results));
    return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageError || error instanceof PythonError) {
      console.error(error.message);
      return error instanceof UsageError ? 2 : 1;
    }
    throw error;
  }
}

function table(results: ParityResult[]): string {
  const rows = results.map((result) => [
    result.name,
    `${(result.weights / 1e6).toFixed(1)} M`,
    `${result.worst.toExponential(1)} (${result.output})`,
    `${result.peakMiB ?? "?"} MiB`,
    result.problems.join("; ") || "same",
  ]);
  return [
    ["network", "weights", "largest difference / rms", "peak", "verdict"],
    ["---", "---", "---", "---", "---"],
    ...rows,
  ].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
