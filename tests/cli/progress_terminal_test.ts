import { assert, assertEquals } from "@std/assert";
import { runPython } from "../support/run_python.ts";

const ESCAPE = "\x1b";
const COLOUR = new RegExp(`${ESCAPE}\\[[\\d;]*m`);
const CLEAR = `${ESCAPE}[K`;

/** Shows the progress of a second of work, in a process of its own. */
const program = `
import { progress } from ${
  JSON.stringify(new URL("../../src/cli/progress.ts", import.meta.url).href)
};
const bar = progress("Reinforce", 400);
for (let i = 1; i <= 400; i += 40) {
  bar.update(i, "loss 0.12345, semantic 0.8412, coverage -0.0951");
  await new Promise((next) => setTimeout(next, 110));
}
bar.done("loss 0.1, semantic 0.9, coverage 0.1");
console.error("Goes on.");
`;

/** What the program writes in a terminal of so many columns; undefined where there is no Python. */
async function written(
  columns: number,
  env: { [name: string]: string } = {},
): Promise<string | undefined> {
  const script = await Deno.readTextFile(
    new URL("terminal.py", import.meta.url),
  );
  const given = { TERM: "xterm", CI: "", NO_COLOR: "1", ...env };
  const config = new URL("../../deno.json", import.meta.url).pathname;
  return await runPython(
    script,
    `${columns}`,
    "env",
    ...Object.entries(given).map(([name, value]) => `${name}=${value}`),
    ...[Deno.execPath(), "run", "--quiet", "--no-check", "--allow-env"],
    `--config=${config}`,
    `data:application/typescript,${encodeURIComponent(program)}`,
  );
}

const PIECES = new RegExp(`${ESCAPE}\\[K|[^]`, "g");

/** The lines a terminal shows in the end: it wraps, goes back at a carriage return, and clears to the end of a line. */
function screen(text: string, columns: number): string[] {
  const lines = [""];
  let at = 0;
  for (const [piece] of text.matchAll(PIECES)) {
    const last = lines.length - 1;
    if (piece === "\r") at = 0;
    else if (piece === "\n") lines.push("");
    else if (piece === CLEAR) lines[last] = lines[last].slice(0, at);
    else {
      if (at === columns) {
        lines.push("");
        at = 0;
      }
      const line = lines[lines.length - 1];
      lines[lines.length - 1] = line.slice(0, at) + piece + line.slice(at + 1);
      at++;
    }
  }
  return lines.filter((line) => line !== "");
}

Deno.test("screen() wraps, goes back and clears as a terminal does", () => {
  assertEquals(screen(`abcdef\rxy${CLEAR}\r\nz`, 4), ["abcd", "xy", "z"]);
});

Deno.test("on a terminal one line is redrawn, never wraps, and ends as one line that stays", async (t) => {
  for (const columns of [120, 60, 20]) {
    await t.step(`${columns} columns`, async () => {
      const text = await written(columns);
      if (text === undefined) return;
      const drawings = text.split("\r").filter((one) => one.includes(CLEAR));
      assert(drawings.length > 5, text);
      assertEquals(drawings.some((one) => one.includes("=")), columns >= 64);
      const lines = screen(text, columns);
      assertEquals(lines.length, 2, text);
      assert(
        lines[0].startsWith(
          "Reinforce: loss 0.1, semantic".slice(0, columns - 1),
        ),
      );
      assertEquals(lines[1], "Goes on.");
    });
  }
});

Deno.test("in CI and on a dumb terminal there are plain lines, without any escapes", async () => {
  for (const [name, value] of [["CI", "true"], ["TERM", "dumb"]]) {
    const text = await written(80, { [name]: value });
    if (text === undefined) return;
    assert(!text.includes(ESCAPE), text);
    const lines = text.split("\r\n").filter(Boolean);
    assertEquals(lines.length, 2, text); // a second of work is not worth more
    assert(lines[0].startsWith("Reinforce: loss 0.1"), text);
  }
});

Deno.test("nothing is coloured, with NO_COLOR or without", async () => {
  for (const NO_COLOR of ["1", ""]) {
    const text = await written(100, { NO_COLOR });
    assert(text === undefined || !COLOUR.test(text), text);
  }
});
