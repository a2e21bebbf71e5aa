import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  openRunDirectory,
  type OpenRunDirectoryOptions,
} from "../../src/core/run_directory.ts";

const options: OpenRunDirectoryOptions = {
  manifest: { configuration: { seed: 1, model: { width: 8, heads: [1, 2] } } },
  now: () => Date.UTC(2024, 0, 2, 3, 4, 5),
};
const resume = { ...options, resume: true };

async function withFolder(
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function listing(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("openRunDirectory() starts a run in a folder that is not there", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/runs/first`;
    using run = await openRunDirectory(path, options);
    assert(!run.resumed);
    assertEquals(
      JSON.parse(await Deno.readTextFile(run.file("manifest.json"))),
      {
        format: "outis-run",
        schema: 1,
        started: "2024-01-02T03:04:05.000Z",
        configuration: { seed: 1, model: { width: 8, heads: [1, 2] } },
      },
    );
  });
});

Deno.test("a run is resumed with its manifest and metrics", async () => {
  await withFolder(async (path) => {
    {
      using run = await openRunDirectory(path, options);
      for (const step of [1, 2, 3]) {
        run.metrics.append({ step, loss: 1 / step });
      }
      await run.updateManifest({ best: 2 });
    }
    using run = await openRunDirectory(path, {
      ...resume,
      now: () => Date.UTC(2025, 0, 1),
    });
    assert(run.resumed);
    assertEquals(run.manifest.best, 2);
    assertEquals(run.manifest.started, "2024-01-02T03:04:05.000Z");
    assertEquals(run.manifest.resumed, ["2025-01-01T00:00:00.000Z"]);
    await run.truncateMetrics(({ step }) => Number(step) <= 2);
    run.metrics.append({ step: 3, loss: 0 });
    assertEquals(await run.metrics.read(), [
      { step: 1, loss: 1 },
      { step: 2, loss: 0.5 },
      { step: 3, loss: 0 },
    ]);
  });
});

Deno.test("a run is not started over and not resumed where there is none", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/run`;
    await assertRejects(
      () => openRunDirectory(path, resume),
      RangeError,
      "'path' must be an earlier run to resume",
    );
    assertEquals(listing(folder), []);
    (await openRunDirectory(path, options))[Symbol.dispose]();
    const before = await Deno.readTextFile(`${path}/manifest.json`);
    await assertRejects(
      () => openRunDirectory(path, options),
      RangeError,
      "must be a new or empty folder, or a run to resume",
    );
    assertEquals(await Deno.readTextFile(`${path}/manifest.json`), before);
  });
});

Deno.test("a folder with other files in it is refused and not touched", async () => {
  await withFolder(async (path) => {
    await Deno.writeTextFile(`${path}/thesis.doc`, "precious");
    for (const how of [options, resume]) {
      await assertRejects(
        () => openRunDirectory(path, how),
        RangeError,
        "not one that holds thesis.doc",
      );
    }
    assertEquals(listing(path), ["thesis.doc"]);
    await assertRejects(
      () => openRunDirectory(`${path}/thesis.doc`, options),
      RangeError,
      "must be a folder",
    );
  });
});

Deno.test("a configuration that differs is named and the run left as it was", async () => {
  await withFolder(async (path) => {
    (await openRunDirectory(path, options))[Symbol.dispose]();
    const before = await Deno.readTextFile(`${path}/manifest.json`);
    const cases: [
      OpenRunDirectoryOptions["manifest"]["configuration"],
      string,
    ][] = [
      [
        { seed: 2, model: { width: 8, heads: [1, 2] } },
        "'configuration.seed' must be 1 as in the run to resume: current value is 2",
      ],
      [
        { seed: 1, model: { width: 8, heads: [1, 3] } },
        "'configuration.model.heads[1]' must be 2",
      ],
      [
        { seed: 1, model: { width: 8, heads: [1, 2] }, extra: true },
        "'configuration.extra' must be absent",
      ],
      [{ seed: 1 }, "'configuration.model' must be {"],
    ];
    for (const [configuration, message] of cases) {
      await assertRejects(
        () =>
          openRunDirectory(path, { ...resume, manifest: { configuration } }),
        RangeError,
        message,
      );
    }
    assertEquals(await Deno.readTextFile(`${path}/manifest.json`), before);
    // Refused runs are unlocked again.
    (await openRunDirectory(path, resume))[Symbol.dispose]();
  });
});

Deno.test("another layout and a broken manifest are refused", async () => {
  await withFolder(async (path) => {
    await Deno.writeTextFile(
      `${path}/manifest.json`,
      `{"format": "outis-run", "schema": 99, "configuration": {}}`,
    );
    await assertRejects(
      () => openRunDirectory(path, resume),
      RangeError,
      "of format outis-run 1: current value is outis-run 99",
    );
    await Deno.writeTextFile(`${path}/manifest.json`, `{"format": `);
    await assertRejects(
      () => openRunDirectory(path, resume),
      SyntaxError,
      "manifest.json' must be JSON",
    );
  });
});

Deno.test("two users of one run directory are kept apart", async () => {
  await withFolder(async (path) => {
    {
      using _first = await openRunDirectory(path, options);
      await assertRejects(
        () => openRunDirectory(path, resume),
        RangeError,
        "a folder no other process uses",
      );
    }
    (await openRunDirectory(path, resume))[Symbol.dispose]();
  });
});

Deno.test("a killed process leaves a run that can be resumed", async () => {
  await withFolder(async (path) => {
    const module = new URL("../../src/core/run_directory.ts", import.meta.url);
    const script = `
      import { openRunDirectory } from "${module}";
      const run = await openRunDirectory(${JSON.stringify(path)}, {
        manifest: ${JSON.stringify(options.manifest)}, now: () => 0 });
      run.metrics.append({ step: 1 });
      await Deno.writeTextFile(run.file("metrics.jsonl"), '{"step": 2', { append: true });
      await Deno.writeTextFile(run.file("manifest.json.partial"), "{");
      console.log("ready");
      setInterval(() => {}, 1000);
    `;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--allow-read", "--allow-write", "-"],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(script));
    await writer.close();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    assertStringIncludes(new TextDecoder().decode(value), "ready");
    await assertRejects(
      () => openRunDirectory(path, resume),
      RangeError,
      "a folder no other process uses",
    );
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    using run = await openRunDirectory(path, resume);
    assertEquals(await run.metrics.read(), [{ step: 1 }]);
  });
});

Deno.test("a run killed before its manifest was written starts anew", async () => {
  await withFolder(async (path) => {
    await Deno.writeTextFile(`${path}/.lock`, "");
    await Deno.writeTextFile(`${path}/manifest.json.partial`, "{");
    using run = await openRunDirectory(path, resume);
    assert(!run.resumed);
    assertEquals(listing(path), [".lock", "manifest.json"]);
  });
});

Deno.test("writeAtomic() makes folders and leaves no partial file", async () => {
  await withFolder(async (path) => {
    using run = await openRunDirectory(path, options);
    const file = await run.writeAtomic("checkpoints/a.txt", "one");
    await run.writeAtomic("checkpoints/a.txt", new Uint8Array([116, 119, 111]));
    assertEquals(file, run.file("checkpoints", "a.txt"));
    assertEquals(await Deno.readTextFile(file), "two");
    assertEquals(listing(`${path}/checkpoints`), ["a.txt"]);
  });
});
