import { assert, assertEquals } from "@std/assert";
import { auditPlan } from "../../src/cli/audit_plan.ts";

const sets = { synthetic: { count: 288 }, real: { count: 144 } };
const work = {
  embedders: ["auditor", "procedural"],
  pixels: 64 * 64,
  exact: true,
};

Deno.test("auditPlan() says what is compared in whose eyes", () => {
  assertEquals(
    auditPlan(sets, work).does,
    "Compares 288 synthetic images with 144 real ones in the eyes of auditor and procedural",
  );
  assert(
    auditPlan({ ...sets, control: { count: 120 } }, work).does
      .includes("144 real ones and 120 of the control"),
  );
});

// Measured: 680 MiB (bench/README.md).
Deno.test("auditPlan() knows the memory of a small audit", () => {
  const { memory } = auditPlan({ ...sets, control: { count: 120 } }, work);
  assert(memory! > 600 && memory! < 800, `${memory}`);
});

Deno.test("auditPlan() grows with pairs where all are compared, and with the embedder that is trained", () => {
  const large = { synthetic: { count: 1e5 }, real: { count: 5e4 } };
  const exact = auditPlan(large, work).referenceSeconds!;
  const near = auditPlan(large, { ...work, exact: false }).referenceSeconds!;
  assert(exact > near + 1000, `${exact} ${near}`);
  const trained = auditPlan(sets, work).referenceSeconds!;
  const given = auditPlan(sets, { ...work, embedders: ["auditor", "other"] });
  assert(trained > given.referenceSeconds! + 10);
});
