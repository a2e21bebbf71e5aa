import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import {
  digestGenerator,
  type Generator,
  loadGenerator,
  priorUrl,
  saveGenerator,
} from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { TINY_SIZE, tinyGenerator } from "../support/tiny_prior.ts";

function assertSameWeights(
  found: Generator,
  expected: Generator,
  isSame: (a: number, b: number) => boolean,
): void {
  for (const network of ["autoencoder", "dit"] as const) {
    const [a, b] = [found.params[network], expected.params[network]];
    assertEquals(Object.keys(a).sort(), Object.keys(b).sort());
    for (const name of Object.keys(b)) {
      assertEquals(a[name].shape, b[name].shape, name);
      const [x, y] = [a[name].dataSync(), b[name].dataSync()];
      const at = y.findIndex((value, i) => !isSame(x[i], value));
      assert(at < 0, `${name}[${at}]: ${x[at]} instead of ${y[at]}`);
    }
  }
}

testOnBackends(
  "a generator comes back from its folder bit for bit",
  async () => {
    await using folder = await tempFolder();
    const path = `${folder.path}/new/folder`;
    const generator = tinyGenerator(["ada", "bob"]);
    await saveGenerator(path, generator);
    assertEquals(filesBelow(path), ["generator.json", "weights-0.safetensors"]);
    const slash = new URL(`file://${path}/`);
    for (const place of [path, slash, new URL(`file://${path}`)]) {
      const copy = await loadGenerator(place);
      assertEquals(copy.config, generator.config);
      assertSameWeights(copy, generator, Object.is);
      copy.dispose();
    }
    generator.dispose();
  },
);

testOnBackends("a generator saved as F16 is rounded to 11 bits", async () => {
  await using folder = await tempFolder();
  const generator = tinyGenerator();
  await saveGenerator(folder.path, generator, { dtype: "F16" });
  const copy = await loadGenerator(folder.path);
  // Half a unit in the last of 11 places; below 2^-14 the places get fewer, 2^-24 apart.
  const isNear = (a: number, b: number) =>
    Math.abs(a - b) <= Math.max(2 ** -11 * Math.abs(b), 2 ** -25);
  assertSameWeights(copy, generator, isNear);
  copy.dispose();
  generator.dispose();
});

testOnBackends("saveGenerator() keeps every file below 4 MB", async () => {
  await using folder = await tempFolder();
  const generator = tinyGenerator();
  const random = randomStream(1, "large");
  const large: Params = Object.fromEntries(
    ["a", "b", "c"].map((name) => [
      name,
      tf.tensor1d(random.fork(name).uniforms(600_000)),
    ]),
  );
  const { config } = generator;
  const params = { autoencoder: large, dit: generator.params.dit };
  for (const [dtype, files] of [["F32", 3], ["F16", 2]] as const) {
    const path = `${folder.path}/${dtype}`;
    await saveGenerator(path, { config, params }, { dtype });
    const shards = filesBelow(path).filter((name) => name !== "generator.json");
    assertEquals(shards.length, files);
    for (const name of shards) {
      const { size } = await Deno.stat(`${path}/${name}`);
      assert(size < 4e6, `${name}: ${size} bytes`);
    }
  }
  const copy = await loadGenerator(`${folder.path}/F32`);
  assertSameWeights(copy, { ...generator, params }, Object.is);
  copy.dispose();
  tf.dispose(large);
  generator.dispose();
}, { backends: ["wasm"] });

