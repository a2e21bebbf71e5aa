import { assertEquals } from "@std/assert";
import { openRunDirectory } from "../../src/core/mod.ts";
import { encodeEvent, eventFileHead } from "../../src/io/mod.ts";
import { eventLog } from "../../src/stages/event_log.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";

const now = () => 5000;

async function session(
  path: string,
  resume: boolean,
  steps: number[],
): Promise<void> {
  const manifest = { configuration: {} };
  using run = await openRunDirectory(path, { manifest, resume, now });
  const log = eventLog(run, now);
  for (const step of steps) {
    await log({ part: "cold start", step, loss: step / 2, note: "text" });
  }
}

Deno.test("eventLog() begins a file in each session, and says from where steps are done again", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/run`;
  await session(path, false, [1, 2]);
  await session(path, true, [2]);
  const files = filesBelow(path, "tensorboard/cold_start/");
  assertEquals(
    files,
    [0, 1].map((k) =>
      `tensorboard/cold_start/events.out.tfevents.5.outis.${k}`
    ),
  );
  const event = (step: number) =>
    encodeEvent({ time: 5000, step, scalars: { loss: step / 2 } });
  const restart = (step: number) =>
    encodeEvent({ time: 5000, step, restart: true });
  const content = (parts: Uint8Array[]) => parts.flatMap((part) => [...part]);
  assertEquals(
    [...await Deno.readFile(`${path}/${files[0]}`)],
    content([eventFileHead(5000), restart(1), event(1), event(2)]),
  );
  assertEquals(
    [...await Deno.readFile(`${path}/${files[1]}`)],
    content([eventFileHead(5000), restart(2), event(2)]),
  );
});
