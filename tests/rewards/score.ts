import { owned, tf } from "../../src/engine/mod.ts";
import {
  type BatchLabels,
  type MemoryBank,
  scoreBatch,
  type ScoreBatchOptions,
} from "../../src/rewards/mod.ts";
import { take } from "./take.ts";

/** All values that scoreBatch() gives, by name, its tensors disposed. */
export function score(
  bank: MemoryBank,
  rows: number[][],
  labels: BatchLabels,
  options?: ScoreBatchOptions,
): Record<string, number[]> {
  using features = owned(tf.tensor2d(rows));
  const { total, raw, standardized, weights } = scoreBatch(
    features.value,
    labels,
    bank,
    options,
  );
  tf.dispose(weights);
  return {
    total: take(total),
    semantic: take(raw.semantic),
    coverage: take(raw.coverage),
    expressive: take(raw.expressive),
    standardSemantic: take(standardized.semantic),
    standardCoverage: take(standardized.coverage),
    standardExpressive: take(standardized.expressive),
  };
}

/** Numbers that look random, the same everywhere. */
export function waves(rows: number, width: number): number[][] {
  return Array.from(
    { length: rows },
    (_, i) =>
      Array.from(
        { length: width },
        (_, j) => Math.sin(1 + 3.7 * i + 12.9 * j * (i + 1)) + 0.3,
      ),
  );
}
