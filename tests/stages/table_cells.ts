import { protocolRecord } from "../../src/metrics/mod.ts";
import type { TableCellResult } from "../../src/stages/mod.ts";

/** A cell that no training was needed for. */
export function cellOf(
  method: string,
  seed: number,
  values: { [column: string]: number },
  extra: Partial<TableCellResult> = {},
): TableCellResult {
  return {
    method,
    seed,
    how: `8 real images, for ${method}`,
    values,
    absent: {},
    protocols: {
      LFW: protocolRecord({
        name: "verification",
        parameters: { folds: 10, embedder: `${method} ${seed}` },
        counts: { pairs: 600 },
      }),
    },
    overlap: [{
      name: "the real images",
      affected: 0,
      paths: [],
      rule: "A rule.",
    }],
    ...extra,
  };
}
