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

/** Paths of all files below a folder, from the folder, sorted. */
export function filesBelow(folder: string, within = ""): string[] {
  return Array.from(Deno.readDirSync(`${folder}/${within}`))
    .flatMap(({ name, isDirectory }) =>
      isDirectory ? filesBelow(folder, `${within}${name}/`) : [within + name]
    )
    .sort();
}
