/**
 * What a withdrawal does in one place: a data set, a run, a generator, a memory bank.
 *
 * @module
 */
import type { FolderReplacement } from "../core/mod.ts";
import { linkFolder, openExported, rewriteExport } from "../data/mod.ts";
import type { GeneratorConfig } from "./generator.ts";
import {
  type PersonSample,
  personSamples,
  type PersonSamplesInput,
} from "./person_samples.ts";
import {
  retiredConfig,
  retireFromBank,
  retireWeights,
} from "./retire_class.ts";
import type { WithdrawPersonInput } from "./withdraw_person.ts";
import { runPeople, withdrawFromRun } from "./withdraw_run.ts";
import type { Retraining, WithdrawnPlace } from "./withdrawal.ts";

/** Kinds of places. */
export type PlaceKind = WithdrawnPlace["kind"];

/** What is to be done in one place. */
export interface WithdrawalPlan {
  /** The place, and what was found there. */
  place: WithdrawnPlace;
  /** Whether there is anything to do. */
  isTouched: boolean;
  /** Where its images lie within it, to be audited. */
  imagesIn?: string;
  /** Makes the next version. */
  make: (to: Pick<FolderReplacement, "path" | "next">) => Promise<void>;
  /** What must be trained again. */
  retrain: () => Retraining[];
}

const ACT = "withdraw a person";

/**
 * Finds what a place holds of a person, and how to take it out. Nothing is changed yet.
 *
 * @param kind What kind of place.
 * @param path Its path.
 * @param input Person, others, embedders.
 * @returns The plan.
 * @throws {RangeError} If the place is of another kind.
 * @throws {SyntaxError} If it is damaged.
 *
 * @example
 * ```ts
 * import { planWithdrawal } from "./withdrawal_plan.ts";
 *
 * console.log(planWithdrawal.length); // 3
 * ```
 */
export async function planWithdrawal(
  kind: PlaceKind,
  path: string,
  input: WithdrawPersonInput,
): Promise<WithdrawalPlan> {
  if (kind === "dataset") return await planDataset(path, input);
  if (kind === "run") return await planRun(path, input);
  if (kind === "generator") return await planGenerator(path, input);
  return await planBank(path, input);
}

function placeAt(
  kind: WithdrawnPlace["kind"],
  path: string,
): WithdrawnPlace {
  return { kind, path, samples: [], weights: [], references: 0, removed: [] };
}

function samplesOf(
  set: PersonSamplesInput["set"],
  input: WithdrawPersonInput,
): Promise<PersonSample[]> {
  const { name, photographs, real: others, embedders, within } = input;
  const { signal, onStep } = input;
  return personSamples({
    set,
    name,
    photographs,
    others,
    embedders,
    within,
    signal,
    onStep: (part, done, total) => onStep?.(part, done, total, {}),
  });
}

function noteOf(samples: readonly PersonSample[], at: string): string {
  return `${
    at.slice(0, 10)
  }: ${samples.length} images were withdrawn, as a person has taken back consent.`;
}

const trainedOn = (manifest: string): Retraining => ({
  what: `whatever was trained on the images of manifest ${manifest}`,
  why: "it saw images of the person: train again on what is left",
});

async function planDataset(
  path: string,
  input: WithdrawPersonInput,
): Promise<WithdrawalPlan> {
  const set = await openExported(path);
  if (set.storage === "run") {
    throw new RangeError(
      `Cannot ${ACT} as 'dataset' must be an export, and runs are given as such: current value is ${path}`,
    );
  }
  const samples = await samplesOf(set, input);
  const gone = new Set(samples.map(({ path }) => path));
  const place = {
    ...placeAt("dataset", path),
    samples,
    manifest: { before: set.manifest } as { before: string; after?: string },
  };
  return {
    place,
    isTouched: samples.length > 0,
    imagesIn: "",
    async make({ next }) {
      await rewriteExport(set, {
        out: next,
        isKept: ({ path }) => !gone.has(path),
        note: noteOf(samples, input.at),
        signal: input.signal,
      });
      place.manifest.after = (await openExported(next)).manifest;
    },
    retrain: () => [trainedOn(set.manifest)],
  };
}

async function planRun(
  path: string,
  input: WithdrawPersonInput,
): Promise<WithdrawalPlan> {
  const people = await runPeople(path);
  const { set, classes = [], weights, pages } = people;
  const samples = set === undefined ? [] : await samplesOf(set, input);
  const gone = new Set(samples.map(({ path }) => path));
  const label = classes.indexOf(input.name);
  const place: WithdrawnPlace = {
    ...placeAt("run", path),
    samples,
    removed: pages,
    ...(label < 0 ? {} : { label }),
    ...(set && { manifest: { before: set.manifest } }),
  };
  return {
    place,
    isTouched: samples.length > 0 || label >= 0,
    ...(set && { imagesIn: "/synthetic" }),
    async make(to) {
      place.weights = await withdrawFromRun(people, to, {
        ...(label < 0 ? {} : { label }),
        at: input.at,
        isKept: ({ path }) => !gone.has(path),
        note: "",
        signal: input.signal,
      });
      if (set !== undefined) {
        const { manifest } = await openExported(`${to.next}/synthetic`);
        place.manifest!.after = manifest;
      }
    },
    retrain: () => [
      ...(label < 0 ? [] : weights.map((file) => ({
        what: `${path}/${file}`,
        why: "trained on photographs of the person: run again without them",
      }))),
      ...(set === undefined ? [] : [trainedOn(set.manifest)]),
    ],
  };
}

async function planGenerator(
  path: string,
  input: WithdrawPersonInput,
): Promise<WithdrawalPlan> {
  const file = `${path}/generator.json`;
  let config: GeneratorConfig & { shards: number };
  try {
    config = JSON.parse(await Deno.readTextFile(file));
  } catch {
    throw new RangeError(
      `Cannot ${ACT} as 'generator' must be a folder with generator.json: current value is ${path}`,
    );
  }
  if (config.schema !== 1 || !Array.isArray(config.identities)) {
    throw new RangeError(
      `Cannot ${ACT} as 'generator' must be of schema 1: current value is ${config.schema}`,
    );
  }
  const label = config.identities.indexOf(input.name);
  const place: WithdrawnPlace = {
    ...placeAt("generator", path),
    ...(label < 0 ? {} : { label }),
  };
  const files = Array.from(
    { length: config.shards },
    (_, i) => `weights-${i}.safetensors`,
  );
  return {
    place,
    isTouched: label >= 0,
    async make({ path: from, next }) {
      await linkFolder(from, next, (name) => name !== "generator.json");
      place.weights = await retireWeights(from, {
        files,
        out: next,
        label,
        classes: config.dit.classes,
      });
      await Deno.writeTextFile(
        `${next}/generator.json`,
        JSON.stringify(retiredConfig(config, label), null, 2) + "\n",
      );
    },
    retrain: () => [{
      what: `the generator ${path}`,
      why:
        "its other weights were trained on photographs of the person, too: cold-start it again without them",
    }],
  };
}

async function planBank(
  path: string,
  input: WithdrawPersonInput,
): Promise<WithdrawalPlan> {
  const found = await retireFromBank(path, input.name);
  return {
    place: { ...placeAt("bank", path), references: found.taken },
    isTouched: found.taken > 0,
    async make() {
      if (found.isEmpty) await Deno.remove(path);
      else await retireFromBank(path, input.name, path);
    },
    retrain: () => [],
  };
}
