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
import { readFrom } from "./generator_files.ts";
import type { TrainedRecognizer } from "./train_recognizer.ts";

const AUDITOR_FILE = "auditor.safetensors";

/**
 * Writes a recogniser without its classifier beside a generator, as its auditor.
 *
 * @param folder The generator's folder.
 * @param recognizer The recogniser. Borrowed; 16-bit numbers are written.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { loadAuditor, saveAuditor } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 32, width: 32 }));
 * const params = model.init(randomStream(1)); // untrained
 * const folder = await Deno.makeTempDir();
 * await saveAuditor(folder, { model, params });
 * const auditor = await loadAuditor(folder);
 * console.log(auditor?.model.config.height); // 32
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
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
 * @param folder The generator's folder, path or URL.
 * @returns The recogniser with an empty classifier, owned by the caller; `undefined` where there is none.
 * @throws {SyntaxError} If the file is damaged.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { loadAuditor, saveAuditor } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 32, width: 32 }));
 * const params = model.init(randomStream(1)); // untrained
 * const folder = await Deno.makeTempDir();
 * await saveAuditor(folder, { model, params });
 * const auditor = await loadAuditor(folder);
 * console.log(auditor?.model.config.height); // 32
 * await Deno.remove(folder, { recursive: true });
 * ```
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
