import { assertEquals, assertThrows } from "@std/assert";
import {
  identitiesRequest,
  identitiesTable,
} from "../../src/cli/identities_options.ts";
import { parseOptions, UsageError } from "../../src/cli/options.ts";

const request = (args: string[]) =>
  identitiesRequest(parseOptions(args, identitiesTable));

Deno.test("identitiesRequest() takes the constants of the latents, and what is given instead", () => {
  const usual = request([]);
  assertEquals(
    [usual.algorithm, usual.method, usual.latents, usual.hasVariations],
    ["disco", "langevin", "noise", true],
  );
  assertEquals([usual.radius, usual.distance], [0.6, 1.4]);
  const { variations } = request(["--latents", "condition"]);
  // The source's.
  assertEquals([variations.spread, variations.identity], [0.2, 20]);
  const own = request(
    "--truncation 0.7 --pull 0 --spread 1 --spring 50".split(" "),
  );
  assertEquals(
    [own.truncation, own.pull, own.variations.spread, own.variations.identity],
    [0.7, 0, 1, 50],
  );
  assertEquals(own.variations.timestep, usual.variations.timestep);
});

Deno.test("identitiesRequest() finds references by the algorithm's own method", () => {
  for (const name of ["langevin", "random", "reject", "repulse"]) {
    const { method, hasVariations } = request(["--algorithm", name]);
    assertEquals([method, hasVariations], [name, false]);
  }
});

Deno.test("identitiesRequest() refuses what is out of range or of no use", () => {
  const refused = [
    "--pull=-1",
    "--spring x",
    "--spread 0",
    "--truncation 0",
    "--distance 4",
    "--radius 0.5",
    "--algorithm random --spread 1",
    "--algorithm langevin --refine 2",
    "--latents autoencoder --refine 2",
  ];
  for (const args of refused) {
    assertThrows(
      () => request(args.split(" ")),
      UsageError,
      "Cannot sample identities as '--",
      args,
    );
  }
});
