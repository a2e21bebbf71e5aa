import { assert, assertEquals } from "@std/assert";
import { reportPrivacy } from "../../src/stages/report_privacy.ts";

const overlap = [
  { name: "the training images", affected: 0, paths: [], rule: "So." },
  { name: "the synthetic images", affected: 1, paths: ["<a>"], rule: "So." },
];

const text = (parts: unknown[]) => parts.map(String);

Deno.test("a report without an audit says so, and which test images were trained on", () => {
  const { intro, parts } = reportPrivacy({ overlap, testCount: 9 });
  assert(intro.includes("should not be published"));
  assertEquals(text(parts), [
    "None of the 9 test images stands among the training images.",
    "1 of the 9 test images stand among the synthetic images (<a>): the scores are too good.",
  ]);
});

Deno.test("a report with an audit gives its verdicts, those against the images in bold", () => {
  const verdicts = [
    { name: "duplicates", passed: true, reason: "None <b>." },
    { name: "matches", passed: false, reason: "Too many." },
  ];
  const told = (passed: boolean) =>
    reportPrivacy({
      overlap: [],
      testCount: 9,
      audit: { passed, verdicts } as Parameters<
        typeof reportPrivacy
      >[0]["audit"],
    });
  assert(told(true).intro.startsWith("The audit passed"));
  const { intro, parts } = told(false);
  assert(intro.includes("must not be published"));
  const [source] = parts.map((part) =>
    typeof part === "string" ? part : part.source
  );
  assert(source.includes("<strong>fails</strong>"));
  assert(!source.includes("<strong>passes"));
  assert(source.includes("None &lt;b&gt;."));
});

Deno.test("a report says what was promised, of a person's images together, too", () => {
  const privacy = {
    epsilon: 3,
    delta: 1e-5,
    unit: "image",
    units: 144,
    person: { images: 6, epsilon: 18, delta: 0.01 },
  } as NonNullable<Parameters<typeof reportPrivacy>[0]["privacy"]>;
  const { parts: [promise] } = reportPrivacy({
    overlap: [],
    testCount: 9,
    privacy,
  });
  assert(
    String(promise).endsWith(
      "epsilon 3.000, delta 0.00001 of one image among 144; of a person with 6, epsilon 18.00, delta 0.010.",
    ),
    String(promise),
  );
});
