import { assertEquals, assertRejects } from "@std/assert";
import { runProgram } from "../../src/cli/child_process.ts";

const sh = (script: string, options = {}) =>
  runProgram("sh", { args: ["-c", script], ...options });

Deno.test("runProgram() reads both outputs line by line", async () => {
  const lines: string[] = [];
  const end = await sh("printf 'a\\nb'; echo é >&2; exit 3", {
    onLine: (line: string) => lines.push(line),
  });
  assertEquals(end, {
    code: 3,
    signal: null,
    output: ["a", "b"],
    errors: ["é"],
  });
  assertEquals(lines.sort(), ["a", "b", "é"]);
});

Deno.test("runProgram() adds environment variables", async () => {
  const end = await sh("echo $OUTIS_X", { env: { OUTIS_X: "y" } });
  assertEquals(end?.output, ["y"]);
});

Deno.test("runProgram() tells by which signal a program ended", async () => {
  assertEquals((await sh("kill -ILL $$"))?.signal, "SIGILL");
});

Deno.test("runProgram() is undefined where there is no such program", async () => {
  assertEquals(await runProgram("/no/such/program"), undefined);
  assertEquals(await runProgram("/etc/passwd"), undefined);
});

Deno.test("runProgram() ends the program when it is aborted", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const running = sh("echo started; exec sleep 60", {
    signal: controller.signal,
    onLine: () => controller.abort(reason),
  });
  assertEquals(await assertRejects(() => running), reason);
  assertEquals(
    await assertRejects(() => sh("true", { signal: controller.signal })),
    reason,
  );
});
