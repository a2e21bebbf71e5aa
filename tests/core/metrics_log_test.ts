import { assertEquals, assertRejects } from "@std/assert";
import { openMetricsLog } from "../../src/core/metrics_log.ts";

Deno.test("openMetricsLog() drops a line that was cut off", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, `{"step":1}\n{"step":2}\n{"st`);
  const log = await openMetricsLog(path);
  log.append({ step: 3, note: "ends \n in a line break", lost: NaN });
  assertEquals(await log.read(), [
    { step: 1 },
    { step: 2 },
    { step: 3, note: "ends \n in a line break", lost: null },
  ]);
  await Deno.remove(path);
});

Deno.test("openMetricsLog() names the line that is no record", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, `{"step":1}\nnot a record\n`);
  const log = await openMetricsLog(path);
  await assertRejects(
    () => log.read(),
    SyntaxError,
    `${path}:2' must be a JSON record: current value is not a record`,
  );
  await Deno.remove(path);
});
