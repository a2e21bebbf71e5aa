import { assert, assertEquals } from "@std/assert";
import { datasetCard, folderLayout } from "../../src/data/mod.ts";
import { licenceChain, originOfRun } from "../../src/cli/licence_chain.ts";
import { tempFolder } from "../support/temp_folder.ts";

const cardOf = (origin: Parameters<typeof licenceChain>[0]) =>
  datasetCard(
    { protocol: "None.", licence: "CC0-1.0", chain: licenceChain(origin) },
    { rows: [], layout: folderLayout(), manifest: "0".repeat(64) },
  );

Deno.test("a link that nobody has stated is in the card, as unknown", () => {
  const card = cardOf({ prior: "weights/mine/", data: "/home/me/photographs" });
  assert(
    card.includes("| Weights the generator started from | unknown | mine |"),
  );
  assert(
    card.includes(
      "| Images the generator was adapted to | unknown | photographs |",
    ),
  );
  assert(!card.includes("/home/me"));
  const none = datasetCard(
    { protocol: "None.", licence: "CC0-1.0", chain: [] },
    { rows: [], layout: folderLayout(), manifest: "0".repeat(64) },
  );
  assert(none.includes("| not stated | unknown |  |"));
});

Deno.test("what is known is stated: shipped weights, procedural people, and what the user says", () => {
  const shipped = cardOf({ prior: null, data: null });
  assert(
    shipped.includes(
      "| Weights the generator started from | MIT | shipped with the program |",
    ),
  );
  assert(
    shipped.includes(
      "| Procedural people the generator was adapted to | MIT | rendered by the program |",
    ),
  );
  const said = cardOf({
    data: "lfw",
    dataLicence: "research only",
    priorLicence: "CC BY-NC 4.0",
  });
  assert(
    said.includes("| Weights the generator started from | CC BY-NC 4.0 |  |"),
  );
  assert(
    said.includes(
      "| Images the generator was adapted to | research only | lfw |",
    ),
  );
  assertEquals(licenceChain({ prior: null, isAdapted: false }).length, 2);
});

Deno.test("a run tells its prior and its images", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  assertEquals(await originOfRun(path), {});
  const configuration = { prior: null, data: "faces", settings: {} };
  await Deno.writeTextFile(
    `${path}/manifest.json`,
    JSON.stringify({ configuration }),
  );
  assertEquals(await originOfRun(path), {
    prior: null,
    data: "faces",
    isAdapted: true,
  });
  await Deno.writeTextFile(
    `${path}/manifest.json`,
    JSON.stringify({ configuration: { prior: null, algorithm: "disco" } }),
  );
  assertEquals((await originOfRun(path)).isAdapted, false);
});
