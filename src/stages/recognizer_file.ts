/**
 * Recognisers on disk.
 *
 * @module
 */
import {
  arraysFromParams,
  type Params,
  paramsFromArrays,
} from "../core/mod.ts";
import { decodeSafetensors, writeSafetensors } from "../io/mod.ts";
import { recognizer, type RecognizerConfig } from "../models/mod.ts";
import { readFrom } from "./generator.ts";
import type { TrainedRecognizer } from "./train_recognizer.ts";

const AUDITOR_FILE = "auditor.safetensors";

/** Writes a recogniser without its classifier beside a generator, as its auditor. */
export async function saveAuditor(
  folder: string,
  { model, params }: Pick<TrainedRecognizer, "model" | "params">,
): Promise<void> {
  await writeSafetensors(
    `${folder}/${AUDITOR_FILE}`,
    await arraysFromParams(params),
    { dtype: "F16", metadata: { config: JSON.stringify(model.config) } },
  );
}

/**
 * Reads the auditor that lies beside a generator: a recogniser of other people than any target's.
 *
 * @returns The recogniser with an empty classifier, owned by the caller; `undefined` where there is none.
 */
export async function loadAuditor(
  folder: string | URL,
): Promise<TrainedRecognizer | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFrom(folder, AUDITOR_FILE);
  } catch {
    return undefined; // a prior without an auditor is whole, too
  }
  const { tensors, metadata } = decodeSafetensors(bytes, AUDITOR_FILE);
  const config = JSON.parse(metadata.config) as RecognizerConfig;
  const arrays = tensors as {
    [name: string]: { shape: number[]; data: Float32Array };
  };
  const params: Params = paramsFromArrays(arrays);
  return { model: recognizer(config), params, head: {} };
}
