import { assert, assertEquals, assertRejects } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { recognizer, smallRecognizer } from "../../src/models/mod.ts";
import { trainJudges } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { TINY_SIZE, tinyFaces } from "../support/tiny_prior.ts";

const train = tinyFaces(2, 2);

testOnBackends(
  "trainJudges() fills a bank for the rewarded network and one for the auditor, and frees both",
  () => judged(),
  { backends: ["wasm"] },
);

async function judged(): Promise<void> {
  const model = recognizer(smallRecognizer({
    height: TINY_SIZE,
    width: TINY_SIZE,
    features: 8,
  }));
  const params = model.init(randomStream(1));
  {
    using judges = await trainJudges(train, {
      steps: 1,
      batchSize: 4,
      auditor: { model, params },
    });
    const { embedder, bank, auditor } = judges;
    assertEquals(bank.identities, train.identities);
    assertEquals(auditor!.bank.identities, train.identities);
    assertEquals(auditor!.embedder.width, 8);
    assert(embedder.fingerprint !== auditor!.embedder.fingerprint);
    using alone = await trainJudges(train, { steps: 1, batchSize: 4 });
    assertEquals(alone.auditor, undefined);
    // The auditor changes nothing about the other.
    assertEquals(alone.embedder.fingerprint, embedder.fingerprint);
  }
  tf.dispose(params); // borrowed: still the caller's
}

testOnBackends(
  "trainJudges() stops after the present step and leaves nothing behind",
  async () => {
    const controller = new AbortController();
    await assertRejects(
      () =>
        trainJudges(train, {
          steps: 100,
          batchSize: 4,
          signal: controller.signal,
          onStep: (done) => {
            if (done === 2) controller.abort(new Error("enough"));
          },
        }),
      Error,
      "enough",
    );
  },
  { backends: ["wasm"] },
);
