import { assert, assertEquals } from "@std/assert";
import { membershipScores } from "../../src/privacy/mod.ts";
import { membershipPage } from "../../src/stages/mod.ts";

Deno.test("membershipPage() tells areas with intervals, what is absent and why, and keeps notes", () => {
  const scores = (shift: number) =>
    membershipScores({ scores: [5, 4, 2 + shift] }, { scores: [1, 3] });
  const attacks = (shift: number) => [
    {
      attack: "loss" as const,
      condition: "class" as const,
      against: "held-out images of the same people" as const,
      scores: scores(shift),
    },
    {
      attack: "nearest synthetic" as const,
      against: "images of other people" as const,
      scores: scores(shift),
    },
  ];
  const input = {
    generators: [
      { name: "cold start", seed: 0, attacks: attacks(0) },
      { name: "cold start", seed: 1, attacks: attacks(2) },
    ],
    command: "deno task outis membership --run DIR",
    source: "five images",
    engine: "none 1",
    rules: ["Nobody is trained on."],
    notes: "What it means.\n",
  };
  const { markdown, json } = membershipPage(input);
  // Of (5, 4, 2) against (1, 3): 5 of 6 pairs, DeLong's deviation 0.2357.
  assert(
    markdown.includes("| cold start | 0 | 0.833 (0.371 to 1.000) | absent |"),
  );
  assert(
    markdown.includes("| cold start | 1 | 1.000 (1.000 to 1.000) | absent |"),
  );
  assert(markdown.includes("Absent: 2 others cannot measure a rate of 0.01."));
  assert(markdown.includes("## Members against images of other people"));
  assert(markdown.includes("- Nobody is trained on."));
  assert(markdown.endsWith("What it means.\n"));
  const { schema, generators } = JSON.parse(json);
  assertEquals([schema, generators.length], [1, 2]);
});
