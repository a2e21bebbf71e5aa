/**
 * The results page of the study of the audit.
 *
 * @module
 */
import type { LeakKind } from "./plant_leaks.ts";
import type { AuditStudy, StudiedWorld } from "./study_audit.ts";

/** What the page tells. */
export interface StudyAuditPageInput {
  /** What was found. */
  study: AuditStudy;
  /** The command that makes the page anew. */
  command: string;
  /** What computed. */
  engine: string;
  /** What the embedders are, a phrase by name. */
  embedders: { [name: string]: string };
  /** What a reader should make of it, in Markdown, for the page's end. */
  notes?: string;
}

const KINDS: { [kind in LeakKind]: string } = {
  copy: "exact copy",
  flip: "mirrored",
  recompression: "JPEG, quality 50",
  crop: "crop of 95 to 80 % of the sides, anywhere",
  samePerson: "other photograph of the person",
};

/**
 * Writes the page.
 *
 * @param input What was found, and how.
 * @returns Markdown for readers, and the same numbers as JSON.
 *
 * @example
 * ```ts
 * import { studyAuditPage } from "@outis/outis/stages";
 *
 * const { markdown } = studyAuditPage({
 *   study: { worlds: [], sets: [] },
 *   command: "deno task study:audit",
 *   engine: "tensorflow",
 *   embedders: {},
 * });
 * console.log(markdown.startsWith("# What the privacy audit finds")); // true
 * ```
 */
export function studyAuditPage(
  input: StudyAuditPageInput,
): { markdown: string; json: string } {
  const { study, command, engine, embedders, notes = "" } = input;
  const names = Object.keys(embedders);
  const markdown = `# What the privacy audit finds

Made by \`${command}\`; ${engine}. Numbers with more digits: audit.json.

## Protocol

- A set of real photographs, photographs of other people as control, and a synthetic set that shows people who are in
  neither: a clean set. In the first seeds, leaks of the real photographs replace some of its images.
- Match threshold: false-match rate 1e-3 on pairs of different people among real and control. Gate: near duplicates none;
  one-sided tests over people, together at 1 %.
- Embedders: ${
    names.map((name) => `**${name}**, ${embedders[name]}`).join("; ")
  }.
- *Dropped*: on the drop list, for whatever reason. *Traced*: found as a near duplicate of the very picture it was made
  from. *By ...*: matched by that embedder.

${study.worlds.map((world) => worldText(world, names)).join("\n\n")}

## Generators

${study.sets.map(setText).join("\n\n") || "None was audited."}

${notes}
`;
  return {
    markdown: markdown.trimEnd() + "\n",
    json: JSON.stringify(
      { schema: 1, command, engine, embedders, ...study },
      null,
      1,
    ) + "\n",
  };
}

function worldText(world: StudiedWorld, names: string[]): string {
  const { counts, clean, planted } = world;
  const passed = clean.filter((tests) => tests.length === 0).length;
  const caught = planted.filter((tests) => tests.length > 0).length;
  const why = clean.flatMap((tests, seed) =>
    tests.map((name) => `seed ${seed}: ${name}`)
  );
  const rows = Object.entries(world.leaks).map(([kind, found]) => [
    KINDS[kind as LeakKind],
    found.planted,
    share(found.dropped, found.planted),
    kind === "samePerson" ? "" : share(found.traced, found.planted),
    ...names.map((name) => share(found.matched[name], found.planted)),
  ]);
  return `## ${world.name}

${counts.synthetic.images} synthetic images, ${counts.real.images} real ones of ${counts.real.identities} people, ${counts.control.images} of ${counts.control.identities} others as control, dealt anew for each seed.

- Clean sets: ${passed} of ${clean.length} pass${
    why.length === 0 ? "" : ` (failed: ${why.join(", ")})`
  }; ${world.falseDuplicates} near duplicates where there are none; ${
    percent(world.falselyDropped)
  } of the images are on the drop list all the same.
- Sets with leaks: ${caught} of ${planted.length} are refused.
- The matchers' own rate for two photographs of a person at this threshold: ${
    names.map((name) => `${name} ${percent(world.trueMatchRates[name])}`)
      .join(", ")
  }.

${
    table(
      [
        "leak",
        "planted",
        "dropped",
        "traced",
        ...names.map((name) => `by ${name}`),
      ],
      rows,
    )
  }`;
}

function setText({ name, audit }: AuditStudy["sets"][number]): string {
  const { passed, verdicts, counts, rules, duplicates } = audit;
  return `### ${name}: ${passed ? "passes" : "refused"}

${counts.synthetic.images} images against ${counts.real.images} training images of ${counts.real.identities} people, ${counts.control.images} images of ${counts.control.identities} held-out people as control. ${duplicates} near duplicates. ${
    rules.at(-1)
  }

${
    table(
      ["test", "verdict", "why"],
      verdicts.map(({ name, passed, reason }) => [
        name,
        passed ? "passes" : "**fails**",
        reason,
      ]),
    )
  }`;
}

function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)]
    .join("\n");
}

function share(count: number, all: number): string {
  return `${count} (${percent(count / all)})`;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
