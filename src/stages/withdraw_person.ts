/**
 * Consent withdrawn: a person taken out of synthetic sets, generators and memory banks.
 *
 * @module
 */
import {
  commitFolders,
  type Embedder,
  type FolderReplacement,
  recoverFolder,
  replaceFolder,
} from "../core/mod.ts";
import type { AuditImages } from "./audit_images.ts";
import type { AuditPrivacyInput } from "./audit_privacy_options.ts";
import { reauditPlace } from "./reaudit_place.ts";
import {
  type PlaceKind,
  planWithdrawal,
  type WithdrawalPlan,
} from "./withdrawal_plan.ts";
import {
  type ReauditedPlace,
  sealWithdrawal,
  type Withdrawal,
} from "./withdrawal.ts";

/** What {@linkcode withdrawPerson} needs. */
export interface WithdrawPersonInput {
  /** What the person is called in the training data: the name of an identity. */
  name: string;
  /** Photographs of the person. */
  photographs: AuditImages;
  /** Photographs of the training people, the person's may be among them: to tell who is nearest, and for the audit. @default none */
  real?: AuditImages;
  /** Photographs of people who were not trained on, for the audit. @default none */
  control?: AuditImages;
  /** What tells who is near, by name; two for the audit. Borrowed. */
  embedders: { [name: string]: Embedder };
  /** An exported data set. @default none */
  dataset?: string;
  /** A run of `reproduce` or `identities`. @default none */
  run?: string;
  /** A saved generator. @default none */
  generator?: string;
  /** A file of a memory bank. @default none */
  bank?: string;
  /** Without `real`: up to which angle an image is nearest to the person, radians. @default 0.6 */
  within?: number;
  /** Rates of the audit. @default the audit's own */
  audit?: Pick<AuditPrivacyInput, "falseMatchRate" | "significance">;
  /** Whether only to tell what would be done. @default false */
  dryRun?: boolean;
  /** When, ISO 8601. */
  at: string;
  /** Who answers for it. @default nobody */
  by?: string;
  /** Ends the work by throwing its reason; before the changes are put in place, nothing has changed. */
  signal?: AbortSignal;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void;
}

const ACT = "withdraw a person";

/**
 * Takes a person out of all that is given: synthetic images conditioned on them or nearest to them, with their lines in
 * manifests; their row of the class table, and of classifiers in checkpoints; their features in a memory bank. What is
 * left is audited, and what must be trained again is listed: zeros in a class table do not make other weights forget.
 *
 * All new versions are made beside the old ones and then put in place together: an interruption leaves the old or the new
 * state, and the next call finishes or clears away what is left. A class keeps its number and loses its name.
 *
 * @param input Person, places, embedders.
 * @returns The record.
 * @throws {RangeError} If no place is given, one is of another kind or in use, nothing of the person is found in any, or
 *   nothing would be left.
 * @throws {SyntaxError} If a manifest or a file of weights is damaged.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { listImageFolder } from "@outis/outis/data";
 * import { auditRecords, withdrawPerson } from "@outis/outis/stages";
 *
 * async function withdraw(folder: string, dataset: string, at: string) {
 *   const { records } = await listImageFolder(folder);
 *   const photographs = auditRecords(records);
 *   return await withdrawPerson({ name: "ada", photographs, embedders: {}, dataset, at });
 * }
 * console.log(withdraw.length); // 3
 * ```
 */
export async function withdrawPerson(
  input: WithdrawPersonInput,
): Promise<Withdrawal> {
  const { name, dryRun = false, at, by, signal } = input;
  const kinds: PlaceKind[] = ["dataset", "run", "generator", "bank"];
  const given = kinds.filter((kind) => input[kind] !== undefined);
  if (given.length === 0) {
    throw new RangeError(
      `Cannot ${ACT} as 'dataset', 'run', 'generator' or 'bank' must be given: current value is none`,
    );
  }
  let recovered = false;
  for (const kind of given) {
    if (kind !== "bank" && await recoverFolder(input[kind]!)) recovered = true;
  }
  const plans: WithdrawalPlan[] = [];
  for (const kind of given) {
    plans.push(await planWithdrawal(kind, input[kind]!, input));
  }
  const touched = plans.filter(({ isTouched }) => isTouched);
  if (touched.length === 0) {
    throw new RangeError(
      `Cannot ${ACT} as the person must be found in what is given: current value is ${name}, of whom there is nothing${
        recovered ? " any more: an interrupted withdrawal was finished" : ""
      }`,
    );
  }
  const audits: ReauditedPlace[] = [];
  const absent: { [what: string]: string } = {};
  if (!dryRun) {
    await using replacements = new AsyncDisposableStack();
    const folders: FolderReplacement[] = [];
    for (const plan of touched) {
      if (plan.place.kind === "bank") continue;
      const own = replacements.use(await replaceFolder(plan.place.path));
      await plan.make(own);
      folders.push(own);
      if (plan.imagesIn === undefined) continue;
      const found = await reauditPlace(
        plan.place.path,
        `${own.next}${plan.imagesIn}`,
        input,
      );
      if (typeof found === "string") {
        absent[`audit of ${plan.place.path}`] = found;
      } else audits.push(found);
    }
    signal?.throwIfAborted();
    await commitFolders(folders);
    for (const { place, make } of touched) {
      if (place.kind === "bank") await make({ path: place.path, next: "" });
    }
  }
  return sealWithdrawal({
    schema: 1,
    person: name,
    photographs: input.photographs.count,
    at,
    ...(by === undefined ? {} : { by }),
    state: dryRun ? "dry run" : "done",
    recovered,
    places: plans.map(({ place }) => place),
    retrain: touched.flatMap(({ retrain }) => retrain()),
    audits,
    absent,
  });
}
