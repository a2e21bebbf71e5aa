/**
 * `outis withdraw`: takes a person out who has taken back consent.
 *
 * @module
 */
import { basename } from "node:path";
import process from "node:process";
import { type Embedder, writeAtomic } from "../core/mod.ts";
import { type ImageRecord, listImageFolder } from "../data/mod.ts";
import {
  type AuditImages,
  auditRecords,
  priorUrl,
  type Withdrawal,
  withdrawalPage,
  withdrawPerson,
} from "../stages/mod.ts";
import { auditEmbedder } from "./audit_embedders.ts";
import { badInput } from "./bad_input.ts";
import { type Command, defineCommand } from "./command.ts";
import { type ParsedOptions, UsageError } from "./options.ts";
import { engineOptions } from "./setup_command.ts";

const table = {
  person: {
    value: "DIR",
    help: "photographs of the person, in one folder (needed)",
  },
  name: {
    value: "NAME",
    help: "the person's identity in the training data (default: the folder's)",
  },
  dataset: { value: "DIR", help: "an exported data set, in any format" },
  run: { value: "DIR", help: "a run of reproduce or identities" },
  generator: { value: "DIR", help: "a saved generator" },
  bank: { value: "FILE", help: "a saved memory bank" },
  real: {
    value: "DIR",
    help:
      "the training photographs, one folder per person: tell who is nearest, and needed for the audit",
  },
  control: {
    value: "DIR",
    help: "photographs of people never trained on, for the audit",
  },
  within: {
    value: "RAD",
    help:
      "without --real: up to which angle an image is nearest to the person (default 0.6)",
  },
  fmr: {
    value: "RATE",
    help: "false-match rate of the audit, 1e-4 to 1e-2 (default 1e-3)",
  },
  embedder: {
    value: "NAME",
    many: true,
    help:
      "what tells who is near: auditor, procedural or MODEL=FILE, as audit takes them (default auditor; with --real procedural, too)",
  },
  prior: {
    value: "DIR",
    help: "generator whose auditor is meant (default: the one shipped)",
  },
  by: { value: "NAME", help: "who signs the record off" },
  "dry-run": { help: "tell what would be done, and change nothing" },
  out: {
    value: "DIR",
    help:
      "where withdrawal.{json,md} go; they name the person (default withdrawals/TIME)",
  },
  ...engineOptions,
} as const;

type Options = ParsedOptions<typeof table>;

/** Exit code where the audit of what is left says no. */
const REFUSED = 3;

/** Runs `outis withdraw`. */
export const withdrawCommand: Command = defineCommand({
  name: "withdraw",
  group: "Release safely",
  summary:
    "Take a person out of synthetic sets, generators and memory banks, audit what is left, and list what to train again",
  about:
    "For when somebody takes back consent. Removes the images made of the person or near them, retires their class, drops their features, audits what is left, and writes a record to be signed. Weights keep traces: what must be trained again is listed. Look with --dry-run first.",
  examples: [
    {
      args: "--person faces/ann --run runs/mine --real faces/ --dry-run",
      does: "what would be done",
    },
    {
      args: '--person faces/ann --run runs/mine --real faces/ --by "D. Po"',
      does: "does it, signed; exit code 3 where the audit says no",
    },
  ],
  options: table,
  stopped: "Stopped. Nothing has changed.",
  async run(call) {
    const { options, signal, say, display } = call;
    const { person, within, fmr } = options;
    if (person === undefined) throw usage("--person", "given", "nothing");
    const { dataset, run, generator, bank } = options;
    if ([dataset, run, generator, bank].every((one) => one === undefined)) {
      throw usage("--dataset, --run, --generator or --bank", "given", "none");
    }
    const angle = number("--within", within);
    const falseMatchRate = number("--fmr", fmr);
    const name = options.name ?? basename(person.replace(/\/+$/, ""));
    const photographs = await badInput(() => photographsOf(person, name));
    const real = await peopleOf(options.real);
    const control = await peopleOf(options.control);
    const at = new Date(Date.now()).toISOString();
    const out = options.out ??
      `withdrawals/${at.slice(0, 19).replaceAll(":", "-")}`;
    await call.engine();
    using owned = new DisposableStack();
    const embedders = await openEmbedders(options, signal, display.step);
    for (const one of Object.values(embedders)) owned.use(one);
    const record = await badInput(() =>
      withdrawPerson({
        name,
        photographs,
        real,
        control,
        embedders,
        dataset,
        run,
        generator,
        bank,
        within: angle,
        audit: falseMatchRate === undefined ? {} : { falseMatchRate },
        dryRun: options["dry-run"],
        at,
        by: options.by,
        signal,
        onStep: display.step,
      })
    );
    display.end();
    await Deno.mkdir(out, { recursive: true });
    await writeAtomic(
      `${out}/withdrawal.json`,
      JSON.stringify(record, null, 2) + "\n",
    );
    await writeAtomic(`${out}/withdrawal.md`, withdrawalPage(record));
    for (const line of report(record)) say(line);
    return {
      text: `${out}/withdrawal.md`,
      json: record,
      code: record.audits.every(({ passed }) => passed) ? 0 : REFUSED,
    };
  },
});

