import { assert, assertEquals } from "@std/assert";
import { useBackend } from "../../src/engine/mod.ts";
import { capturedCommand } from "../support/captured.ts";
import { complaints } from "../support/command_line.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { writePeople, writePrior } from "./target_folder.ts";

/** A backend keeps its threads for the whole process. */
const lasting = { sanitizeResources: false, sanitizeOps: false };

Deno.test(
  "outis figure makes ablation, pictures and spheres from one folder of work, and outis claims judges them",
  lasting,
  async (t) => {
    await using folder = await tempFolder();
    const { path } = folder;
    await useBackend("wasm");
    await writePrior(`${path}/prior`);
    const read = (name: string) => Deno.readTextFile(`${path}/${name}`);
    const figure = (number: number, ...args: string[]) =>
      capturedCommand([
        ...["figure", `${number}`, "--preset", "tiny", "--height", "16"],
        ...["--network", "small", "--backend", "wasm", "--objective", "policy"],
        ...["--prior", `${path}/prior`, "--out", `${path}/work`],
        ...["--results", `${path}/results`, ...args],
      ]);

    await t.step("Figure 5, over seeds", async () => {
      const end = await figure(5, "--seeds", "2", "--no-overlap");
      assertEquals(end.code, 0, end.errors.join("\n"));
      assertEquals(end.output, [`${path}/results/figure_5.md`]);
      const page = await read("results/figure_5.md");
      for (
        const text of [
          "# Figure 5 in the small: what each part adds",
          "Made by `deno task outis figure 5 --preset tiny",
          "| Base DiT | 75.65 |",
          "| + expression | 79.07 |",
        ]
      ) assert(page.includes(text), `${text}\n${page}`);
      const { rows, cells } = JSON.parse(await read("results/figure_5.json"));
      assertEquals([rows.length, cells.length], [5, 10]);
    });

    await t.step(
      "Figure 3 shows what Figure 5 was made from: nothing is trained again",
      async () => {
        const before = filesBelow(`${path}/work`);
        const end = await figure(3);
        assertEquals(end.code, 0, end.errors.join("\n"));
        const after = filesBelow(`${path}/work`)
          .filter((name) => !before.includes(name));
        assertEquals(after, ["figure_3.png"]);
        const page = await read("results/figure_3.md");
        assert(
          page.includes(
            "Rows from the top: real, 1; base, 1; ours, 1; real, 2;",
          ),
          page,
        );
        await Deno.stat(`${path}/results/figure_3.png`);
      },
    );

    await t.step(
      "Figure 4 has numbers beside its spheres, and a page that can be turned",
      async () => {
        const end = await figure(4);
        assertEquals(end.code, 0, end.errors.join("\n"));
        const page = await read("results/figure_4.md");
        assert(page.includes("| real | 24 |"), page);
        assert(page.includes("residual of the row sums"));
        // The tiny prior has no auditor: that is said, as its features were rewarded.
        assert(
          page.includes("Features of the recogniser that gives the rewards"),
        );
        assert(
          (await read("work/figure_4.html")).includes("Figure 4 in the small"),
        );
      },
    );

    await t.step(
      "claims: those of Figure 5 are judged, the others were not run",
      async () => {
        await Deno.writeTextFile(
          `${path}/results/claims_notes.md`,
          "## Why not\n\nTiny.\n",
        );
        const end = await capturedCommand([
          ...["claims", "--results", `${path}/results`, "--json"],
        ]);
        assertEquals(end.code, 0, end.errors.join("\n"));
        const { claims } = JSON.parse(end.output.join("\n"));
        const own = claims.filter((one: { file: string }) =>
          one.file === "figure_5"
        );
        // The direct gradient was left out.
        assertEquals(
          own.map(({ verdict }: { verdict: string }) => verdict === "not run"),
          [false, false, false, false, true, true, true],
        );
        assertEquals(own[0].seeds, 2);
        const page = await read("results/claims.md");
        assert(
          page.includes("Without results here: Persons (Table 1), "),
          page,
        );
        assert(!page.includes("## Persons (Table 1)"), page);
        assert(page.includes("## Why not\n\nTiny.\n\n## Rule"), page);
      },
    );

    await t.step(
      "claims: those of other images have a page of their own",
      async () => {
        await Deno.copyFile(
          `${path}/results/figure_5.json`,
          `${path}/results/figure_5_mine.json`,
        );
        const end = await capturedCommand([
          ...["claims", "--results", `${path}/results`, "--suffix", "mine"],
        ]);
        assertEquals(end.output, [`${path}/results/claims_mine.md`]);
        const page = await read("results/claims_mine.md");
        assert(page.includes("with more digits: claims_mine.json."), page);
        assert(!page.includes("## Why not"), page);
      },
    );
  },
);

Deno.test(
  "pictures of real people stay out of the results",
  lasting,
  async () => {
    await using folder = await tempFolder();
    const { path } = folder;
    await useBackend("wasm");
    await writePrior(`${path}/prior`);
    await writePeople(`${path}/people`, 6, 4);
    const end = await capturedCommand([
      ...["figure", "3", "--preset", "tiny", "--height", "16", "--network"],
      ...["small", "--backend", "wasm", "--objective", "policy"],
      ...["--prior", `${path}/prior`, "--data", `${path}/people`],
      ...["--out", `${path}/work`, "--results", `${path}/results`],
    ]);
    assertEquals(end.code, 0, end.errors.join("\n"));
    const page = await Deno.readTextFile(`${path}/results/figure_3.md`);
    assert(page.includes("it stays in the run's folder"), page);
    assert(page.includes("--data DIR"), page);
    assertEquals(filesBelow(`${path}/results`), [
      "figure_3.json",
      "figure_3.md",
    ]);
    await Deno.stat(`${path}/work/figure_3.png`);
  },
);

Deno.test(
  "outis figure and outis claims refuse in one sentence",
  lasting,
  async () => {
    await using folder = await tempFolder();
    const { path } = folder;
    await Deno.writeTextFile(`${path}/table_2.json`, "{}");
    const cases: [string[], string][] = [
      [["figure", "1"], "its number must be one of 2, 3, 4, 5, 6"],
      [["figure"], "2|3|4|5|6"],
      [["figure", "3", "--prior", `${path}/none`, "--backend", "wasm"], "none"],
      [["claims", "--results", `${path}/none`], "'--results' must be a folder"],
      [["claims", "--results", path], "must be results of a table or figure"],
    ];
    for (const [args, sentence] of cases) {
      const end = await capturedCommand(args);
      const said = complaints(end);
      assertEquals([end.code, said.length], [2, 1], end.errors.join("\n"));
      assert(
        said[0].startsWith("Cannot ") && said[0].includes(sentence),
        said[0],
      );
    }
  },
);
