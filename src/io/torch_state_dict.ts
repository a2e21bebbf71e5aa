/**
 * Finds the weights among what a checkpoint holds: training scripts put them beside optimiser states, settings and
 * averaged copies.
 *
 * @module
 */
import { describeValue, printable } from "./pickle_objects.ts";
import { OpaqueObject, textOf, TorchTensor } from "./torch_objects.ts";

/** Weights found in a checkpoint. */
export interface StateDict {
  /** Tensors by name. */
  tensors: Map<string, TorchTensor>;
  /** Groups of weights: names of dictionaries that hold tensors, with dots where they are nested. */
  groups: string[];
  /** The group that was chosen; empty if the tensors are at the top. */
  group: string;
  /** Numbers and texts at the top. */
  metadata: { [name: string]: string };
  /** What is not read. */
  skipped: string[];
}

/** Stands for all groups. */
const ALL_GROUPS = "*";
/** Stands for the tensors at the top where a name has to be given. */
const TOP = ".";

/** How deep dictionaries of weights are looked for. */
const DEEPEST = 4;
/** Groups smaller than this share of the largest are no weights of a model, but a counter or a score. */
const LEAST_SHARE = 0.01;
/** Most characters of a text that counts as metadata. */
const LONGEST_TEXT = 1000;

/**
 * Finds the weights.
 *
 * A group is a dictionary with tensors by name. Where there are several the caller has to choose, except that groups of
 * less than a hundredth of the largest are no candidates.
 *
 * @param content What the checkpoint's pickle holds.
 * @param source Name of the file, for errors.
 * @param group Which group; `.` for the top, `*` for all, with names as in `ema/pos_embed`. @default the only one
 * @returns Tensors by name, and what else there is.
 * @throws {SyntaxError} If there are no tensors by name, or two of one name.
 * @throws {RangeError} If there is no such group, or several and none is chosen.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { findStateDict } from "./torch_state_dict.ts";
 *
 * assertThrows(() => findStateDict([1, 2], "list.pt"), SyntaxError);
 * ```
 */
export function findStateDict(
  content: unknown,
  source: string,
  group?: string,
): StateDict {
  const found = new Map<string, Map<string, TorchTensor>>();
  collectGroups(content, "", 0, found, new Set(), source);
  if (found.size === 0) {
    throw new SyntaxError(
      `Cannot read the checkpoint as '${source}' must be a dictionary of tensors by name: current value is ${
        describeValue(content)
      }`,
    );
  }
  const groups = [...found.keys()];
  const sizes = groups.map((name) => elements(found.get(name)!));
  const largest = Math.max(...sizes);
  const candidates = groups.filter((_, i) => sizes[i] >= LEAST_SHARE * largest);
  const only = candidates.length === 1 ? candidates[0] : undefined;
  const chosen = group === TOP ? "" : group ?? only;
  const others = { groups: candidates, ...besides(content, found) };
  if (chosen === ALL_GROUPS) {
    const tensors = new Map(
      groups.flatMap((path) =>
        Array.from(
          found.get(path)!,
          ([name, tensor]) =>
            [path ? `${path}/${name}` : name, tensor] as const,
        )
      ),
    );
    return { ...others, tensors, group: ALL_GROUPS };
  }
  if (chosen === undefined || !found.has(chosen)) {
    throw new RangeError(
      `Cannot open weights as 'group' must be one of ${
        candidates.map((name) => name || `${TOP} (the top)`).map(printable)
          .join(", ")
      } in ${source}: current value is ${chosen ?? "none"}`,
    );
  }
  const skipped = groups.filter((name) => name !== chosen)
    .map((name) => `${name || "the top"} (${found.get(name)!.size} tensors)`);
  return {
    ...others,
    tensors: found.get(chosen)!,
    group: chosen,
    skipped: [...skipped, ...others.skipped],
  };
}

/** Every dictionary of tensors, by its path; keys on the way are text, so that states of optimisers are none. */
function collectGroups(
  value: unknown,
  path: string,
  depth: number,
  found: Map<string, Map<string, TorchTensor>>,
  seen: Set<unknown>,
  source: string,
): void {
  if (!(value instanceof Map) || depth > DEEPEST || seen.has(value)) return;
  seen.add(value);
  const tensors = new Map<string, TorchTensor>();
  for (const [key, item] of value) {
    const name = textOf(key);
    if (name === undefined) continue;
    if (item instanceof TorchTensor) {
      if (tensors.has(name)) {
        throw new SyntaxError(
          `Cannot read the checkpoint as '${source}' must be without repeated names: current value is ${
            printable(name)
          }`,
        );
      }
      tensors.set(name, item);
    } else {
      const inner = path ? `${path}.${name}` : name;
      collectGroups(item, inner, depth + 1, found, seen, source);
    }
  }
  if (tensors.size > 0) found.set(path, tensors);
}

function elements(tensors: Map<string, TorchTensor>): number {
  return tensors.values().reduce(
    (sum, { shape }) =>
      sum +
      (Array.isArray(shape)
        ? shape.reduce((product, size) => product * Number(size), 1)
        : 0),
    0,
  );
}

/** What stands at the top beside groups and tensors. */
function besides(
  content: unknown,
  found: Map<string, Map<string, TorchTensor>>,
): { metadata: { [name: string]: string }; skipped: string[] } {
  const metadata: [string, string][] = [];
  const skipped: string[] = [];
  for (const [key, value] of content as Map<unknown, unknown>) {
    const name = printable(textOf(key) ?? describeValue(key));
    const text = scalarText(value);
    const isGroup = found.keys().some((path) =>
      path === name || path.startsWith(`${name}.`)
    );
    if (text !== undefined) metadata.push([name, text]);
    else if (!(value instanceof TorchTensor) && !isGroup) {
      const what = value instanceof OpaqueObject
        ? value.name
        : describeValue(value);
      skipped.push(`${name} (${printable(what)})`);
    }
  }
  return { metadata: Object.fromEntries(metadata), skipped };
}

function scalarText(value: unknown): string | undefined {
  const text = textOf(value);
  if (text !== undefined) {
    return text.length <= LONGEST_TEXT ? text : undefined;
  }
  const isScalar = ["number", "bigint", "boolean"].includes(typeof value);
  return isScalar ? String(value) : undefined;
}
