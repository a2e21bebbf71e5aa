/**
 * The rows that the user adds to a table: folders of synthetic images.
 *
 * @module
 */
import { type ImageSet, listImageFolder } from "../data/mod.ts";
import { fileName } from "../core/mod.ts";
import type { TableMethod } from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import { UsageError } from "./options.ts";

/** Folders as options give them. */
export interface FolderOptions {
  /** `NAME=DIR` each: trained on together with the real images. */
  synthetic: readonly string[];
  /** `NAME=DIR` each: trained on alone. */
  alone: readonly string[];
}

/**
 * Makes rows of folders.
 *
 * @param options What the user gave.
 * @returns A method each.
 * @throws {UsageError} If one is not `NAME=DIR`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { folderMethods } from "./table_methods.ts";
 *
 * assertEquals(folderMethods({ synthetic: ["SFace=sface/"], alone: [] }), [
 *   { name: "SFace", synthetic: { folder: "sface/" } },
 * ]);
 * ```
 */
export function folderMethods(
  { synthetic, alone }: FolderOptions,
): TableMethod[] {
  const methodOf = (option: string, text: string): TableMethod => {
    const at = text.indexOf("=");
    const [name, folder] = [
      text.slice(0, at).trim(),
      text.slice(at + 1).trim(),
    ];
    if (at > 0 && name !== "" && folder !== "") {
      return { name, synthetic: { folder } };
    }
    throw new UsageError(
      `Cannot make a table as '--${option}' must be NAME=DIR: current value is ${text}`,
    );
  };
  return [
    ...synthetic.map((text) => methodOf("synthetic", text)),
    ...alone.map((text): TableMethod => ({
      ...methodOf("synthetic-only", text),
      training: "synthetic",
    })),
  ];
}

/**
 * Checks the rows of a table before anything is trained: names that can be told apart, folders that are there, and synthetic
 * identities that are all real ones or all new.
 *
 * @param methods The rows.
 * @param train Real training images.
 * @throws {UsageError} If they cannot be run.
 *
 * @example
 * ```ts
 * import { checkMethods } from "./table_methods.ts";
 *
 * await checkMethods([{ name: "Real only" }], { identities: ["ada"] }); // fine
 * ```
 */
export async function checkMethods(
  methods: readonly TableMethod[],
  train: Pick<ImageSet, "identities">,
): Promise<void> {
  const seen = new Map<string, string>();
  for (const { name } of methods) {
    // Files are named so.
    const plain = fileName(name);
    const twin = seen.get(plain);
    if (twin !== undefined) {
      throw new UsageError(
        `Cannot make a table as the names of its rows must differ by letters or digits: current value is ${twin} and ${name}`,
      );
    }
    seen.set(plain, name);
  }
  const real = new Set(train.identities);
  for (const { name, synthetic, training } of methods) {
    if (typeof synthetic !== "object") continue;
    const { identities } = await badInput(() =>
      listImageFolder(synthetic.folder)
    );
    const known = identities.filter((identity) => real.has(identity)).length;
    if (training === "synthetic" || known === 0) continue;
    if (known < identities.length) {
      throw new UsageError(
        `Cannot make a table as the identities of '${name}' must be the real ones or new ones: current value is ${identities.length}, of which ${known} are real`,
      );
    }
  }
}
