// Reads all weights of a file and keeps them; prints by how many bytes the resident memory grew at its peak, and how many
// bytes the weights are as float32. A process of its own, because the kernel remembers the peak of a whole process.
import { openWeights } from "../../src/io/weights.ts";

const before = Deno.memoryUsage().rss;
using file = await openWeights(Deno.args[0]);
const kept: Float32Array[] = [];
for (const { name } of file.entries) {
  const { data } = await file.read(name);
  if (data instanceof Float32Array) kept.push(data);
}
const status = Deno.readTextFileSync("/proc/self/status");
const peak = 1024 * Number(/VmHWM:\s*(\d+)/.exec(status)![1]);
const bytes = kept.reduce((sum, { byteLength }) => sum + byteLength, 0);
console.log(JSON.stringify([peak - before, bytes]));