testOnBackends("loadGenerator() says what is wrong with a folder", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  const generator = tinyGenerator();
  const refuses = (message: string, place = path) =>
    assertRejects(() => loadGenerator(place), Error, message);

  await refuses(
    `Cannot load a generator as '${path}' must be a folder with generator.json: there is none`,
  );
  await refuses("must be a folder", `${path}/nowhere`);
  await Deno.writeTextFile(`${path}/file`, "");
  await refuses("must be a folder", `${path}/file`);

  await saveGenerator(path, generator);
  const shard = await Deno.readFile(`${path}/weights-0.safetensors`);
  const text = await Deno.readTextFile(`${path}/generator.json`);
  const head = JSON.parse(text);
  const write = (fields: object) =>
    Deno.writeTextFile(
      `${path}/generator.json`,
      JSON.stringify({ ...head, ...fields }),
    );
  await write({ schema: 2 });
  await refuses("'schema' must be 1: current value is 2");
  await write({ shards: 2 });
  await refuses("must be a folder with weights-1.safetensors");
  await write({ values: head.values + 1 });
  await refuses(`must hold ${head.values + 1} weights`);
  await write({});
  await Deno.writeFile(
    `${path}/weights-0.safetensors`,
    shard.subarray(0, shard.length - 4),
  );
  await assertRejects(() => loadGenerator(path), SyntaxError, "weights-0");
  generator.dispose();
}, { backends: ["wasm"] });

testOnBackends(
  "saveGenerator() that fails leaves no old configuration beside new weights",
  async () => {
    await using folder = await tempFolder();
    const generator = tinyGenerator();
    await saveGenerator(folder.path, generator);
    await Deno.remove(`${folder.path}/weights-0.safetensors`);
    await Deno.mkdir(`${folder.path}/weights-0.safetensors/in/the/way`, {
      recursive: true,
    });
    await assertRejects(() => saveGenerator(folder.path, generator));
    await assertRejects(
      () => loadGenerator(folder.path),
      Error,
      "must be a folder with generator.json",
    );
    generator.dispose();
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "a generator encodes and decodes by its own weights, clipped",
  () => {
    const generator = tinyGenerator();
    tf.tidy(() => {
      const { params, autoencoder } = generator;
      const values = randomStream(1).normals(2 * TINY_SIZE ** 2 * 3);
      const images = tf.tensor4d(values, [2, TINY_SIZE, TINY_SIZE, 3]);
      const latents = generator.encode(images);
      assertEquals(latents.shape, [2, 2, 2, 4]);
      assertClose(latents, autoencoder.encode(params.autoencoder, images));
      const far = tf.mul(latents, 50) as tf.Tensor4D;
      const plain = autoencoder.decode(params.autoencoder, far);
      const [least, most] = [tf.min(plain), tf.max(plain)];
      assert(least.dataSync()[0] < -1 && most.dataSync()[0] > 1);
      assertClose(generator.decode(far), tf.clipByValue(plain, -1, 1), 1e-4);
    });
    generator.dispose();
  },
);

Deno.test("priorUrl() is beside the sources", () => {
  assertEquals(priorUrl(), new URL("../../data/prior/", import.meta.url));
  assertEquals(
    priorUrl("pedestrians"),
    new URL("../../data/prior/pedestrians/", import.meta.url),
  );
  assertThrows(() => priorUrl("birds" as "faces"), RangeError, "'world'");
});

testOnBackends("Generators may share the file of an autoencoder", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  const generator = tinyGenerator();
  await saveGenerator(`${path}/a`, generator, {
    autoencoderFile: "../autoencoder.safetensors",
  });
  await saveGenerator(path, generator, {
    autoencoderFile: "autoencoder.safetensors",
  });
  for (const place of [path, `${path}/a`, new URL(`file://${path}/a`)]) {
    const read = await loadGenerator(place);
    assertEquals(await digestGenerator(read), await digestGenerator(generator));
    assertEquals(read.config, generator.config);
    read.dispose();
  }
  // Nothing of it lies in the folders' own files, and without it there is no generator.
  const own = await Deno.stat(`${path}/a/weights-0.safetensors`);
  await saveGenerator(`${path}/whole`, generator);
  const whole = await Deno.stat(`${path}/whole/weights-0.safetensors`);
  assert(own.size < whole.size);
  await Deno.remove(`${path}/autoencoder.safetensors`);
  await assertRejects(
    () => loadGenerator(`${path}/a`),
    Error,
    "must be a folder with ../autoencoder.safetensors",
  );
  generator.dispose();
}, { backends: ["wasm"] });
