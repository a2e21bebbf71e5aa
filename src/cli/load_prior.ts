/**
 * The pretrained generator of a command.
 *
 * @module
 */
import {
  type Generator,
  loadAuditor,
  loadGenerator,
  priorUrl,
  type TrainedRecognizer,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import { UsageError } from "./options.ts";

/**
 * Loads a generator and the auditor that lies beside it.
 *
 * @param act What for, as in "study privacy".
 * @param folder Where they lie; the shipped ones unless given.
 * @returns Both. Owned by the caller.
 * @throws {UsageError} If one of them is not there or cannot be read.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { UsageError } from "./options.ts";
 * import { loadPrior } from "./load_prior.ts";
 *
 * await assertRejects(() => loadPrior("study privacy", "/no/such/folder"), UsageError);
 * ```
 */
export async function loadPrior(
  act: string,
  folder?: string,
): Promise<{ prior: Generator; auditor: TrainedRecognizer }> {
  const place = folder ?? priorUrl();
  const prior = await badInput(() => loadGenerator(place));
  const auditor = await badInput(() => loadAuditor(place));
  if (auditor !== undefined) return { prior, auditor };
  prior.dispose();
  throw new UsageError(
    `Cannot ${act} as '--prior' must be a folder with an auditor: current value is ${place}`,
  );
}
