/**
 * The most memory a process has held, as Linux counts it.
 *
 * @module
 */

/**
 * Forgets the peak so far: from now on it is what the process holds.
 *
 * @param pid Number of the process.
 */
export async function resetPeak(pid: number): Promise<void> {
  await shell(`echo 5 > /proc/${pid}/clear_refs`);
}

/**
 * The peak since the process began or {@linkcode resetPeak} was called.
 *
 * @param pid Number of the process.
 * @returns MiB; `undefined` where the system does not tell.
 */
export async function peakMemory(pid: number): Promise<number | undefined> {
  const status = await shell(`cat /proc/${pid}/status`);
  const peak = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return peak === undefined ? undefined : Math.round(Number(peak) / 1024);
}

/** Deno itself reads nothing of /proc without all permissions. */
async function shell(command: string): Promise<string> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", command],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}
