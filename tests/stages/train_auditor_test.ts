import { assert, assertEquals } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import {
  trainAuditor,
  type TrainAuditorOptions,
  type TrainedRecognizer,
} from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { TINY_SIZE } from "../support/tiny_prior.ts";

/** A tiny auditor's projection weights; the auditor is freed. */
async function projection(options: TrainAuditorOptions): Promise<number[]> {
  const { model, params, head }: TrainedRecognizer = await trainAuditor({
    identities: 3,
    imagesPerIdentity: 2,
    size: TINY_SIZE,
    steps: 2,
    ...options,
  });
  assertEquals([model.config.height, model.config.width], [16, 16]);
  assertEquals(head["head.weight"].shape[1], 3);
  const values = [...params["projection.weight"].dataSync()];
  tf.dispose([params, head]);
  return values;
}

testOnBackends(
  "trainAuditor() learns people of its own, from a seed",
  async () => {
    const parts: string[] = [];
    const first = await projection({
      onStep: (part, done, total) =>
        void parts.push(`${part} ${done}/${total}`),
    });
    assertEquals(parts, [
      "auditor's images 2/6",
      "auditor's images 4/6",
      "auditor's images 6/6",
      "auditor 1/2",
      "auditor 2/2",
    ]);
    assertEquals(await projection({}), first);
    // Other people are other pictures.
    assert(String(await projection({ firstIdentity: 0 })) !== String(first));
  },
);
