/** An empty folder that is removed at the end of its `await using` block. */
export async function tempFolder(): Promise<
  { path: string } & AsyncDisposable
> {
  const path = await Deno.makeTempDir({ prefix: "outis-test-" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/**
 * Paths of all files below a folder, from the folder, sorted.
 *
 * @param within Part of the folder to look at, with a slash at its end.
 * @param withFolders Whether folders are listed, too, each with a slash.
 */
export function filesBelow(
  folder: string,
  within = "",
  withFolders = false,
): string[] {
  return Array.from(Deno.readDirSync(`${folder}/${within}`))
    .flatMap(({ name, isDirectory }) => {
      const path = within + name;
      if (!isDirectory) return [path];
      const below = filesBelow(folder, `${path}/`, withFolders);
      return withFolders ? [`${path}/`, ...below] : below;
    })
    .sort();
}
