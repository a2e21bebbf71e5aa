/**
 * `deno task bench:peers`: the same work here and in PyTorch, in turn, as lines of JSON.
 *
 * @module
 */
import { useBackend } from "../../src/engine/mod.ts";
import { commandHelp } from "../../src/cli/command_help.ts";
import {
  type OptionTable,
  parseOptions,
  UsageError,
} from "../../src/cli/options.ts";
import { pairForces } from "./brownian_works.ts";
import { compare } from "./compare.ts";
import { ditForward, ditGuided, ditStep } from "./dit_works.ts";
import { attentionWork, layerNormWork } from "./operation_works.ts";
import { type Peer, PeerError, startPeer } from "./peer.ts";
import { rankingWork } from "./ranking_works.ts";
import { resnetForward, resnetStep } from "./resnet_works.ts";
import { reinforceStep } from "./reinforce_works.ts";
import { rewardBatch } from "./reward_works.ts";
import { vaeDecode } from "./vae_works.ts";
import { vitForward, vitStep } from "./vit_works.ts";
import type { Work } from "./work.ts";

const OPTIONS = {
  only: { value: "NAME", help: "Only works whose name contains NAME" },
  rounds: {
    value: "N",
    least: 1,
    help: "Measurements of each side (default: 7)",
  },
  threads: {
    value: "N",
    least: 1,
    help: "Threads of each side (default: 2)",
  },
  "eager-only": { help: "Without channels-last layout and torch.compile" },
  help: { help: "Show this help" },
} as const satisfies OptionTable;

const WORKS: Work[] = [
  ditForward({ batch: 4, tokens: 256 }),
  ditStep({ batch: 4, tokens: 256 }),
  ditForward({ batch: 8, tokens: 64 }),
  ditStep({ batch: 8, tokens: 64 }),
  vaeDecode({ precision: "float32" }),
  vaeDecode({ precision: "bfloat16" }),
  ditGuided({ precision: "float32" }),
  ditGuided({ precision: "bfloat16" }),
  resnetForward(),
  resnetStep(),
  vitForward(),
  vitStep(),
  attentionWork(),
  layerNormWork(),
  reinforceStep("labelEmbedding+adaLN"),
  reinforceStep("all"),
  rewardBatch({ samples: 64 }),
  rewardBatch({ samples: 1024 }),
  pairForces({ count: 4096 }),
  rankingWork({ queries: 3368, gallery: 19_732, width: 2048 }),
];

/** Runs what was asked for and returns the exit code. */
async function main(args: string[]): Promise<number> {
  let peer: Peer | undefined;
  const folder = await Deno.makeTempDir();
  try {
    const options = parseOptions(args, OPTIONS);
    if (options.help) {
      console.log(
        commandHelp({
          name: "bench:peers",
          called: "deno task bench:peers",
          group: "Runs and this machine",
          summary: "Time the same work here and in PyTorch",
          about:
            "Each work is run here and in PyTorch in turn, several rounds, so that both see the same machine; the figures are ratios.",
          examples: [{
            args: "--only attention --rounds 3",
            does: "one work, quickly",
          }],
          operands: [],
          options: OPTIONS,
        }),
      );
      return 0;
    }
    const { only = "", rounds = 7, threads = 2 } = options;
    const chosen = WORKS.filter(({ name }) =>
      name.toLowerCase().includes(only.toLowerCase())
    );
    if (chosen.length === 0) {
      throw new UsageError(
        `Cannot compare as '--only' must be part of one of ${
          WORKS.map(({ name }) => `'${name}'`).join(", ")
        }: current value is ${only}`,
      );
    }
    peer = await startPeer(threads);
    const engine = await useBackend("tensorflow", { threads });
    console.error(
      `ours: tensorflow ${engine.version}; peer: torch ${peer.version}; ${threads} threads, ${rounds} rounds`,
    );
    for (const work of chosen) {
      const result = await compare(work, peer, {
        rounds,
        allVariants: !options["eager-only"],
        folder,
      });
      console.log(JSON.stringify(result));
    }
    return 0;
  } catch (error) {
    if (error instanceof UsageError || error instanceof PeerError) {
      console.error(error.message);
      return error instanceof UsageError ? 2 : 1;
    }
    throw error;
  } finally {
    await peer?.close();
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
