import { assert, assertEquals } from "@std/assert";
import { useBackend } from "../../src/engine/mod.ts";
import { capturedCommand } from "../support/captured.ts";
import { complaints, startCommand } from "../support/command_line.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { writePrior } from "./target_folder.ts";

/** The smallest table, on procedural faces of the tiny prior's size. */
const tiny = [
  ...["table", "2", "--preset", "tiny", "--height", "16"],
  ...["--network", "small", "--backend", "wasm", "--objective", "policy"],
];

/** Cells but for how long they took. */
const timeless = (cells: { seconds?: number }[]) =>
  cells.map(({ seconds, ...cell }) => {
    assert(seconds! > 0);
    return cell;
  });

/** A backend keeps its threads for the whole process. */
const lasting = { sanitizeResources: false, sanitizeOps: false };

Deno.test(
  "outis table prints ours beside the paper's rows in every format, and a stopped one goes on",
  lasting,
  async (t) => {
    await using folder = await tempFolder();
    const { path } = folder;
    await useBackend("wasm");
    await writePrior(`${path}/prior`);
    const read = (name: string) => Deno.readTextFile(`${path}/${name}`);
    let whole: {
      rows: unknown;
      cells: { seconds?: number }[];
      comparisons: unknown;
    };
    await Deno.mkdir(`${path}/results`);
    await Deno.writeTextFile(
      `${path}/results/table_2_notes.md`,
      "## Reading\n",
    );

    await t.step("as Markdown on standard output, and as files", async () => {
      const end = await capturedCommand([
        ...[...tiny, "--prior", `${path}/prior`, "--seeds", "2"],
        ...["--format", "markdown", "--out", `${path}/whole`],
        ...["--results", `${path}/results`],
      ]);
      assertEquals(end.code, 0, end.errors.join("\n"));
      const page = end.output.join("\n");
      for (
        const text of [
          "| method | from | as trained | years apart |",
          "| Real only | here |",
          "| Ours | here |",
          "| NegFaceDiff | paper | 91.70 |",
          "78.47<sup>a</sup>",
          "Mean over 2 seeds ±",
          "- Protocol (as trained, years apart, partly hidden, any camera): verification ",
          "- Overlap: ",
          "intervals speak of new people",
          "- Made by: deno task table 2 --preset tiny --height 16 --network small --backend wasm --objective policy --prior DIR --seeds 2 --format markdown",
        ]
      ) assert(page.includes(text), `${text}\n${page}`);
      assert(
        end.errors.some((line) =>
          line.startsWith("Table 2: 6 methods under 2 seeds, trained on 6 ")
        ),
      );
      assertEquals((await read("whole/table_2.md")).trimEnd(), page.trimEnd());
      const csv = await read("whole/table_2.csv");
      assertEquals(csv.trimEnd().split("\r\n").length, 1 + 8 + 6);
      assert((await read("whole/table_2.tex")).includes("\\begin{tabular}"));
      assert((await read("whole/table_2.txt")).includes("Real only"));
      whole = JSON.parse(await read("whole/table_2.json"));
      assertEquals(whole.cells.length, 12);
      const results = await read("results/table_2.md");
      for (
        const text of [
          "# Table 2 in the small",
          "| NegFaceDiff | paper | 91.70 |",
          "## Reading",
        ]
      ) assert(results.includes(text), `${text}\n${results}`);
      const { cells, machine } = JSON.parse(await read("results/table_2.json"));
      assertEquals(cells, whole.cells);
      assert(machine.includes("1 process of"));
    });

    await t.step("Ctrl-C, then the same command: the same table", async () => {
      const args = [...tiny, "--prior", `${path}/prior`, "--seeds", "2"];
      args.push("--json", "--out", `${path}/stopped`);
      const command = startCommand(args, path);
      const first = () => {
        try {
          const [name] = Array.from(Deno.readDirSync(`${path}/stopped/seed-0`))
            .map(({ name }) => name)
            .filter((name) => /^cell-real-\w+\.json$/.test(name));
          return name && `${path}/stopped/seed-0/${name}`;
        } catch {
          return undefined;
        }
      };
      let isDone = false;
      void command.end.then(() => isDone = true);
      while (!isDone && first() === undefined) {
        await new Promise((next) => setTimeout(next, 20));
      }
      const cell = first()!;
      command.kill("SIGINT");
      const stopped = await command.end;
      assertEquals([stopped.code, stopped.output], [130, []]);
      const said = stopped.errors.join("\n");
      assert(
        said.includes("Stopped. The same command goes on from here."),
        said,
      );
      const kept = await Deno.stat(cell);
      const end = await capturedCommand(args);
      assertEquals(end.code, 0, end.errors.join("\n"));
      assertEquals((await Deno.stat(cell)).mtime, kept.mtime);
      const { rows, cells, comparisons } = JSON.parse(end.output.join("\n"));
      assertEquals(
        { rows, cells: timeless(cells), comparisons },
        {
          rows: whole.rows,
          cells: timeless(whole.cells),
          comparisons: whole.comparisons,
        },
      );
    });

    await t.step(
      "seeds in processes of their own, one after another told by whom: the same table",
      async () => {
        const args = [...tiny, "--prior", `${path}/prior`, "--seeds", "2"];
        const end = await capturedCommand([
          ...[...args, "--jobs", "2", "--json", "--out", `${path}/jobs`],
        ]);
        assertEquals(end.code, 0, end.errors.join("\n"));
        for (const seed of [0, 1]) {
          assert(
            end.errors.includes(
              `Seed ${seed} is done; it is kept in ${path}/jobs.`,
            ),
            end.errors.join("\n"),
          );
        }
        const { cells } = JSON.parse(end.output.join("\n"));
        assertEquals(timeless(cells), timeless(whole.cells));
      },
    );

    await t.step("other people are not taken for these", async () => {
      const end = await capturedCommand([
        ...[...tiny, "--prior", `${path}/none`, "--seeds", "1", "--json"],
        ...["--population", "tune", "--out", `${path}/whole`],
        ...["--results", `${path}/results`],
      ]);
      // The prior is not there: what was asked for is looked for, not passed over.
      assertEquals(end.code, 2);
      assert(complaints(end).at(-1)!.includes("none"));
    });

    await t.step(
      "what a process of one seed cannot use is told as its own",
      async () => {
        const end = await capturedCommand([
          ...[
            "table",
            "2",
            "--preset",
            "tiny",
            "--height",
            "16",
            "--seeds",
            "2",
          ],
          ...["--network", "small", "--backend", "wasm", "--jobs", "2"],
          ...["--prior", `${path}/prior`, "--no-overlap"],
          // A file is in the way of the first seed's folder.
          ...["--out", `${path}/results/table_2.md`],
        ]);
        assertEquals(end.code, 2, end.errors.join("\n"));
        assert(complaints(end).at(-1)!.startsWith("Cannot "));
      },
    );
  },
);

