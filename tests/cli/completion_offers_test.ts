import { assertEquals } from "@std/assert";
import { offerOf, operandOffers } from "../../src/cli/completion_offers.ts";

Deno.test("offerOf() offers choices, folders for DIR, files for FILE, and nothing for a number", () => {
  const help = "";
  assertEquals(offerOf({ value: "NAME", choices: ["a", "b"], help }), {
    kind: "words",
    words: ["a", "b"],
  });
  assertEquals(offerOf({ value: "DIR", help }), { kind: "folders" });
  assertEquals(offerOf({ value: "FILE", help }), { kind: "files" });
  assertEquals(offerOf({ value: "N", least: 0, help }), { kind: "nothing" });
  assertEquals(offerOf({ help }), undefined);
});

Deno.test("operandOffers() takes words apart that exclude each other", () => {
  const operands = ["[list | compare | prune]", "[RUN]", "IN", "bash|zsh"];
  assertEquals(operandOffers({ operands }), [
    { kind: "words", words: ["list", "compare", "prune"] },
    { kind: "folders" },
    { kind: "files" },
    { kind: "words", words: ["bash", "zsh"] },
  ]);
});
