import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import golden from "../golden/torch_checkpoints.json" with { type: "json" };
import { openTorchCheckpoint } from "../../src/io/torch_checkpoint.ts";
import { openWeights } from "../../src/io/weights.ts";
import { tempFolder } from "../support/temp_folder.ts";
import {
  goldenBytes,
  type GoldenFile,
  readAll,
  readBytes,
  wanted,
} from "./torch_files.ts";

async function readGolden(
  folder: string,
  name: GoldenFile,
  options?: Parameters<typeof openWeights>[1],
) {
  return await readBytes(
    `${folder}/${name}.pt`,
    await goldenBytes(name),
    options,
  );
}

Deno.test("every element type and layout is read as PyTorch has it, from both formats", async () => {
  await using folder = await tempFolder();
  const every = wanted(golden.every);
  for (const name of ["zip2", "zip5", "legacy2"] as const) {
    assertEquals(await readGolden(folder.path, name), every, name);
  }
  const newTypes = wanted(golden.newTypes);
  for (const name of ["newTypes", "newTypesLegacy"] as const) {
    assertEquals(await readGolden(folder.path, name), newTypes, name);
  }
});

Deno.test("every protocol, zip64, big-endian values, no checksums and Python 2 are read", async () => {
  await using folder = await tempFolder();
  const names: GoldenFile[] = [
    ...(["small2", "small3", "small4", "small5"] as const),
    ...(["smallLegacy2", "smallLegacy3", "smallLegacy4"] as const),
    ...(["smallLegacy5", "zip64", "bigEndian", "python2"] as const),
    ...(["withoutChecksums"] as const),
  ];
  for (const name of names) {
    assertEquals(
      await readGolden(folder.path, name),
      wanted(golden.small),
      name,
    );
  }
});

Deno.test("a view of a storage starts where it says", async () => {
  await using folder = await tempFolder();
  assertEquals(await readGolden(folder.path, "view"), {
    weight: { dtype: "float32", shape: [2], data: ["3", "4"] },
  });
});

Deno.test("pickles that are no checkpoints are said to be none", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/other.bin`;
  // A number; the magic number and another protocol.
  const magic = (await goldenBytes("smallLegacy2")).subarray(0, 15);
  const other = [...magic, ...[0x80, 2, 0x4b, 1, 0x2e]];
  for (const bytes of [[0x80, 2, 0x4b, 1, 0x2e], other]) {
    await assertRejects(
      () => readBytes(path, Uint8Array.from(bytes)),
      SyntaxError,
      `Cannot read the checkpoint as '${path}' must be a checkpoint of torch.save, in protocol 1001`,
    );
  }
});

Deno.test("weights are found among what a training script saves", async () => {
  await using folder = await tempFolder();
  for (const name of ["training", "trainingLegacy"] as const) {
    const path = `${folder.path}/${name}.pt`;
    await Deno.writeFile(path, await goldenBytes(name));
    await assertRejects(
      () => openWeights(path),
      RangeError,
      `Cannot open weights as 'group' must be one of model, ema in ${path}: current value is none`,
    );
    for (const group of ["model", "ema"]) {
      const bytes = await goldenBytes(name);
      assertEquals(
        await readBytes(path, bytes, { group }),
        wanted(golden.linear),
      );
    }
    using file = await openWeights(path, { group: "model" });
    assertEquals([file.group, file.prefix], ["model", "module."]);
    assertEquals(file.groups, ["model", "ema"]);
    assertEquals(file.metadata, { epoch: "7" });
    assertEquals(file.skipped, [
      "ema (2 tensors)",
      "the top (1 tensors)",
      "opt (a dict of 2)",
      "args (argparse.Namespace)",
    ]);
    using all = await openWeights(path, { group: "*" });
    assertEquals(all.entries.map(({ name }) => name), [
      ...["model/module.weight", "model/module.bias"],
      ...["ema/weight", "ema/bias", "best"],
    ]);
  }
});

Deno.test("a group far smaller than the largest is no candidate", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/lightning.ckpt`;
  await Deno.writeFile(path, await goldenBytes("lightning"));
  using file = await openWeights(path);
  assertEquals([file.group, file.groups], ["state_dict", ["state_dict"]]);
  assertEquals(file.entries.map(({ name }) => name), ["weight", "bias"]);
  using score = await openWeights(path, { group: "callbacks.checkpoint" });
  assertEquals(score.entries.map(({ name }) => name), ["best"]);
});

