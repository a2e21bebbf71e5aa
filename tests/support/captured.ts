import { main } from "../../src/cli/main.ts";

/** Runs a command in this process, where starting another would take longer than the command. */
export async function capturedCommand(
  args: string[],
): Promise<{ code: number; output: string[]; errors: string[] }> {
  const output: string[] = [];
  const errors: string[] = [];
  const { log, error } = console;
  const into = (lines: string[]) => (...values: unknown[]) =>
    void lines.push(...values.map(String).join(" ").split("\n"));
  console.log = into(output);
  console.error = into(errors);
  try {
    return { code: await main(args), output, errors };
  } finally {
    console.log = log;
    console.error = error;
  }
}
