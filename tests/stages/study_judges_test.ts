import { assertEquals, assertRejects } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { trainAuditor, trainStudyJudges } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";

const smallest = { identities: 2, imagesPerIdentity: 2, steps: 1 };

testOnBackends(
  "four judges are four networks, two that drop and two that measure",
  async () => {
    await using folder = await tempFolder();
    const auditor = await trainAuditor({ ...smallest, size: 16 });
    const train = (signal?: AbortSignal) =>
      trainStudyJudges({
        settings: smallest,
        size: 16,
        auditor,
        file: (name) => `${folder.path}/${name}`,
        signal,
      });
    const stopped = AbortSignal.abort(new Error("enough"));
    await assertRejects(() => train(stopped), Error, "enough");
    const prints = [];
    for (let i = 0; i < 2; i++) {
      using judges = await train();
      const { gate, measuring } = judges;
      assertEquals(Object.keys(gate), ["judge 1", "judge 2"]);
      assertEquals(Object.keys(measuring), ["judge 3", "judge 4"]);
      prints.push(
        Object.values({ ...gate, ...measuring }).map((e) => e.fingerprint),
      );
    }
    assertEquals(new Set(prints[0]).size, 4);
    assertEquals(prints[1], prints[0]);
    tf.dispose([auditor.params, auditor.head]);
  },
  { backends: ["tensorflow"] },
);
