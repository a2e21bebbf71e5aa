import { assertEquals, assertRejects } from "@std/assert";
import { writeSafetensors } from "../../src/io/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  loadMemoryBank,
  MemoryBank,
  saveMemoryBank,
} from "../../src/rewards/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const rows = [[1, 0], [-1, 0], [0, 2], [0, 1], [-3, 0]];
const labels = [1, 0, 1, 0, 0];

async function withFile(fn: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await fn(`${folder}/bank.safetensors`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

testOnBackends(
  "loadMemoryBank() gives back what saveMemoryBank() wrote",
  async () => {
    using features = owned(tf.tensor2d(rows));
    using bank = MemoryBank.fromFeatures(features.value, labels, {
      identities: ["bo", "zoë"],
      fingerprint: "f",
      normalizeFirst: true,
    });
    await withFile(async (path) => {
      await saveMemoryBank(path, bank);
      using copy = await loadMemoryBank(path);
      assertEquals(copy.toArrays(), bank.toArrays());
      assertEquals(copy.bandwidth, bank.bandwidth);
      assertClose(copy.tensors.prototypes, bank.tensors.prototypes, 0);
    });
  },
);

testOnBackends("loadMemoryBank() refuses other files", async () => {
  const features = { shape: [2, 2], data: new Float32Array([1, 0, 0, 1]) };
  const labels = { shape: [2], data: new Int32Array(2) };
  const settings = JSON.stringify({
    schema: 2,
    identities: ["bo"],
    fingerprint: "f",
    normalizeFirst: false,
  });
  await withFile(async (path) => {
    await assertRejects(() => loadMemoryBank(path), Deno.errors.NotFound);
    await writeSafetensors(path, { features, labels });
    await assertRejects(
      () => loadMemoryBank(path),
      SyntaxError,
      "must be a file of format outis-memory-bank",
    );
    const metadata = { format: "outis-memory-bank", settings };
    await writeSafetensors(path, { features }, { metadata });
    await assertRejects(() => loadMemoryBank(path), SyntaxError);
    await writeSafetensors(path, { features, labels }, { metadata });
    await assertRejects(
      () => loadMemoryBank(path),
      RangeError,
      "'schema' must be 1: current value is 2",
    );
  });
});
