import { assert, assertEquals } from "@std/assert";
import { auditVerdicts } from "../../src/stages/audit_verdicts.ts";

const test = (pValue: number) => ({
  rate: 0.02,
  reference: 0.001,
  excess: 0.019,
  interval: [0.01, 0.03] as const,
  pValue,
  people: [20, 20] as const,
  rule: "",
});
const findings = (pValue: number, named?: number) => ({
  fingerprint: "",
  threshold: {
    threshold: 0.5,
    falseMatchRate: 1e-3,
    measured: 1e-3,
    impostorPairs: 10_000,
    genuinePairs: 10,
  },
  test: test(pValue),
  ...(named !== undefined && { namesakes: test(named) }),
  matched: [],
  matchedPeople: 0,
  realNearSynthetic: 0,
  nearest: {
    syntheticToReal: { median: 0, upper: 0, largest: 0 },
    realToSynthetic: { median: 0, upper: 0, largest: 0 },
  },
});

Deno.test("auditVerdicts() fails a test at its level, and duplicates beyond those allowed", () => {
  const judge = (duplicates: number, p: number, named?: number) =>
    auditVerdicts({ arc: findings(p, named) }, {
      duplicates,
      allowedDuplicates: 1,
      level: 0.005,
    }).map(({ name, passed }) => [name, passed]);
  assertEquals(judge(1, 0.0051), [["duplicates", true], ["arc", true]]);
  assertEquals(judge(2, 0.005), [["duplicates", false], ["arc", false]]);
  assertEquals(judge(0, 0.5, 0.001), [
    ["duplicates", true],
    ["arc", true],
    ["arc, namesakes", false],
  ]);
});

Deno.test("auditVerdicts() says rates, interval and p in each reason", () => {
  const [, { reason }] = auditVerdicts({ arc: findings(0.25) }, {
    duplicates: 0,
    allowedDuplicates: 0,
    level: 0.005,
  });
  for (const part of ["2.00 %", "0.100 %", "1.00 % to 3.00 %", "p = 0.25"]) {
    assert(reason.includes(part), `${part} is not in: ${reason}`);
  }
});
