import { tempFolder } from "../support/temp_folder.ts";

/**
 * A folder with these files, removed at the end of its `await using` block.
 *
 * @param files Content by path; empty where only names matter. A path that ends in a slash is a folder.
 */
export async function folderOf(
  files: readonly string[] | Record<string, string | Uint8Array>,
): Promise<{ path: string } & AsyncDisposable> {
  const folder = await tempFolder();
  const contents = Array.isArray(files)
    ? files.map((path) => [path, ""] as const)
    : Object.entries(files as Record<string, string | Uint8Array>);
  for (const [path, content] of contents) {
    const whole = `${folder.path}/${path}`;
    await Deno.mkdir(whole.slice(0, whole.lastIndexOf("/")), {
      recursive: true,
    });
    if (path.endsWith("/")) continue;
    if (typeof content === "string") await Deno.writeTextFile(whole, content);
    else await Deno.writeFile(whole, content);
  }
  return folder;
}

/** Asserts that what is thrown is one sentence of this project's, if anything is. */
export async function orSentence(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const isOwn =
      (error instanceof RangeError || error instanceof SyntaxError) &&
      error.message.startsWith("Cannot ");
    if (!isOwn) throw error;
  }
}
