import { assertEquals, assertRejects } from "@std/assert";
import golden from "../golden/torch_checkpoints.json" with { type: "json" };
import { convertWeights } from "../../src/io/convert_weights.ts";
import { openWeights } from "../../src/io/weights.ts";
import { writeSafetensors } from "../../src/io/write_safetensors.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { goldenBytes, listed, readAll, wanted } from "./torch_files.ts";

Deno.test("every tensor of a checkpoint comes out as safetensors with the same values", async () => {
  await using folder = await tempFolder();
  for (const name of ["zip2", "legacy2", "newTypes"] as const) {
    const from = `${folder.path}/${name}.pt`;
    const to = `${folder.path}/${name}.safetensors`;
    await Deno.writeFile(from, await goldenBytes(name));
    const progress: number[] = [];
    {
      using file = await openWeights(from);
      await convertWeights(file, to, {
        onProgress: (done, total) => progress.push(done / total),
      });
    }
    using file = await openWeights(to);
    assertEquals(file.metadata, { format: "pt" });
    const tensors = name === "newTypes" ? golden.newTypes : golden.every;
    assertEquals(listed(await readAll(file)), wanted(tensors));
    assertEquals(progress.length, Object.keys(tensors).length);
    assertEquals(progress.at(-1), 1);
  }
});

Deno.test("floats change their type, all else keeps its own", async () => {
  await using folder = await tempFolder();
  const from = `${folder.path}/a.safetensors`;
  const to = `${folder.path}/b.safetensors`;
  // 0.1 is 205 / 2048 in 8 bits of fraction.
  await writeSafetensors(from, {
    double: { shape: [1], data: new Float64Array([0.1]) },
    half: { shape: [1], data: new Float32Array([1.5]), dtype: "F16" },
    count: { shape: [1], data: new BigInt64Array([3n]) },
    flag: { shape: [2], data: new Uint8Array([0, 1]), dtype: "BOOL" },
  }, { metadata: { origin: "here" } });
  {
    using file = await openWeights(from);
    await convertWeights(file, to, { dtype: "BF16" });
  }
  using file = await openWeights(to);
  assertEquals(file.metadata, { format: "pt", origin: "here" });
  const tensors = Object.fromEntries(await readAll(file));
  assertEquals(tensors, {
    double: { dtype: "BF16", shape: [1], data: new Float32Array([205 / 2048]) },
    half: { dtype: "BF16", shape: [1], data: new Float32Array([1.5]) },
    count: { dtype: "I64", shape: [1], data: new BigInt64Array([3n]) },
    flag: { dtype: "BOOL", shape: [2], data: new Uint8Array([0, 1]) },
  });
});

Deno.test("what cannot be written leaves the old file as it was, and nothing else", async () => {
  await using folder = await tempFolder();
  const from = `${folder.path}/a.safetensors`;
  const to = `${folder.path}/b.safetensors`;
  await writeSafetensors(from, {
    large: { shape: [1], data: new Float64Array([1e39]) },
    small: { shape: [1], data: new Float64Array([1]) },
  });
  await Deno.writeTextFile(to, "old");
  using file = await openWeights(from);
  const cases: ["F32" | "F16", string][] = [
    ["F32", "Cannot convert weights as 'large[0]' must be at most 3.4028e38"],
    ["F16", "Cannot convert weights as 'large[0]' must be at most 3.4028e38"],
  ];
  for (const [dtype, sentence] of cases) {
    await assertRejects(
      () => convertWeights(file, to, { dtype }),
      RangeError,
      sentence,
    );
  }
  const stopped = new DOMException("Interrupted", "AbortError");
  const controller = new AbortController();
  await assertRejects(
    () =>
      convertWeights(file, to, {
        onProgress: () => controller.abort(stopped),
        signal: controller.signal,
      }),
    DOMException,
    "Interrupted",
  );
  assertEquals(await Deno.readTextFile(to), "old");
  assertEquals(filesBelow(folder.path), ["a.safetensors", "b.safetensors"]);
});
