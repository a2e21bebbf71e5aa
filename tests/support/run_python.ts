/**
 * Runs a script in Python 3.
 *
 * @param script The script.
 * @param args What it finds in `sys.argv[1:]`.
 * @returns What it printed; undefined where there is no Python, or a module that the script imports is missing.
 */
export async function runPython(
  script: string,
  ...args: string[]
): Promise<string | undefined> {
  const command = new Deno.Command("python3", {
    args: ["-c", script, ...args],
  });
  let output: Deno.CommandOutput;
  try {
    output = await command.output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const { success, stdout, stderr } = output;
  const said = new TextDecoder().decode(stderr);
  if (success) return new TextDecoder().decode(stdout);
  if (/^ModuleNotFoundError/m.test(said)) return undefined;
  throw new Error(said);
}
