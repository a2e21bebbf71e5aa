/** Reads a folder into a cache, in a process of its own: `fill_cache.ts FOLDER CACHE`, then prints the set's fingerprint. */
import { digestImages, readImageFolder } from "../../src/data/mod.ts";

const [folder, cache] = Deno.args;
const set = await readImageFolder(folder, { size: 12, cache });
console.log(digestImages(set));
