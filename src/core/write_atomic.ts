/**
 * Writes a file so that readers, and a kill at any moment, see the old content or the new one, never a part.
 *
 * @param path Where to write; the folder must exist. A file `<path>.partial` is used on the way.
 * @param content Bytes, or text written as UTF-8.
 *
 * @example
 * ```ts
 * import { writeAtomic } from "@outis/outis/core";
 *
 * const folder = await Deno.makeTempDir();
 * await writeAtomic(`${folder}/note.txt`, "all of it");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeAtomic(
  path: string,
  content: Uint8Array | string,
): Promise<void> {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  const partial = `${path}.partial`;
  try {
    {
      using file = await Deno.open(partial, {
        write: true,
        create: true,
        truncate: true,
      });
      for (let at = 0; at < bytes.length;) {
        at += await file.write(bytes.subarray(at));
      }
      // A rename that reaches the disk before the content would leave an empty file after a power cut.
      await file.sync();
    }
    await Deno.rename(partial, path);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  }
}