/** Images right in the folder. */
async function photographsOf(
  folder: string,
  identity: string,
): Promise<AuditImages> {
  const records: ImageRecord[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (!isFile || !/\.(png|jpe?g|webp)$/i.test(name)) continue;
      records.push({ path: `${folder}/${name}`, identity });
    }
  } catch {
    throw usage("--person", "a folder that is there", folder);
  }
  if (records.length === 0) {
    throw usage("--person", "a folder with photographs in it", folder);
  }
  return auditRecords(records.sort((a, b) => a.path < b.path ? -1 : 1));
}

async function peopleOf(
  folder: string | undefined,
): Promise<AuditImages | undefined> {
  if (folder === undefined) return undefined;
  const { records } = await badInput(() => listImageFolder(folder));
  return auditRecords(records);
}

async function openEmbedders(
  options: Options,
  signal: AbortSignal,
  onStep: (
    part: string,
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void,
): Promise<{ [name: string]: Embedder & Disposable }> {
  const usual = options.real === undefined
    ? ["auditor"]
    : ["auditor", "procedural"];
  const names = options.embedder.length === 0 ? usual : options.embedder;
  const embedders: { [name: string]: Embedder & Disposable } = {};
  for (const name of names) {
    embedders[name.split("=")[0]] = await auditEmbedder(name, {
      prior: options.prior ?? priorUrl(),
      seed: 1,
      size: 64,
      signal,
      onStep: (part, done, total, metrics) =>
        onStep(
          part.replace("auditor", "procedural embedder"),
          done,
          total,
          metrics,
        ),
    });
  }
  return embedders;
}

function report(record: Withdrawal): string[] {
  const { places, retrain, audits, absent, state } = record;
  const will = state === "done" ? "removed" : "would be removed";
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  return [
    ...places.map(({ kind, path, samples, label, references }) =>
      [
        `${kind} ${path}: ${samples.length} images ${will}`,
        ...(label === undefined ? [] : [`class ${label} retired`]),
        ...(references === 0 ? [] : [`${references} features ${will}`]),
      ].join(", ")
    ),
    `${retrain.length} things must be trained again`,
    ...audits.map(({ path, passed }) =>
      `audit of what is left in ${path}: ${passed ? "passed" : "NOT passed"}`
    ),
    ...Object.entries(absent).map(([what, why]) => `no ${what}: ${why}`),
    `Most memory held: ${peak} MiB.`,
  ];
}

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw usage(name, "a number above 0", text);
}

function usage(name: string, rule: string, value: string): UsageError {
  return new UsageError(
    `Cannot withdraw a person as '${name}' must be ${rule}: current value is ${value}`,
  );
}
