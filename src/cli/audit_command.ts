/**
 * `outis audit`: does a synthetic set leak the people it was made from?
 *
 * @module
 */
import process from "node:process";
import { type Embedder, isThere, writeAtomic } from "../core/mod.ts";
import {
  auditPage,
  auditPrivacy,
  checkAuditSets,
  cleanDataset,
  priorUrl,
  type PrivacyAudit,
} from "../stages/mod.ts";
import { auditFolders, auditSets } from "./audit_sets.ts";
import { auditEmbedder, rewardFingerprint } from "./audit_embedders.ts";
import { badInput } from "./bad_input.ts";
import { auditPlan } from "./audit_plan.ts";
import { type Command, defineCommand } from "./command.ts";
import { openRun } from "./open_run.ts";
import { UsageError } from "./options.ts";
import { engineOptions } from "./setup_command.ts";

const table = {
  synthetic: {
    value: "DIR",
    help:
      "images to be released, one folder per identity (needed without --run)",
  },
  real: {
    value: "DIR",
    help:
      "photographs the generator was trained on, one folder per person (needed without --run)",
  },
  control: {
    value: "DIR",
    help:
      "photographs of other real people, never trained on: what excess is judged against",
  },
  run: {
    value: "DIR",
    help:
      "a run of reproduce: audits its synthetic images against its training images, with its test people as control",
  },
  fmr: {
    value: "RATE",
    help:
      "false-match rate that sets the threshold of a match, 1e-4 to 1e-2; takes 10 / RATE pairs of different people (default 1e-3)",
  },
  significance: {
    value: "P",
    help:
      "probability that a clean set fails, all tests together (default 0.01)",
  },
  duplicates: {
    value: "N",
    least: 0,
    help: "near duplicates of real images that still pass (default 0)",
  },
  drop: {
    value: "WHICH",
    choices: ["any", "all"],
    help:
      "drop images that any embedder matches with a real person, or that all do (default any, which drops more strangers)",
  },
  embedder: {
    value: "NAME",
    many: true,
    help:
      "matcher, given twice or more: auditor (beside the prior), auditor=DIR (beside another), procedural (trained here on other procedural people, a minute), or MODEL=FILE such as iresnet50=FILE (default auditor and procedural)",
  },
  reward: {
    value: "NAME",
    many: true,
    help:
      "embedder behind the reward, which may not judge: a run of reproduce, or as --embedder (default that of --run)",
  },
  prior: {
    value: "DIR",
    help: "generator whose auditor is meant (default: the one shipped)",
  },
  search: {
    value: "HOW",
    choices: ["exact", "approximate"],
    help:
      "compare all pairs, or search an index whose recall is measured, worth it from a million images (default exact)",
  },
  listed: { value: "N", least: 0, help: "worst pairs listed (default 100)" },
  clean: {
    value: "DIR",
    help: "write the synthetic set without the dropped images here",
  },
  redact: { help: "blur real faces, and what matches them, in the page" },
  seed: {
    value: "N",
    least: 0,
    help: "seed of permutations and samples (default 0)",
  },
  out: {
    value: "DIR",
    help:
      "where audit.json, audit.html and drop.txt go, and the trained embedder is kept (default runs/audit)",
  },
  ...engineOptions,
} as const;

const REFUSED = 3;
/** Side of the pictures that the procedural embedder takes, pixels. */
const PROCEDURAL_SIZE = 64;

