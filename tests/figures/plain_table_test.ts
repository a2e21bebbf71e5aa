import { assertEquals, assertThrows } from "@std/assert";
import {
  markup,
  type PLAIN_TABLE_FORMATS,
  plainTable,
  type PlainTableRow,
} from "../../src/figures/mod.ts";

const columns = [
  { title: "trained on" },
  { title: "mAP", unit: "%", digits: 1 },
  { title: "Rank-1", unit: "%", digits: 1 },
];
const rows: PlainTableRow[] = [
  ["real & more", { value: 85.44, error: 0.312 }, 90],
  [
    { value: "ours", strong: true },
    { value: 88.6, error: 0.2, strong: true },
    { value: null, note: "No prior_x of 64 x 32." },
  ],
  ['a|b, "c"', { value: null, note: "No prior_x of 64 x 32." }, 7.25],
];
const written = (format: (typeof PLAIN_TABLE_FORMATS)[number]) =>
  plainTable(columns, rows, { format, caption: "Two of 3 <seeds>" });

Deno.test("plainTable() lines columns up as text", () => {
  assertEquals(
    written("text"),
    `Two of 3 <seeds>

trained on      mAP (%)  Rank-1 (%)
-----------  ----------  ----------
real & more  85.4 ± 0.3        90.0
ours         88.6 ± 0.2       – (a)
a|b, "c"          – (a)         7.3
(a) No prior_x of 64 x 32.
`,
  );
});

Deno.test("plainTable() writes Markdown that a cell's own characters do not break", () => {
  assertEquals(
    written("markdown"),
    `Two of 3 \\<seeds>

| trained on | mAP (%) | Rank-1 (%) |
| --- | ---: | ---: |
| real & more | 85.4 ± 0.3 | 90.0 |
| **ours** | **88.6 ± 0.2** | –<sup>a</sup> |
| a\\|b, "c" | –<sup>a</sup> | 7.3 |

<sup>a</sup> No prior\\_x of 64 x 32.
`,
  );
});

Deno.test("plainTable() writes CSV with all digits, and errors and notes in columns of their own", () => {
  assertEquals(
    written("csv"),
    [
      "trained on,mAP (%),mAP (%) ±,Rank-1 (%),notes",
      "real & more,85.44,0.312,90,",
      "ours,88.6,0.2,,No prior_x of 64 x 32.",
      '"a|b, ""c""",,,7.25,No prior_x of 64 x 32.',
      "",
    ].join("\r\n"),
  );
});

Deno.test("plainTable() writes LaTeX that needs no package", () => {
  assertEquals(
    written("latex"),
    String.raw`\begin{table}
\centering
\caption{Two of 3 $<$seeds$>$}
\begin{tabular}{lrr}
\hline
trained on & mAP (\%) & Rank-1 (\%) \\
\hline
real \& more & 85.4 $\pm$ 0.3 & 90.0 \\
\textbf{ours} & \textbf{88.6 $\pm$ 0.2} & --\textsuperscript{a} \\
a|b, "c" & --\textsuperscript{a} & 7.3 \\
\hline
\end{tabular}

\textsuperscript{a} No prior\_x of 64 x 32.
\end{table}
`,
  );
});

Deno.test("plainTable() without caption, notes and errors has none", () => {
  assertEquals(
    plainTable([{ title: "a" }, { title: "b" }], [["x", 1], ["y", 0.12345]]),
    "a       b\n-  ------\nx       1\ny  0.1235\n",
  );
  assertEquals(plainTable([{ title: "a" }], [], { format: "csv" }), "a\r\n");
  assertEquals(
    plainTable([{ title: 'a"b' }], [["c\nd"]], { format: "csv" }),
    '"a""b"\r\n"c\nd"\r\n',
  );
});

Deno.test("plainTable() refuses rows of another length, markup and unknown formats", () => {
  const refused = (
    row: PlainTableRow,
    format: "text" | "csv" | "html" = "text",
  ) => plainTable([{ title: "a" }], [row], { format: format as "text" });
  assertThrows(() => refused(["a", 1]), TypeError, "'rows[0]'");
  assertThrows(() => refused([markup`<b>a</b>`], "csv"), TypeError, "markup");
  assertThrows(() => refused(["a"], "html"), RangeError, "'format'");
});
