import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  curveFigure,
  type Figure,
  markup,
  reportPage,
  type ReportSection,
} from "../../src/figures/mod.ts";
import { scriptDigest } from "../../src/figures/plotly_source.ts";

const hostile =
  `</script><script>alert("s01")</script><img src=x onerror='x()'>`;

function page(
  parts: ReportSection["parts"],
  manifest?: unknown,
): Promise<string> {
  return reportPage({
    title: "A run",
    subtitle: "of nothing",
    facts: [["seed", 7], ["engine", "none"]],
    sections: [{ heading: "Pictures", intro: "Look.", parts }, {
      heading: "End",
      parts: [],
    }],
    manifest,
  });
}

function curve(name: string): Figure {
  return curveFigure({ title: name, series: [{ name, y: [1, 2] }] });
}

Deno.test("reportPage() says what was run, then shows it in order, then the manifest", async () => {
  const text = await page([markup`<p>grid</p>`, curve("c"), "words"], {
    schema: 1,
  });
  const order = [
    "<h1>A run</h1>",
    `<p class="subtitle">of nothing</p>`,
    "<dt>seed</dt><dd>7</dd>",
    `<a href="#section-1">Pictures</a><a href="#section-2">End</a>`,
    `<section id="section-1">\n<h2>Pictures</h2>\n<p>Look.</p>\n<p>grid</p>`,
    `data-figure="0"`,
    "<p>words</p>",
    `<section id="section-2">`,
    `<pre>{\n  &quot;schema&quot;: 1\n}</pre>`,
    `<script type="application/json"`,
    `<script type="text/plain" id="plotly">`,
    "<script>",
  ].map((piece) => text.indexOf(piece));
  assert(order.every((at) => at > 0), order.join());
  assertEquals(order, order.toSorted((a, b) => a - b));
});

Deno.test("reportPage() stands figures that follow each other side by side", async () => {
  const text = await page([curve("a"), curve("b"), "words", curve("c")]);
  const rows = text.split(`<div class="plots">`).slice(1)
    .map((row) => row.match(/data-figure="\d"/g)?.length);
  assertEquals(rows, [2, 1]);
});

Deno.test("reportPage() writes the titles of figures as text, and keeps their height free", async () => {
  const text = await page([{
    data: [],
    layout: {
      title: { text: "a &lt; b", subtitle: { text: "n = 2" } },
      height: 120,
    },
  }]);
  assertStringIncludes(text, "<figcaption><b>a &lt; b</b>n = 2</figcaption>");
  assertStringIncludes(text, `style="height: 120px"`);
});

Deno.test("reportPage() obeys nothing that stands in a text", async () => {
  const figure = curveFigure({
    title: hostile,
    note: hostile,
    xTitle: hostile,
    series: [{ name: hostile, y: [1] }],
  });
  const text = await reportPage({
    title: hostile,
    subtitle: hostile,
    facts: [[hostile, hostile]],
    sections: [{
      heading: hostile,
      intro: hostile,
      parts: [hostile, figure, { data: [{ name: hostile }], layout: {} }],
    }],
    manifest: { [hostile]: hostile },
  });
  // Data, Plotly, and the page's own script.
  assertEquals(text.match(/<script/g)?.length, 3);
  assertEquals(text.match(/<\/script/g)?.length, 3);
  assert(!text.includes("<img"));
  assert(!text.includes(`alert("`));
});

Deno.test("reportPage() lets two scripts run, named by digest, and nothing be fetched", async () => {
  const text = await page([curve("a")]);
  const [, policy] = text.match(/Content-Security-Policy" content="([^"]*)"/)!;
  const rules = new Map(
    policy.replaceAll("&#39;", "'").split("; ").map((rule) => {
      const [name, ...values] = rule.split(" ");
      return [name, values];
    }),
  );
  assertEquals(rules.get("default-src"), ["'none'"]);
  assertEquals(rules.get("img-src"), ["data:", "blob:"]);
  assertEquals(rules.get("script-src")?.length, 2);
  const [, script] = text.match(/<script>([^]*)<\/script>/)!;
  assert(rules.get("script-src")!.includes(`'sha256-${scriptDigest(script)}'`));
  for (const name of rules.keys()) {
    assert(!rules.get(name)!.some((value) => value.includes("unsafe-eval")));
  }
});

Deno.test("reportPage() without figures carries no script and allows none", async () => {
  const text = await page([markup`<p>grid</p>`]);
  assert(!text.includes("<script"));
  assertStringIncludes(text, "script-src &#39;none&#39;");
  assert(text.length < 20_000, `${text.length}`);
});

Deno.test("reportPage() is the same page for the same report, and has no manifest unless given", async () => {
  const [a, b] = [await page([curve("a")]), await page([curve("a")])];
  assert(a === b);
  assert(!a.includes("<details"));
});

Deno.test("reportPage() refuses a manifest that is no JSON", async () => {
  await assertRejects(() => page([], { seed: 1n }), TypeError);
});