/** Runs `outis audit`. */
export const auditCommand: Command = defineCommand({
  name: "audit",
  group: "Release safely",
  summary:
    "Audit a synthetic set before release; exit code 3 if it leaks real people",
  about:
    "Compares every synthetic image with every photograph the generator was trained on, in the eyes of two embedders that had no part in the reward, and asks whether more of them match than match people never trained on. It is a gate: 0 where it passes, 3 where not. audit.html shows the worst pairs.",
  examples: [
    {
      args: "--run runs/mine --redact",
      does: "the images of a run of reproduce, with its test people as control",
    },
    {
      args:
        "--synthetic drawn/ --real trained-on/ --control others/ --clean released/",
      does: "any set; what stays is copied to released/",
    },
  ],
  options: table,
  plans: true,
  async run(call) {
    const { options, signal, say, display } = call;
    const { out = "runs/audit", seed = 0, clean } = options;
    const fmr = number("--fmr", options.fmr, 1e-3);
    const significance = number("--significance", options.significance, 0.01);
    const names = options.embedder.length === 0
      ? ["auditor", "procedural"]
      : options.embedder;
    if (new Set(names).size < 2) {
      throw usage("--embedder", "given twice or more, not the same", names[0]);
    }
    const folders = await auditFolders(options);
    if (clean !== undefined && await isThere(clean)) {
      throw usage("--clean", "a path where nothing is", clean);
    }
    const engine = await call.engine();
    using owned = new DisposableStack();
    const sets = await badInput(() =>
      auditSets(folders, { signal, onStep: display.step })
    );
    // What cannot be judged is told before an embedder is trained.
    await badInput(() =>
      checkAuditSets(sets, {
        level: significance / names.length,
        falseMatchRate: fmr,
      })
    );
    await call.announce({
      ...auditPlan(sets, {
        embedders: names,
        pixels: PROCEDURAL_SIZE ** 2,
        exact: options.search !== "approximate",
      }),
      out,
    });
    using run = await openRun(out, {
      configuration: {
        command: "audit",
        seed,
        prior: options.prior,
      },
      engine,
    });
    const how = {
      prior: options.prior ?? priorUrl(),
      seed: seed + 1,
      size: PROCEDURAL_SIZE,
      checkpoint: run.file("procedural_embedder.safetensors"),
      signal,
      onStep: display.step,
    };
    const embedders: { [name: string]: Embedder } = {};
    for (const name of names) {
      const key = name.split("=")[0];
      embedders[key in embedders ? name : key] = owned.use(
        await auditEmbedder(name, how),
      );
    }
    const rewards = [
      ...options.reward,
      ...(options.run === undefined ? [] : [options.run]),
    ];
    const audit = await judged(() =>
      (async () =>
        await auditPrivacy({
          ...sets,
          embedders,
          rewardFingerprints: await Promise.all(
            rewards.map((place) => rewardFingerprint(place, how)),
          ),
          falseMatchRate: fmr,
          significance,
          allowedDuplicates: options.duplicates ?? 0,
          drop: (options.drop ?? "any") as "any" | "all",
          search: (options.search ?? "exact") as "exact" | "approximate",
          listed: options.listed ?? 100,
          seed,
          signal,
          onStep: display.step,
        }))()
    );
    display.end();
    const { preprocessing } = Object.values(embedders)[0];
    const page = await auditPage({
      audit,
      ...sets,
      size: preprocessing,
      redact: options.redact,
      facts: [["Seed", seed], ["Engine", engine.description]],
      manifest: { ...audit, pairs: undefined, dropList: undefined },
    });
    const dropped = audit.dropList.map((i) => sets.synthetic.paths[i]);
    signal.throwIfAborted();
    await writeAtomic(run.file("audit.json"), jsonOf(audit, dropped));
    await writeAtomic(
      run.file("drop.txt"),
      dropped.map((path) => `${path}\n`).join(""),
    );
    await writeAtomic(run.file("audit.html"), page);
    if (clean !== undefined) {
      const stayed = await cleanDataset(folders.synthetic, {
        drop: new Set(dropped),
        out: clean,
        signal,
        onProgress: (done, total) =>
          display.step("copy what stays", done, total, {}),
      });
      say(`${clean}: ${stayed} images stay.`);
    }
    for (const { name, passed, reason } of audit.verdicts) {
      say(`${passed ? "passes" : "FAILS"}  ${name}: ${reason}`);
    }
    const peak = process.resourceUsage().maxRSS / 1024;
    say(`Most memory held: ${Math.round(peak)} MiB.`);
    await run.finish();
    return {
      text: run.file("audit.html"),
      json: { page: run.file("audit.html"), ...audit, dropped },
      code: audit.passed ? 0 : REFUSED,
    };
  },
});

/** What an audit refuses is the caller's to mend; what fails in it is not. */
async function judged<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isRefusal = error instanceof RangeError ||
      error instanceof TypeError && error.message.startsWith("Cannot audit") ||
      error instanceof SyntaxError;
    throw isRefusal ? new UsageError(error.message) : error;
  }
}

function jsonOf(audit: PrivacyAudit, dropped: string[]): string {
  return JSON.stringify({ schema: 1, ...audit, dropped }, null, 2) + "\n";
}

function number(
  name: string,
  text: string | undefined,
  usual: number,
): number {
  const value = text === undefined ? usual : Number(text);
  if (Number.isFinite(value) && value > 0 && value < 1) return value;
  throw usage(name, "a number above 0 and below 1", `${text}`);
}

function usage(name: string, rule: string, value: string): UsageError {
  return new UsageError(
    `Cannot audit as '${name}' must be ${rule}: current value is ${value}`,
  );
}