Deno.test("tensors of types that are not read are named, not lost in silence", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/unread.pt`;
  await Deno.writeFile(path, await goldenBytes("unread"));
  using file = await openWeights(path);
  assertEquals(file.entries.map(({ name }) => name), ["weight"]);
  assertEquals(file.skipped, [
    "complex (torch.ComplexFloatStorage)",
    "sparse (torch._utils._rebuild_sparse_tensor)",
  ]);
  assertEquals(file.metadata, { note: "text" });
});

Deno.test("code in a checkpoint is refused by name, and nothing runs", async () => {
  await using folder = await tempFolder();
  const cases: [GoldenFile, RegExp][] = [
    ["system", /unknown code: current value is posix\.system$/],
    ["systemLegacy", /unknown code: current value is posix\.system$/],
    ["eval", /unknown code: current value is (__builtin__|builtins)\.eval$/],
    ["module", /unknown code: current value is torch\.nn\.modules\.linear/],
    ["script", /must be weights of torch.save: current value is a program of/],
    ["list", /a dictionary of tensors by name: current value is a sequence/],
    ["compressed", /of records that are stored as they are/],
  ];
  for (const [name, sentence] of cases) {
    const error = await assertRejects(
      () => readGolden(folder.path, name),
      SyntaxError,
      `${folder.path}/${name}.pt`,
    );
    assert(sentence.test(error.message), error.message);
  }
  await assertRejects(
    () => Deno.stat("/tmp/outis-was-executed"),
    Deno.errors.NotFound,
  );
  // Passed over by name, it is still not run: the weights beside it are read.
  const read = await readGolden(folder.path, "system", {
    opaque: ["posix.system"],
  });
  assertEquals(Object.keys(read), ["weight"]);
  await assertRejects(
    () => Deno.stat("/tmp/outis-was-executed"),
    Deno.errors.NotFound,
  );
});

Deno.test("tensors that do not fit their storage are refused", async () => {
  await using folder = await tempFolder();
  const cases: [GoldenFile, string][] = [
    ["forgedOffset", "12 bytes in storage 0 for weight: current value is 8"],
    ["forgedSize", "12 bytes in storage 0 for weight"],
    ["forgedOverflow", "repeat their values less"],
    ["forgedExpansion", "repeat their values less"],
    ["forgedNegative", "gives shape, strides and offset of weight"],
    ["forgedStrides", "gives shape, strides and offset of weight"],
    ["forgedCount", "16 bytes in storage 0 for weight: current value is 8"],
    ["forgedNumel", "8 bytes in storage 0 for weight: current value is 4"],
    ["forgedBool", "gives shape, strides and offset of weight"],
  ];
  for (const [name, sentence] of cases) {
    await assertRejects(
      () => readGolden(folder.path, name),
      SyntaxError,
      sentence,
      name,
    );
  }
});

/** One clear sentence, or the values as they are. */
async function isRefusedOrRight(
  path: string,
  bytes: Uint8Array,
  right?: ReturnType<typeof wanted>,
): Promise<void> {
  try {
    const read = await readBytes(path, bytes);
    if (right !== undefined) assertEquals(read, right);
  } catch (error) {
    const isSentence =
      (error instanceof SyntaxError || error instanceof RangeError) &&
      error.message.startsWith("Cannot ");
    if (!isSentence) throw error;
  }
}

Deno.test("a checkpoint cut at any byte is refused in one sentence", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/cut.pt`;
  for (const name of ["bigEndian", "smallLegacy2"] as const) {
    const bytes = await goldenBytes(name);
    await Deno.writeFile(path, bytes);
    for (let length = bytes.length - 1; length >= 0; length--) {
      await Deno.truncate(path, length);
      const error = await assertRejects(
        async () => {
          using file = await openWeights(path);
          await readAll(file);
        },
        SyntaxError,
        path,
        `${name} cut to ${length}`,
      );
      assert(error.message.startsWith("Cannot "), error.message);
    }
  }
});

Deno.test("a changed byte of a zip is refused, or changes nothing", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/changed.pt`;
  const bytes = await goldenBytes("bigEndian");
  const right = wanted(golden.small);
  for (let at = 0; at < bytes.length; at++) {
    await isRefusedOrRight(path, bytes.with(at, bytes[at] ^ 0x55), right);
  }
});

Deno.test("damaged values are found by their checksum, unless that is not asked for", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/damaged.pt`;
  const bytes = await goldenBytes("small2");
  // 1 and 2 as float32.
  const values = new Uint8Array([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]);
  const at = bytes.findIndex((_, i) =>
    values.every((value, j) => bytes[i + j] === value)
  );
  bytes[at] = 1;
  await assertRejects(
    () => readBytes(path, bytes),
    SyntaxError,
    "must be undamaged, with checksum",
  );
  const read = await readBytes(path, bytes, { checksums: false });
  assertEquals(read.a.data, ["1.0000001192092896", "2"]);
});

Deno.test("no bytes in either format make it crash or hang", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/fuzzed.pt`;
  for (const name of ["smallLegacy2", "zip64", "trainingLegacy"] as const) {
    const real = await goldenBytes(name);
    const changes = fc.array(
      fc.tuple(fc.nat(real.length - 1), fc.nat(255)),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(changes, async (places) => {
        const bytes = real.slice();
        for (const [at, value] of places) bytes[at] = value;
        await isRefusedOrRight(path, bytes);
      }),
      { numRuns: 200 },
    );
  }
});

Deno.test("a file that is refused is closed, and so is one that is disposed of", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/a.pt`;
  await Deno.writeFile(path, await goldenBytes("small2"));
  const content = await openTorchCheckpoint(path);
  content.close();
  await assertRejects(() => content.tensors.get("a")!.load());
  using file = await openWeights(path);
  assertEquals((await readAll(file)).length, 2);
  await assertRejects(
    () => file.read("c"),
    RangeError,
    `Cannot read weights as 'name' must be one of the 2 in ${path}: current value is c`,
  );
});
