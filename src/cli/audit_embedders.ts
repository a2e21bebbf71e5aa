/**
 * The matchers of an audit, as the command line names them.
 *
 * @module
 */
import { digestParams, type Embedder, paramsFromArrays } from "../core/mod.ts";
import { readSafetensors } from "../io/mod.ts";
import {
  loadAuditor,
  loadEmbedder,
  type PublishedModel,
  recognizerEmbedder,
} from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import { UsageError } from "./options.ts";
import {
  proceduralEmbedder,
  type ProceduralEmbedderOptions,
} from "./procedural_embedder.ts";

/** What {@linkcode auditEmbedder} needs beside the name. */
export interface AuditEmbedderOptions extends ProceduralEmbedderOptions {
  /** Folder of the generator whose auditor is meant. */
  prior: string | URL;
}

const MODELS: readonly PublishedModel[] = [
  "resnet18",
  "resnet34",
  "resnet50",
  "resnet101",
  "vitS16",
  "vitB16",
  "iresnet18",
  "iresnet50",
  "iresnet100",
];

/**
 * Opens a matcher: `auditor`, the one beside the prior, or `auditor=DIR`, beside another; `procedural`, one trained here on
 * other procedural people; or `MODEL=FILE`, published weights.
 *
 * @param name What the user gave.
 * @param options Where the prior is, and how to train.
 * @returns The embedder. Owned by the caller.
 * @throws {UsageError} If there is no such embedder, or its weights are not there or not whole.
 *
 * @example
 * ```ts
 * import { auditEmbedder, type AuditEmbedderOptions } from "./audit_embedders.ts";
 *
 * const both = (options: AuditEmbedderOptions) =>
 *   Promise.all(["auditor", "iresnet50=weights.onnx"].map((name) => auditEmbedder(name, options)));
 * console.log(both.length); // 1
 * ```
 */
export async function auditEmbedder(
  name: string,
  options: AuditEmbedderOptions,
): Promise<Embedder & Disposable> {
  const { prior, ...training } = options;
  if (name === "procedural") return await proceduralEmbedder(training);
  const [model, path] = split(name);
  if (model === "auditor") {
    const place = path === "" ? prior : path;
    const auditor = await badInput(() => loadAuditor(place));
    if (auditor === undefined) {
      throw usage("--embedder", "a folder with an auditor", `${place}`);
    }
    return await recognizerEmbedder(auditor.model, auditor.params);
  }
  if (!MODELS.includes(model as PublishedModel) || path === "") {
    throw usage(
      "--embedder",
      `auditor, auditor=DIR, procedural, or MODEL=FILE with one of the models ${
        MODELS.join(", ")
      }`,
      name,
    );
  }
  try {
    return await badInput(() =>
      loadEmbedder(path, { model: model as PublishedModel })
    );
  } catch (error) {
    if (await isMissing(path)) {
      throw usage("--embedder", "a file that is there", path);
    }
    throw error;
  }
}

/**
 * Fingerprint of the embedder behind a reward, which may not judge.
 *
 * @param place A run directory of `reproduce`, or what {@linkcode auditEmbedder} takes.
 * @param options As there.
 * @returns The fingerprint.
 * @throws {UsageError} If there is no such embedder.
 *
 * @example
 * ```ts
 * import { type AuditEmbedderOptions, rewardFingerprint } from "./audit_embedders.ts";
 *
 * const ofRun = (options: AuditEmbedderOptions) => rewardFingerprint("runs/mine", options);
 * console.log(ofRun.length); // 1
 * ```
 */
export async function rewardFingerprint(
  place: string,
  options: AuditEmbedderOptions,
): Promise<string> {
  const isName = ["auditor", "procedural"].includes(place) ||
    ["auditor", ...MODELS].some((model) => place.startsWith(`${model}=`));
  if (isName) {
    using embedder = await auditEmbedder(place, options);
    return embedder.fingerprint;
  }
  const path = `${place}/checkpoints/embedder.safetensors`;
  if (await isMissing(path)) {
    throw usage(
      "--reward",
      "a run with an embedder, or what --embedder takes",
      place,
    );
  }
  const { tensors } = await badInput(() => readSafetensors(path));
  const prefix = "weights/";
  const own = Object.entries(tensors).filter(([name]) =>
    name.startsWith(prefix) && !name.startsWith(`${prefix}head.`)
  );
  const params = paramsFromArrays(Object.fromEntries(
    own.map(([name, { shape, data }]) => [
      name.slice(prefix.length),
      { shape, data: data as Float32Array },
    ]),
  ));
  const fingerprint = await digestParams(params);
  for (const tensor of Object.values(params)) tensor.dispose();
  return fingerprint;
}

function split(name: string): [string, string] {
  const at = name.indexOf("=");
  return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 1)];
}

async function isMissing(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => false, () => true);
}

function usage(name: string, rule: string, value: string): UsageError {
  return new UsageError(
    `Cannot audit as '${name}' must be ${rule}: current value is ${value}`,
  );
}
