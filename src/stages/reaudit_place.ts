/**
 * The audit after a withdrawal.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import { type ImageRecord, joinImages, openExported } from "../data/mod.ts";
import { type AuditImages, auditRecords } from "./audit_images.ts";
import { auditPrivacy } from "./audit_privacy.ts";
import type { AuditPrivacyInput } from "./audit_privacy_options.ts";
import type { ReauditedPlace } from "./withdrawal.ts";

/** What it needs. */
export interface ReauditPlaceInput {
  /** Photographs of the person who has withdrawn: they must not be found any more. */
  photographs: AuditImages;
  /** Photographs of the training people, the person's among them or not. @default none, and no audit */
  real?: AuditImages;
  /** Photographs of people who were not trained on. @default none */
  control?: AuditImages;
  /** Two matchers, by name. Borrowed. */
  embedders: { [name: string]: Embedder };
  /** Rates. @default the audit's own */
  audit?: Pick<AuditPrivacyInput, "falseMatchRate" | "significance">;
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal;
  /** Called as it goes on. */
  onStep?: AuditPrivacyInput["onStep"];
}

/**
 * Audits what is left of a synthetic set.
 *
 * @param path What the place is called.
 * @param folder Where what is left lies.
 * @param input Real people, embedders, rates.
 * @returns The verdicts; or, where there can be no audit, the reason.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { auditRecords } from "@outis/outis/stages";
 * import { reauditPlace } from "./reaudit_place.ts";
 *
 * const photographs = auditRecords([]);
 * console.log(await reauditPlace("faces", "faces", { photographs, embedders: {} })); // why not
 * ```
 */
export async function reauditPlace(
  path: string,
  folder: string,
  input: ReauditPlaceInput,
): Promise<ReauditedPlace | string> {
  const { photographs, real, control, embedders, audit } = input;
  const { signal, onStep } = input;
  if (real === undefined) {
    return "photographs of the training people were not given";
  }
  if (Object.keys(embedders).length < 2) {
    return "two embedders are needed";
  }
  const unpacked = `${folder}.audit`;
  try {
    const { passed, verdicts, counts } = await auditPrivacy({
      synthetic: auditRecords(await recordsOf(folder, unpacked)),
      real: withPerson(real, photographs),
      ...(control && { control }),
      embedders,
      ...audit,
      signal,
      onStep,
    });
    return { path, passed, verdicts, counts };
  } catch (error) {
    // Too few people or pairs for the rates asked for: a reason, not a failure of the withdrawal.
    if (error instanceof RangeError) return error.message;
    throw error;
  } finally {
    await Deno.remove(unpacked, { recursive: true }).catch(() => {});
  }
}

/** The training people and the person, who may be one of them by name. */
function withPerson(real: AuditImages, person: AuditImages): AuditImages {
  const [name] = person.identities;
  if (real.identities.includes(name)) return real;
  const { count } = real;
  const label = real.identities.length;
  return {
    count: count + person.count,
    labels: Int32Array.from([
      ...real.labels,
      ...Array.from(person.labels, () => label),
    ]),
    identities: [...real.identities, name],
    paths: [...real.paths, ...person.paths],
    async read(from, to, size) {
      const own = from < count
        ? await real.read(from, Math.min(to, count), size)
        : undefined;
      const theirs = to > count
        ? await person.read(Math.max(0, from - count), to - count, size)
        : undefined;
      return own && theirs ? joinImages(own, theirs) : (own ?? theirs)!;
    },
  };
}

/** Image files as they are; those in containers taken out. */
async function recordsOf(
  folder: string,
  unpacked: string,
): Promise<ImageRecord[]> {
  const set = await openExported(folder);
  if (set.storage === "files" || set.storage === "run") {
    return set.rows.map(({ path, identity }) => ({
      path: `${set.folder}/${path}`,
      identity,
    }));
  }
  const rows = new Map(set.rows.map((row) => [row.path, row.identity]));
  await Deno.mkdir(unpacked, { recursive: true });
  const records: ImageRecord[] = [];
  for await (const { path, bytes } of set.stored()) {
    const file = `${unpacked}/${records.length}`;
    await Deno.writeFile(file, bytes);
    records.push({
      path,
      identity: rows.get(path) ?? "",
      bytes: () => Deno.readFile(file),
    });
  }
  return records;
}
