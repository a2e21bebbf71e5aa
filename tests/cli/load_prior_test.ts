import { assertEquals, assertRejects } from "@std/assert";
import { loadPrior } from "../../src/cli/load_prior.ts";
import { UsageError } from "../../src/cli/options.ts";
import { tf, useBackend } from "../../src/engine/mod.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { writePrior } from "./target_folder.ts";

Deno.test("loadPrior() refuses a generator without an auditor in one sentence, and keeps no tensor of it", async () => {
  await useBackend("wasm");
  await using folder = await tempFolder();
  await writePrior(folder.path);
  const before = tf.memory().numTensors;
  await assertRejects(
    () => loadPrior("study privacy", folder.path),
    UsageError,
    `Cannot study privacy as '--prior' must be a folder with an auditor: current value is ${folder.path}`,
  );
  assertEquals(tf.memory().numTensors, before);
});
