import { assert, assertEquals } from "@std/assert";
import { contentPolicy } from "../../src/figures/content_policy.ts";

Deno.test("contentPolicy() lets nothing in but the scripts it is given", () => {
  const policy = contentPolicy(["YQ==", "Yg=="]).split("; ");
  assert(policy.includes("default-src 'none'"));
  assertEquals(
    policy.find((rule) => rule.startsWith("script-src")),
    "script-src 'sha256-YQ==' 'sha256-Yg=='",
  );
  assert(contentPolicy([]).includes("script-src 'none'"));
});
