import { assertEquals } from "@std/assert";
import { escapeHtml, Html, markup } from "../../src/figures/html.ts";

Deno.test("escapeHtml() escapes the five characters that mean something", () => {
  assertEquals(
    escapeHtml(`<a b="c" d='e'> & &amp;`),
    "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt; &amp; &amp;amp;",
  );
});

Deno.test("markup`` escapes text, in content and in attributes", () => {
  const name = `s01" onload="x()"><script>`;
  assertEquals(
    markup`<b title="${name}">${name}</b>`.source,
    `<b title="s01&quot; onload=&quot;x()&quot;&gt;&lt;script&gt;">s01&quot; onload=&quot;x()&quot;&gt;&lt;script&gt;</b>`,
  );
});

Deno.test("markup`` keeps markup, joins arrays, and writes numbers, zero among them", () => {
  const items = ["a", "<"].map((text) => markup`<li>${text}</li>`);
  assertEquals(
    markup`<ol>${items}</ol>${0}${[1, [2, new Html("<br>")]]}`.source,
    "<ol><li>a</li><li>&lt;</li></ol>012<br>",
  );
});

Deno.test("markup`` writes nothing for null, undefined and false", () => {
  assertEquals(markup`a${null}b${undefined}c${false}d${""}e`.source, "abcde");
});

Deno.test("Html becomes a string as it is", () => {
  assertEquals(`${markup`<p>${"&"}</p>`}`, "<p>&amp;</p>");
});
