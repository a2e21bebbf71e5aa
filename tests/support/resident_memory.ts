/**
 * How much more memory the process holds outside of JavaScript's heap after
 * repeating something than after warming up with a tenth as many repetitions.
 *
 * @param times Repetitions.
 * @param fn What to repeat.
 * @returns Growth of the resident set in MB; buffers that wait for their
 * collection count, so compare it with what a leak would amount to.
 */
export function rssGrowth(times: number, fn: () => void): number {
  for (let i = 0; i < times / 10; i++) fn();
  const before = outsideHeap();
  for (let i = 0; i < times; i++) fn();
  return (outsideHeap() - before) / 1e6;
}

function outsideHeap(): number {
  const { rss, heapTotal } = Deno.memoryUsage();
  return rss - heapTotal;
}
