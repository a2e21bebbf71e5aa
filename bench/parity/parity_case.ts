/**
 * What is checked against PyTorch: one network, full size.
 *
 * @module
 */
import type { Params } from "../../src/core/mod.ts";
import type { tf } from "../../src/engine/mod.ts";
import type { NameScheme } from "../../src/models/mod.ts";

/** One network. */
export interface ParityCase {
  /** Name in the table. */
  name: string;
  /** Its name in cases.py. */
  twin: string;
  /** Makes it: shapes of its weights, their names in PyTorch, and what it computes. Called when its turn comes. */
  make: () => {
    shapes: { [name: string]: number[] };
    scheme: NameScheme;
    /** Outputs from inputs, under the names of the twin's. Pure: it is jitted. */
    run: (params: Params, inputs: Params) => { [name: string]: tf.Tensor };
  };
  /** How far outputs may differ, as a share of their root mean square. @default 1e-3 */
  tolerance?: number;
}
