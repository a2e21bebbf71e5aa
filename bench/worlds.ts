/**
 * How hard the procedural worlds are, and how fast they are rendered: `deno task bench:worlds`; with `--speed` the latter
 * alone, with `--pictures DIR` nothing but the grids that the README shows.
 *
 * A recogniser is trained on few and on many pictures of the same people and judged on people it has never seen; the same
 * with circumstances as even as they get tells how much of the difficulty is nuisance.
 */
import { useBackend } from "../src/engine/mod.ts";
import { encodeWebp } from "../src/io/mod.ts";
import { meanAndError } from "../src/metrics/mod.ts";
import { smallRecognizer } from "../src/models/mod.ts";
import {
  evaluateVerification,
  recognizerEmbedder,
  renderPeople,
  type RenderPeopleOptions,
  trainRecognizer,
  type WorldName,
} from "../src/stages/mod.ts";

const PEOPLE = 60;
const TEST_PEOPLE = 40;
const SIZE = 64;
const STEPS = 400;
const SEEDS = [0, 1, 2];

/** Trained on `images` pictures a person, judged on strangers: accuracy in percent. */
async function accuracy(
  world: WorldName,
  images: number,
  options: Partial<RenderPeopleOptions> & { seed: number },
): Promise<number> {
  const common = { world, size: SIZE, workers: 2, ...options };
  const train = await renderPeople({
    ...common,
    identities: PEOPLE,
    imagesPerIdentity: images,
  });
  const test = await renderPeople({
    ...common,
    identities: TEST_PEOPLE,
    imagesPerIdentity: 10,
    firstIdentity: 10_000,
  });
  const config = smallRecognizer({ height: SIZE, width: train.width });
  const { model, params } = await trainRecognizer(config, train, {
    steps: STEPS,
    batchSize: 48,
    seed: options.seed,
  });
  using embedder = await recognizerEmbedder(model, params);
  const { accuracy } = await evaluateVerification(embedder, test);
  return 100 * accuracy.mean;
}

async function throughput(world: WorldName): Promise<number> {
  // The first pictures come while the workers warm up.
  const warm = 1000;
  let start = 0;
  const { count } = await renderPeople({
    world,
    identities: 500,
    imagesPerIdentity: 10,
    size: SIZE,
    seed: 0,
    workers: 2,
    onStep: (done) => {
      if (done === warm) start = performance.now();
    },
  });
  return (count - warm) / (performance.now() - start) * 1000;
}

/** A row of pictures for each person, as one file. */
async function drawGrid(world: WorldName, path: string): Promise<void> {
  const [people, size] = world === "faces" ? [6, 64] : [4, 128];
  const pictures = 12;
  const { images, width } = await renderPeople({
    world,
    identities: people,
    imagesPerIdentity: pictures,
    firstIdentity: 36,
    size,
    seed: 0,
    occlusion: 0.2,
    ageRange: 1,
  });
  const row = size * width * pictures * 3;
  const pixels = images.map((_, at) => {
    const i = Math.floor(at / row);
    const y = Math.floor(at % row / (width * pictures * 3));
    const x = Math.floor(at / 3) % (width * pictures);
    const picture = i * pictures + Math.floor(x / width);
    return images[((picture * size + y) * width + x % width) * 3 + at % 3];
  });
  const grid = { pixels, height: size * people, width: width * pictures };
  const file = await encodeWebp(grid, {
    quality: 85,
    synthetic: `procedural ${world}, rendered`,
  });
  await Deno.writeFile(path, file);
}

const folder = Deno.args[Deno.args.indexOf("--pictures") + 1];
if (Deno.args.includes("--pictures")) {
  for (const world of ["faces", "pedestrians"] as const) {
    await drawGrid(world, `${folder}/${world}.webp`);
  }
  Deno.exit(0);
}

const only = Deno.args.includes("--speed");
for (const world of ["faces", "pedestrians"] as const) {
  const rate = await throughput(world);
  console.log(`${world}: ${rate.toFixed(0)} pictures a second, 2 workers`);
}
if (!only) {
  console.log((await useBackend("auto")).description);
  const all = { occlusion: 0.25, ageRange: 1 };
  const even = { cameraRange: 0, occlusion: 0, ageRange: 0 };
  const arms: [string, number, Partial<RenderPeopleOptions>][] = [
    ["4 pictures each", 4, all],
    ["40 pictures each", 40, all],
    ["4 pictures each, one even camera, nothing hidden", 4, even],
  ];
  for (const world of ["faces", "pedestrians"] as const) {
    for (const [name, images, options] of arms) {
      const values: number[] = [];
      for (const seed of SEEDS) {
        values.push(await accuracy(world, images, { ...options, seed }));
      }
      const { mean, standardError } = meanAndError(values);
      console.log(
        `${world}, ${name}: ${mean.toFixed(1)} % +- ${
          standardError.toFixed(1)
        }`,
      );
    }
  }
}
