/**
 * What a table is about: images to learn from, and how a recogniser is judged.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import type { ProtocolRecord } from "../metrics/mod.ts";
import type { TestOverlap } from "./check_overlap.ts";

/** What one recogniser scored. */
export interface TableScores {
  /** Score per column, percent. */
  values: { [column: string]: number };
  /** Why there is no score in a column. */
  absent: { [column: string]: string };
  /** By which protocol, per test set; `""` where there is one alone. */
  protocols: { [set: string]: ProtocolRecord };
}

/** How recognisers are judged. */
export interface TableJudge {
  /** Columns, left to right. */
  columns: readonly string[];
  /** The columns that methods are compared in. */
  headlines: readonly string[];
  /** What is judged on, one sentence. */
  source: string;
  /** Judges a recogniser; the same test images and pairs under every seed. */
  judge(
    embedder: Embedder,
    options: { signal?: AbortSignal | undefined },
  ): Promise<TableScores>;
  /** Looks for the test images among others. */
  overlap(
    others: { [name: string]: ImageSet },
    options: { signal?: AbortSignal | undefined },
  ): Promise<TestOverlap[]>;
}

/** Images to learn from, and a judge. */
export interface TableTarget {
  /** Where the training images come from, one sentence. */
  source: string;
  /** Tells its people and its test from other targets', so that nothing is taken for what was judged on others. */
  key: string;
  /** Whether a seed draws its own people, so that intervals over seeds speak of new people. @default false */
  drawsPeople?: boolean;
  /** Real training images at a size. */
  train(size: { height: number; width: number }): Promise<ImageSet>;
  /** The judge of recognisers that were trained on them. */
  judge: TableJudge;
}

/**
 * Reads images once per size.
 *
 * @param read Reads or renders them.
 * @returns The same, from memory the second time.
 *
 * @example
 * ```ts
 * import { oncePerSize } from "./table_target.ts";
 *
 * let count = 0;
 * const train = oncePerSize(() => Promise.resolve(++count as never));
 * await train({ height: 16, width: 8 });
 * console.log(await train({ height: 16, width: 8 })); // 1
 * ```
 */
export function oncePerSize(read: TableTarget["train"]): TableTarget["train"] {
  const sets = new Map<string, Promise<ImageSet>>();
  return ({ height, width }) => {
    const key = `${height} x ${width}`;
    const known = sets.get(key) ?? read({ height, width });
    sets.set(key, known);
    return known;
  };
}
