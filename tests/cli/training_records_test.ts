import { assertEquals } from "@std/assert";
import { trainingRecords } from "../../src/cli/training_records.ts";

Deno.test("Trainings are recorded with the mean loss of their last tenth and their time", () => {
  let time = 0;
  const records = trainingRecords(() => time);
  records.take("images", 1, 1); // no training
  for (let done = 1; done <= 20; done++) {
    time += 30_000;
    records.take("denoiser", done, 20, { loss: done });
  }
  assertEquals(records.list(), [
    { part: "denoiser", steps: 20, loss: 19.5, minutes: 9.5 },
  ]);
});

Deno.test("A training that was gone on with has no time: part of it went by before", () => {
  const records = trainingRecords(() => 0);
  records.take("denoiser", 9, 10, { loss: 3 });
  records.take("denoiser", 10, 10, { loss: 1 });
  assertEquals(records.list(), [{ part: "denoiser", steps: 10, loss: 1 }]);
});
