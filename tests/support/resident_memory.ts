/**
 * How much more memory the process holds after repeating something than after
 * warming up with a tenth as many repetitions.
 *
 * @param times Repetitions.
 * @param fn What to repeat.
 * @returns Growth of the resident set in MB; garbage that waits for its
 * collection counts, so compare it with what a leak would amount to.
 */
export function rssGrowth(times: number, fn: () => void): number {
  for (let i = 0; i < times / 10; i++) fn();
  const before = Deno.memoryUsage().rss;
  for (let i = 0; i < times; i++) fn();
  return (Deno.memoryUsage().rss - before) / 1e6;
}
