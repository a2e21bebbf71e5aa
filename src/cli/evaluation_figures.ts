/**
 * What an evaluation prints: figures, protocol, overlap, and why a figure is not there.
 *
 * @module
 */
import {
  plainTable,
  type PlainTableRow,
  type TableColumn,
} from "../figures/mod.ts";
import { protocolLine, type ProtocolRecord } from "../metrics/mod.ts";
import type { TestOverlap } from "../stages/mod.ts";

/** The figures of an evaluation. */
export interface EvaluationFigures {
  /** Columns of the table. */
  columns: TableColumn[];
  /** Its rows. */
  rows: PlainTableRow[];
  /** Protocols, by the part they belong to; `""` for the whole. */
  protocols: { [part: string]: ProtocolRecord };
  /** Why a figure is absent, by its name. */
  absent: { [figure: string]: string };
  /** Test images among those trained on, by the part; none where that was not looked for. */
  overlap: { [part: string]: TestOverlap[] };
  /** What to mind. */
  notes: string[];
}

/** Options of {@linkcode evaluationText}. */
export interface EvaluationTextOptions {
  /** What stands above the table. */
  title: string;
  /** Why test images were not looked for among those trained on, where they were not. */
  unchecked: string;
}

/**
 * Writes figures for a terminal.
 *
 * @param figures The figures.
 * @param options Title, and why there is no overlap.
 * @returns Text, with a line end.
 *
 * @example
 * ```ts
 * import { evaluationText } from "./evaluation_figures.ts";
 * import { verificationFigures } from "./recognition_figures.ts";
 *
 * const text = evaluationText(verificationFigures({}), { title: "Nothing", unchecked: "It was not asked for." });
 * console.log(text.startsWith("Nothing")); // true
 * ```
 */
export function evaluationText(
  figures: EvaluationFigures,
  options: EvaluationTextOptions,
): string {
  const { columns, rows, protocols, absent, overlap, notes } = figures;
  const found = Object.entries(overlap).flatMap(([part, sets]) =>
    sets.map((one) => ({ part, ...one }))
  );
  const named = (part: string) => part === "" ? "" : ` (${part})`;
  const lines = [
    ...notes,
    ...Object.entries(absent).map(([figure, why]) => `No ${figure}: ${why}`),
    ...Object.entries(protocols).map(([part, record]) =>
      `Protocol${named(part)}: ${protocolLine(record)}`
    ),
    ...found.map(({ part, name, affected, paths }) =>
      `Overlap${named(part)}: ${affected} test images stand among ${name}${
        affected > 0
          ? `, as ${paths[0]}: the figures say nothing about strangers`
          : ""
      }.`
    ),
    ...(found.length === 0
      ? [`Overlap: not checked. ${options.unchecked}`]
      : [found[0].rule]),
  ];
  const caption = options.title;
  return `${plainTable(columns, rows, { caption })}\n${lines.join("\n")}\n`;
}

/**
 * Reasons but that of the overlap, which stands in a line of its own.
 *
 * @param absent Why figures are absent.
 * @returns The others.
 *
 * @example
 * ```ts
 * import { withoutOverlap } from "./evaluation_figures.ts";
 *
 * console.log(withoutOverlap({ overlap: "It was not asked for." })); // {}
 * ```
 */
export function withoutOverlap(
  { overlap: _, ...others }: { [figure: string]: string },
): { [figure: string]: string } {
  return others;
}
