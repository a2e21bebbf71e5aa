import { saveGenerator } from "../../src/stages/mod.ts";
import { encodePng } from "../../src/io/mod.ts";
import { tinyFaces, tinyPrior } from "../support/tiny_prior.ts";

/** Writes the tiny prior. */
export async function writePrior(folder: string): Promise<void> {
  const prior = await tinyPrior();
  await saveGenerator(folder, prior);
  prior.dispose();
}

/** Writes pictures of procedural people, a folder of each. */
export async function writePeople(
  folder: string,
  people: number,
  imagesPerPerson: number,
): Promise<void> {
  const { images, paths, identities, height, width, count } = tinyFaces(
    people,
    imagesPerPerson,
  );
  const size = images.length / count;
  for (const name of identities) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  }
  for (const [i, path] of paths.entries()) {
    const pixels = images.slice(i * size, (i + 1) * size);
    const png = await encodePng({ pixels, height, width });
    await Deno.writeFile(`${folder}/${path}.png`, png);
  }
}
