/**
 * The Python process that does the same work in PyTorch, spoken to by lines of JSON (see peer.py).
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Variant } from "./work.ts";

/** The peer cannot be started or cannot do what it was asked. */
export class PeerError extends Error {
  override name = "PeerError";
}

/** A running peer. */
export interface Peer {
  /** Version of PyTorch. */
  version: string;
  /** Number of the process. */
  pid: number;
  /** Makes a work ready with the tensors of a safetensors file, and returns numbers of its first three results. */
  prepare: (
    work: string,
    file: string,
    variant: Variant,
  ) => Promise<number[][]>;
  /** Milliseconds for doing a prepared work once, averaged over `repeats` times in a row. */
  time: (variant: Variant, repeats: number) => Promise<number>;
  /** Drops what is prepared. */
  drop: () => Promise<void>;
  /** Ends the process. */
  close: () => Promise<void>;
}

/**
 * Starts the peer.
 *
 * @param threads Number of threads it computes with.
 * @throws {PeerError} If there is no Python, or it has no PyTorch.
 */
export async function startPeer(threads: number): Promise<Peer> {
  const child = spawn(threads);
  const writer = child.stdin.getWriter();
  const lines = readLines(child.stdout);

  async function ask(request: Record<string, unknown>) {
    await writer.write(
      new TextEncoder().encode(JSON.stringify(request) + "\n"),
    );
    const { value, done } = await lines.next();
    if (done) throw new PeerError("Cannot go on as Python has ended");
    const answer = JSON.parse(value) as Record<string, unknown>;
    if (answer.error !== undefined) throw new PeerError(String(answer.error));
    return answer;
  }

  async function close() {
    await writer.close();
    await child.status;
  }

  let version: string;
  try {
    version = String((await ask({ do: "start", threads })).torch);
  } catch (error) {
    await close();
    if (!(error instanceof PeerError)) throw error;
    throw new PeerError(
      `Cannot compare with PyTorch as python3 must have it, 'pip install torch==2.13.0' installs it: ${error.message}`,
    );
  }
  return {
    version,
    pid: child.pid,
    prepare: async (work, file, variant) =>
      (await ask({ do: "prepare", work, file, variant })).check as number[][],
    time: async (variant, repeats) =>
      (await ask({ do: "time", variant, repeats })).ms as number,
    drop: async () => void await ask({ do: "drop" }),
    close,
  };
}

function spawn(threads: number): Deno.ChildProcess {
  try {
    return new Deno.Command("python3", {
      args: [fileURLToPath(new URL("./peer.py", import.meta.url))],
      env: { OMP_NUM_THREADS: String(threads), PYTHONDONTWRITEBYTECODE: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new PeerError(
      "Cannot compare with PyTorch as python3 must be installed, and PyTorch in it by 'pip install torch==2.13.0': there is no python3",
    );
  }
}

async function* readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}
