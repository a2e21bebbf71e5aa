import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { openWeights } from "../../src/io/weights.ts";
import {
  encodeSafetensors,
  writeSafetensors,
} from "../../src/io/write_safetensors.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { checkpoint } from "./zip_archive.ts";
import { readAll } from "./torch_files.ts";

const f32 = (...values: number[]) => ({
  shape: [values.length],
  data: new Float32Array(values),
});

Deno.test("safetensors are opened without reading their values, and in any order", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/a.safetensors`;
  const tensors = { a: f32(1, 2), "b.c": f32(3), none: f32() };
  await writeSafetensors(path, tensors, { metadata: { step: "3" } });
  using file = await openWeights(path);
  assertEquals(file.format, "safetensors");
  assertEquals(file.metadata, { step: "3" });
  assertEquals(file.entries.map(({ name }) => name), ["a", "b.c", "none"]);
  // Asked for at once, reads do not disturb each other.
  const read = await Promise.all(
    ["b.c", "none", "a", "b.c"].map((name) => file.read(name)),
  );
  assertEquals(read.map(({ data }) => [...data]), [[3], [], [1, 2], [3]]);
});

Deno.test("wrappers' prefixes are taken off if all names have them, a given one of those that do", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/a.safetensors`;
  const namesOf = async (names: string[], prefix?: string) => {
    const tensors = Object.fromEntries(names.map((name) => [name, f32(1)]));
    await writeSafetensors(path, tensors);
    using file = await openWeights(
      path,
      prefix === undefined ? {} : { prefix },
    );
    return [file.prefix, ...file.entries.map(({ name }) => name)];
  };
  assertEquals(await namesOf(["module.a", "module.b"]), ["module.", "a", "b"]);
  assertEquals(
    await namesOf(["module._orig_mod.a", "module._orig_mod.b"]),
    ["module._orig_mod.", "a", "b"],
  );
  assertEquals(await namesOf(["module.a", "b"]), ["", "b", "module.a"]);
  assertEquals(await namesOf(["module.a"], ""), ["", "module.a"]);
  assertEquals(await namesOf(["vae.a", "unet.b"], "vae."), ["vae.", "a"]);
  await assertRejects(
    () => namesOf(["vae.a"], "unet."),
    RangeError,
    `Cannot open weights as 'prefix' must be one that a name in ${path} has, as vae.a: current value is unet.`,
  );
});

Deno.test("weights in several files are one, and an index that is wrong is refused", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/model.safetensors.index.json`;
  const write = (map: unknown) =>
    Deno.writeTextFile(path, JSON.stringify({ metadata: {}, weight_map: map }));
  await writeSafetensors(`${folder.path}/1.safetensors`, { a: f32(1) });
  await writeSafetensors(`${folder.path}/2.safetensors`, { b: f32(2) });
  await write({ b: "2.safetensors", a: "1.safetensors" });
  {
    using file = await openWeights(path);
    assertEquals(file.format, "safetensors, sharded");
    const tensors = await readAll(file);
    assertEquals(tensors.map(([name, { data }]) => [name, ...data]), [
      ["b", 2],
      ["a", 1],
    ]);
  }
  const cases: [unknown, string][] = [
    [{ a: "2.safetensors" }, "right that 2.safetensors holds a"],
    [{ a: "../1.safetensors" }, "files in its own folder"],
    [{ a: "/etc/passwd" }, "files in its own folder"],
    [{ a: ".." }, "files in its own folder"],
    [{ a: "model.safetensors.index.json" }, "Cannot read safetensors"],
    [{ a: 1 }, "a weight_map of file names"],
    [null, "a weight_map of file names"],
  ];
  for (const [map, sentence] of cases) {
    await write(map);
    await assertRejects(() => openWeights(path), SyntaxError, sentence);
  }
  await Deno.writeTextFile(path, '{"weight_map": {');
  await assertRejects(() => openWeights(path), SyntaxError, "must be JSON");
  await write({ a: "3.safetensors" });
  await assertRejects(() => openWeights(path), Deno.errors.NotFound);
});

Deno.test("checkpoints of PyTorch may lie in several files, too", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/pytorch_model.bin.index.json`;
  const bytes = new Uint8Array(new Float32Array([5]).buffer);
  const tensor = { name: "a", shape: [1], strides: [1], bytes, count: 1 };
  await Deno.writeFile(
    `${folder.path}/1.bin`,
    checkpoint([{ ...tensor, type: "FloatStorage" }]),
  );
  await Deno.writeTextFile(path, '{"weight_map": {"a": "1.bin"}}');
  using file = await openWeights(path);
  assertEquals(file.format, "PyTorch zip, sharded");
  assertEquals([...(await file.read("a")).data], [5]);
});

Deno.test("a file that is changed while it is open is refused", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/a.safetensors`;
  await writeSafetensors(path, { a: f32(1, 2) });
  using file = await openWeights(path);
  await Deno.truncate(path, 60);
  await assertRejects(
    () => file.read("a"),
    SyntaxError,
    "complete and left alone while it is read",
  );
});

Deno.test("no bytes of safetensors make it crash or hang", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/a.safetensors`;
  const real = encodeSafetensors({ a: f32(1, 2), b: f32(3) });
  const check = async (bytes: Uint8Array) => {
    await Deno.writeFile(path, bytes);
    try {
      using file = await openWeights(path);
      await readAll(file);
    } catch (error) {
      const isSentence = error instanceof SyntaxError &&
        error.message.startsWith("Cannot ");
      if (!isSentence) throw error;
      return false;
    }
    return true;
  };
  for (let length = 0; length < real.length; length++) {
    assert(!(await check(real.subarray(0, length))), `cut to ${length}`);
  }
  const changes = fc.tuple(fc.nat(real.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(changes, async ([at, value]) => {
      await check(real.with(at, value));
    }),
    { numRuns: 300 },
  );
});

Deno.test({
  name:
    "memory holds the weights as float32 once, and less than a quarter more",
  // The kernel tells the peak.
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await tempFolder();
    const [rows, columns, count] = [1600, 1600, 12];
    const values = Float32Array.from(
      { length: rows * columns },
      (_, i) => i % 1000,
    );
    const codes = new Uint16Array(new Float16Array(values).buffer);
    const single = new Uint8Array(values.buffer);
    const half = new Uint8Array(codes.buffer);
    const tensors = Array.from({ length: count }, (_, i) => {
      const shape = [rows, columns];
      // Every third is transposed, every second is stored in 16 bits.
      const strides = i % 3 === 0 ? [1, rows] : [columns, 1];
      const [type, bytes] = i % 2 === 0
        ? ["FloatStorage", single]
        : ["HalfStorage", half];
      return {
        name: `${i}`,
        shape,
        strides,
        type,
        bytes,
        count: values.length,
      };
    });
    const path = `${folder.path}/large.pt`;
    await Deno.writeFile(path, checkpoint(tensors));
    const root = new URL("../../", import.meta.url).pathname;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        `--config=${root}deno.json`,
        `${root}tests/io/peak_memory.ts`,
        path,
      ],
    }).output();
    const [peak, bytes] = JSON.parse(
      new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr),
    );
    assertEquals(bytes, 4 * rows * columns * count);
    assert(peak < 1.25 * bytes, `${peak} bytes for ${bytes}`);
  },
});
