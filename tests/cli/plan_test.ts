import { assert, assertEquals } from "@std/assert";
import { lookAtMachine } from "../../src/cli/machine.ts";
import { planText } from "../../src/cli/plan.ts";

const machine = { computes: "2 cores of AMD EPYC", speed: 2 };

Deno.test("planText() says what, how long on this machine, and what it needs", () => {
  const plan = {
    does: "Trains a recogniser",
    referenceSeconds: 1200, // twice as fast here: 10 minutes
    memory: 1500,
    disk: 140,
    out: "runs/mine",
  };
  assertEquals(planText(plan, machine), [
    "Trains a recogniser.",
    "Takes about 10 min on 2 cores of AMD EPYC; needs about 1.5 GB of memory and 140 MB of disk in runs/mine.",
  ]);
  assertEquals(
    planText({ does: "Goes on", seconds: 100, resumed: true }, machine)[1],
    "Takes at most about 1.7 min on 2 cores of AMD EPYC.",
  );
  assertEquals(planText({ does: "Waits" }, machine), ["Waits."]);
  assertEquals(
    planText({ does: "Waits", memory: 20 }, machine)[1],
    "Needs about 20 MB of memory.",
  );
});

Deno.test("planText() says which machine it speaks of where this one's speed is not known", () => {
  const [, line] = planText(
    { does: "Trains", referenceSeconds: 600 },
    { computes: "8 cores" },
  );
  assertEquals(
    line,
    "Takes about 10 min on 2 idle cores of an AMD EPYC with TensorFlow.",
  );
});

Deno.test("planText() rounds as far as an estimate is worth", () => {
  const cases: [number, string][] = [
    [0.2, "10 s"],
    [14, "10 s"],
    [86, "90 s"],
    [95, "1.6 min"],
    [754, "13 min"],
    [5000, "83 min"],
    [6000, "1.7 hours"],
    [100_000, "28 hours"],
    [1_000_000, "12 days"],
  ];
  for (const [seconds, text] of cases) {
    const [, line] = planText({ does: "", seconds }, machine);
    assertEquals(line, `Takes about ${text} on 2 cores of AMD EPYC.`);
  }
});

Deno.test("planText() says where a busy machine takes longer", () => {
  const plan = { does: "Trains", referenceSeconds: 1200 };
  assertEquals(planText(plan, { ...machine, load: 1 }).length, 2);
  assertEquals(
    planText(plan, { ...machine, load: 4 })[2],
    "Longer while the machine is busy: 4.0 programs want each core now.",
  );
  assertEquals(planText({ does: "Waits" }, { ...machine, load: 4 }).length, 1);
});

Deno.test("planText() warns where memory or disk may not suffice", () => {
  const plan = { does: "Trains", memory: 2000, disk: 100 };
  const { length } = planText(plan, { ...machine, memory: 2000, disk: 100 });
  assertEquals(length, 2);
  assertEquals(
    planText(plan, { ...machine, memory: 900, disk: 99 }).slice(2),
    [
      "Only 900 MB of memory are free: it may not suffice.",
      "Only 99 MB of disk are free: it may not suffice.",
    ],
  );
});

Deno.test("lookAtMachine() knows cores, memory, and the disk of a folder that is yet to be made", async () => {
  const out = `${Deno.makeTempDirSync()}/not/yet/there`;
  const found = await lookAtMachine({ out, threads: 1 });
  assert(/^1 core( of .+)?$/.test(found.computes), found.computes);
  assert(found.memory! > 1 && found.disk! > 0);
  assertEquals(found.speed, undefined); // nothing computes
  await Deno.remove(out.replace("/not/yet/there", ""));
});

Deno.test("lookAtMachine() measures the engine only where it is told to", async () => {
  const { useBackend } = await import("../../src/engine/mod.ts");
  const engine = await useBackend("wasm");
  const { computes, speed } = await lookAtMachine({ engine, measures: true });
  assert(computes.startsWith("1 core") && computes.endsWith(" with wasm"));
  assert(speed! > 0 && speed! < 10, `${speed}`);
  assertEquals((await lookAtMachine({ engine })).speed, undefined);
});
