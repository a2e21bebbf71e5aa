/**
 * One network, from PyTorch's weights to ours and back.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { disposeParams, type Params } from "../../src/core/mod.ts";
import { jit, tf } from "../../src/engine/mod.ts";
import { openWeights } from "../../src/io/mod.ts";
import { loadWeights, saveWeights } from "../../src/stages/mod.ts";
import { peakMemory, resetPeak } from "../peers/peak_memory.ts";
import type { ParityCase } from "./parity_case.ts";

/** PyTorch's side cannot do what it was asked. */
export class PythonError extends Error {
  override name = "PythonError";
}

/** What came of a case. */
export interface ParityResult {
  /** Name of the case. */
  name: string;
  /** Number of weights. */
  weights: number;
  /** The largest difference of any output, as a share of that output's root mean square, and which output. */
  worst: number;
  output: string;
  /** Peak of this process's memory, MiB; nothing where the system does not tell. */
  peakMiB?: number;
  /** What is wrong; empty where the case passed. */
  problems: string[];
}

/**
 * Runs a step of PyTorch's side.
 *
 * @param args Step, case and folder, see parity.py.
 * @param threads Number of threads it computes with.
 * @returns Its answer.
 * @throws {PythonError} If there is no Python, or it has no PyTorch, or the step failed.
 */
export async function runPython(
  args: string[],
  threads: number,
): Promise<{ [name: string]: unknown }> {
  const remedy = "'pip install torch==2.13.0' installs it";
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command("python3", {
      args: [fileURLToPath(new URL("./parity.py", import.meta.url)), ...args],
      env: { OMP_NUM_THREADS: String(threads), PYTHONDONTWRITEBYTECODE: "1" },
    }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new PythonError(
      `Cannot check parity as python3 with PyTorch must be installed, ${remedy}: there is no python3`,
    );
  }
  const lines = new TextDecoder().decode(output.stdout).trim().split("\n");
  let answer: { [name: string]: unknown };
  try {
    answer = JSON.parse(lines[lines.length - 1]);
  } catch {
    const said = new TextDecoder().decode(output.stderr).trim().split("\n");
    answer = { error: said[said.length - 1] || `exit code ${output.code}` };
  }
  if (answer.error === undefined) return answer;
  throw new PythonError(
    args[0] === "version"
      ? `Cannot check parity as python3 must have PyTorch, ${remedy}: ${answer.error}`
      : `Cannot check parity as python3 could not ${args[0]} ${
        args[1]
      }: ${answer.error}`,
  );
}

/**
 * Checks one case: both formats give PyTorch's outputs, and PyTorch takes back what is saved here.
 *
 * @param one The case.
 * @param folder An empty folder for its files, as large as four times the weights.
 * @param options Threads, and what to tell.
 * @returns How far the outputs differ, and what is wrong.
 * @throws {PythonError} If PyTorch's side fails.
 */
export async function checkCase(
  one: ParityCase,
  folder: string,
  options: { threads: number; onStep: (step: string) => void },
): Promise<ParityResult> {
  const { threads, onStep } = options;
  await resetPeak(Deno.pid);
  onStep("PyTorch makes weights and outputs");
  const made = await runPython(["make", one.twin, folder], threads);
  const { shapes, scheme, run } = one.make();
  const { inputs, expected } = await readCase(`${folder}/case.safetensors`);
  const result: ParityResult = {
    name: one.name,
    weights: made.weights as number,
    worst: 0,
    output: "",
    problems: [],
  };
  const jitted = jit(run);
  for (const file of ["weights.pt", "weights.safetensors"]) {
    onStep(`loads ${file} and computes`);
    using source = await openWeights(`${folder}/${file}`);
    const params = await loadWeights(source, { shapes }, scheme, {
      source: file,
    });
    const outputs = jitted(params, inputs) as Params;
    compare(outputs, expected, file, one.tolerance ?? 1e-3, result);
    disposeParams(outputs);
    if (file === "weights.safetensors") {
      onStep("saves");
      await saveWeights(`${folder}/ours.safetensors`, params, scheme);
    }
    disposeParams(params);
  }
  jitted.dispose();
  disposeParams(inputs);
  disposeParams(expected);
  result.peakMiB = await peakMemory(Deno.pid);
  onStep("PyTorch loads what was saved");
  const back = await runPython(["check", one.twin, folder], threads);
  const different = back.different as string[];
  if (different.length > 0) {
    result.problems.push(
      `PyTorch reads ${different.length} other tensors, ${different[0]} first`,
    );
  }
  return result;
}

async function readCase(
  path: string,
): Promise<{ inputs: Params; expected: Params }> {
  using file = await openWeights(path);
  const [inputs, expected]: [Params, Params] = [{}, {}];
  for (const { name, shape, dtype } of file.entries) {
    const { data } = await file.read(name);
    const [kind, ...rest] = name.split(".");
    const tensor = tf.tensor(
      data as Float32Array,
      shape,
      dtype === "I32" ? "int32" : "float32",
    );
    (kind === "in" ? inputs : expected)[rest.join(".")] = tensor;
  }
  return { inputs, expected };
}

function compare(
  outputs: Params,
  expected: Params,
  file: string,
  tolerance: number,
  result: ParityResult,
): void {
  for (const [name, theirs] of Object.entries(expected)) {
    const ours = outputs[name];
    if (ours === undefined || String(ours.shape) !== String(theirs.shape)) {
      result.problems.push(`${name} has shape [${ours?.shape}] from ${file}`);
      continue;
    }
    const [a, b] = [ours.dataSync(), theirs.dataSync()];
    let [worst, squares] = [0, 0];
    for (let i = 0; i < b.length; i++) {
      const off = Math.abs(a[i] - b[i]);
      // Written so that NaN counts as the worst of all.
      if (!(off <= worst)) worst = Number.isNaN(off) ? Infinity : off;
      squares += b[i] ** 2;
    }
    const share = worst / Math.sqrt(squares / b.length);
    if (!(share <= result.worst)) {
      result.worst = share;
      result.output = name;
    }
    if (!(share <= tolerance)) {
      result.problems.push(
        `${name} from ${file} differs by ${share.toExponential(1)} of its size`,
      );
    }
  }
}
