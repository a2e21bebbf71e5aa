/**
 * One work, ours and the peer's in turn.
 *
 * @module
 */
import { join } from "node:path";
import { disposeParams, type Params } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { type WritableTensor, writeSafetensors } from "../../src/io/mod.ts";
import { peakMemory, resetPeak } from "./peak_memory.ts";
import { type Peer, PeerError } from "./peer.ts";
import type { StartedWork, Variant, Work } from "./work.ts";

/** Options of {@linkcode compare}. */
export interface CompareOptions {
  /** Measurements of each side. */
  rounds: number;
  /** Whether PyTorch's faster variants are measured, too. */
  allVariants: boolean;
  /** Folder for the file the sides share. */
  folder: string;
}

/** Medians over the rounds, milliseconds. */
export type Comparison = {
  name: string;
  oursMs: number;
  /** PyTorch eager in its default layout. */
  peerMs: number;
  /** oursMs / peerMs. */
  ratio: number;
  /** PyTorch with images in channels-last layout; null where it failed. */
  peerChannelsLastMs?: number | null;
  /** PyTorch with torch.compile; null where it failed, as without a C++ compiler. */
  peerCompileMs?: number | null;
  /** Fastest of each side. */
  oursFastestMs: number;
  peerFastestMs: number;
  /** Most memory of each process while it worked, weights and library included, MiB; none where the system is silent. */
  oursPeakMiB?: number;
  peerPeakMiB?: number;
};

/** How far results may differ, as a share of their root mean square: float32 in another order of sums. */
const TOLERANCE = 1e-3;
/** The same after a step of training: Adam divides by the size of a gradient, so that its noise weighs as much. */
const TOLERANCE_LATER = 1e-2;

/**
 * Measures one work on both sides in turn, after a check that both compute the same.
 *
 * @throws {PeerError} If the peer cannot do it, or computes something else.
 */
export async function compare(
  work: Work,
  peer: Peer,
  { rounds, allVariants, folder }: CompareOptions,
): Promise<Comparison> {
  const tensors = work.tensors();
  const file = join(folder, "shared.safetensors");
  await writeSafetensors(file, toWritable(tensors));
  const ours = work.start(tensors);
  const expected = await checkNumbers(ours);
  assertSame(work, expected, await peer.prepare(work.peer, file, "eager"));
  const variants: Variant[] = ["eager"];
  for (const variant of allVariants ? work.variants : []) {
    try {
      await peer.prepare(work.peer, file, variant);
      variants.push(variant);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
    }
  }
  const times: Record<Variant | "ours", number[]> = {
    ours: [],
    eager: [],
    channelsLast: [],
    compile: [],
  };
  const processes = [Deno.pid, peer.pid];
  await Promise.all(processes.map(resetPeak));
  for (let i = 0; i < rounds; i++) {
    times.ours.push(await measure(ours, work.repeats));
    for (const variant of variants) {
      times[variant].push(await peer.time(variant, work.repeats));
    }
  }
  const [oursPeakMiB, peerPeakMiB] = await Promise.all(
    processes.map(peakMemory),
  );
  await peer.drop();
  ours.dispose();
  disposeParams(tensors);
  const [oursMs, peerMs] = [median(times.ours), median(times.eager)];
  return {
    name: work.name,
    oursMs: rounded(oursMs),
    peerMs: rounded(peerMs),
    ratio: rounded(oursMs / peerMs),
    ...(allVariants
      ? Object.fromEntries(
        work.variants.map((variant) => [
          variant === "compile" ? "peerCompileMs" : "peerChannelsLastMs",
          variants.includes(variant) ? rounded(median(times[variant])) : null,
        ]),
      )
      : {}),
    oursFastestMs: rounded(Math.min(...times.ours)),
    peerFastestMs: rounded(Math.min(...times.eager)),
    oursPeakMiB,
    peerPeakMiB,
  };
}

/** Milliseconds for doing it once. */
async function measure(work: StartedWork, repeats: number): Promise<number> {
  // The peer's threads spin for a moment after their work; ours should not have to share the cores with that.
  await new Promise((resolve) => setTimeout(resolve, 30));
  const begin = performance.now();
  for (let i = 0; i < repeats; i++) tf.dispose(await work.run());
  return (performance.now() - begin) / repeats;
}

/** Runs that are checked; the second shows what the first did to the weights. As in peer.py. */
const RUNS = 3;

/** Root mean square and eight values of everything the first runs compute, as peer.py samples it. */
async function checkNumbers(work: StartedWork): Promise<number[][]> {
  const samples: number[][] = [];
  for (let i = 0; i < RUNS; i++) {
    for (const y of await work.run()) {
      const values = y.dataSync<"float32">();
      const squares = values.reduce((sum, value) => sum + value * value, 0);
      const places = Array.from(
        { length: 8 },
        (_, j) => values[Math.floor(j * values.length / 8)],
      );
      samples.push([Math.sqrt(squares / values.length), ...places]);
      y.dispose();
    }
  }
  return samples;
}

function assertSame(work: Work, ours: number[][], peers: number[][]): void {
  ours.forEach((sample, i) => {
    const off = sample.map((value, j) => Math.abs(value - peers[i]?.[j]));
    const worst = Math.max(...off) / sample[0];
    const isFirst = i < ours.length / RUNS;
    const tolerance = work.tolerance ?? TOLERANCE;
    if (
      !(worst <= (isFirst ? tolerance : Math.max(tolerance, TOLERANCE_LATER)))
    ) {
      throw new PeerError(
        `Cannot compare '${work.name}' as both sides must compute the same: result ${i} differs by ${worst} of its size`,
      );
    }
  });
}

function toWritable(tensors: Params): Record<string, WritableTensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      {
        shape: tensor.shape,
        data: tensor.dataSync() as Float32Array | Int32Array,
      },
    ]),
  );
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Four digits: more are noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
