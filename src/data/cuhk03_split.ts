/**
 * The new protocol of CUHK03: which image is whose, and what for.
 *
 * @module
 */
import { type MatValue, readMat5 } from "../io/mod.ts";
import type { Cuhk03Boxes } from "./read_cuhk03.ts";

/** One image of the protocol. */
export interface Cuhk03Split {
  /** Name, as in `1_001_1_01.png`: camera pair, person, camera, image. */
  file: string;
  /** Number of the person in the protocol, four digits. */
  identity: string;
  /** Camera, 1 or 2. */
  camera: number;
  /** What it is for. */
  split: "train" | "query" | "gallery";
}

const SPLITS = ["train", "query", "gallery"] as const;

/**
 * Name of the protocol's file.
 *
 * @param boxes Which images.
 * @returns The name its authors gave it.
 *
 * @example
 * ```ts
 * import { splitFileName } from "./cuhk03_split.ts";
 *
 * splitFileName("labeled"); // cuhk03_new_protocol_config_labeled.mat
 * ```
 */
export function splitFileName(boxes: Cuhk03Boxes): string {
  return `cuhk03_new_protocol_config_${boxes}.mat`;
}

/**
 * Reads the protocol's file: `filelist`, `labels`, `camId`, and the numbers from 1 of the images to train on
 * (`train_idx`), to search for (`query_idx`) and to search in (`gallery_idx`).
 *
 * @param path MAT-file of version 5.
 * @returns Images, first `train`, then `query`, then `gallery`, in the file's order.
 * @throws {SyntaxError} If it is no such file, an array is missing, or a number points outside of the list.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { readCuhk03Split } from "./cuhk03_split.ts";
 *
 * const path = await Deno.makeTempFile();
 * await assertRejects(() => readCuhk03Split(path), SyntaxError);
 * await Deno.remove(path);
 * ```
 */
export async function readCuhk03Split(path: string): Promise<Cuhk03Split[]> {
  const refuse = (rule: string, value: string) =>
    new SyntaxError(
      `Cannot read cuhk03's protocol as '${path}' must ${rule}: current value is ${value}`,
    );
  const variables = readMat5(await Deno.readFile(path), path);
  const get = <K extends MatValue["kind"]>(name: string, kind: K) => {
    const value = variables.get(name);
    if (value?.kind !== kind) {
      const names = [...variables.keys()].join(", ") || "nothing";
      throw refuse(`hold ${kind} named ${name}`, `one with ${names}`);
    }
    return value as Extract<MatValue, { kind: K }>;
  };
  const files = get("filelist", "cells").cells.map((cell) => {
    if (cell.kind === "text") return cell.text;
    throw refuse("hold texts in filelist", "one with others");
  });
  const labels = get("labels", "numbers").data;
  const cameras = get("camId", "numbers").data;
  for (const [name, { length }] of Object.entries({ labels, camId: cameras })) {
    if (length !== files.length) {
      throw refuse(`hold ${files.length} ${name}`, `${length}`);
    }
  }
  return SPLITS.flatMap((split) =>
    Array.from(get(`${split}_idx`, "numbers").data, (number): Cuhk03Split => {
      const i = number - 1;
      if (files[i] === undefined || !Number.isInteger(labels[i])) {
        throw refuse(
          `hold whole labels, and numbers from 1 to ${files.length} in ${split}_idx`,
          `image ${number} with label ${labels[i]}`,
        );
      }
      return {
        file: files[i],
        identity: String(labels[i]).padStart(4, "0"),
        camera: cameras[i],
        split,
      };
    })
  );
}