Deno.test(
  "outis table without a fitting prior, without overlap: absent rows with their reason",
  lasting,
  async () => {
    await using folder = await tempFolder();
    const { path } = folder;
    await useBackend("wasm");
    await writePrior(`${path}/prior`);
    const end = await capturedCommand([
      ...["table", "1", "--preset", "tiny", "--height", "32", "--seeds", "1"],
      ...[
        "--network",
        "small",
        "--prior",
        `${path}/prior`,
        "--backend",
        "wasm",
      ],
      ...["--no-overlap", "--re-rank", "--out", `${path}/run`],
    ]);
    assertEquals(end.code, 0, end.errors.join("\n"));
    const page = end.output.join("\n");
    for (
      const text of [
        "No prior of this size: the generator makes images of 16 x 16, the recogniser takes 32 x 16.",
        "One seed (0): a number without an interval",
        "Overlap: it was not checked",
        "reRank {",
        "85.4 (a)",
      ]
    ) assert(page.includes(text), `${text}\n${page}`);
    assert(/^Ours \(a\) +here +– +–$/m.test(page), page);
  },
);

Deno.test(
  "outis table refuses in one sentence, before anything is written",
  lasting,
  async () => {
    await using folder = await tempFolder();
    const { path } = folder;
    await useBackend("wasm");
    await writePrior(`${path}/prior`);
    const wasm = ["--backend", "wasm"];
    const small = [...tiny.slice(1), "--prior", `${path}/prior`];
    const cases: [string[], string][] = [
      [["4"], "its number must be one of 1, 2, 3: current value is 4"],
      [[], "must be 1|2|3"],
      [["2", "--seeds", "0"], "'--seeds' must be a whole number of at least 1"],
      [["2", "--test", "x"], "'--test' must come with --data"],
      [["2", "--re-rank"], "'--re-rank' must be left out"],
      [["2", "--format", "html"], "'--format' must be one of text, markdown"],
      [["2", "--synthetic", "SFace"], "'--synthetic' must be NAME=DIR"],
      [[...small, "--data", `${path}/none`], "none"],
      [[...small, "--synthetic", `Sets=${path}/none`], "none"],
      [["2", "--prior", `${path}/none`, ...wasm], "none"],
      [
        ["1", "--network", "iresnet-small", ...wasm],
        "'width' must be the height, 64, for an IResNet: current value is 32",
      ],
    ];
    for (const [args, sentence] of cases) {
      const end = await capturedCommand([
        ...["table", ...args],
        ...(args.length > 0 ? ["--out", `${path}/run`] : []),
      ]);
      const said = complaints(end).filter((line) => !/^render /.test(line));
      assertEquals([end.code, said.length], [2, 1], end.errors.join("\n"));
      assert(
        said[0].startsWith("Cannot ") && said[0].includes(sentence),
        said[0],
      );
      assertEquals([...Deno.readDirSync(path)].map(({ name }) => name), [
        "prior",
      ]);
    }
  },
);
