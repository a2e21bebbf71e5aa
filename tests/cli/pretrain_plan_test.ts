import { assert, assertEquals } from "@std/assert";
import { PRETRAIN_USUAL, pretrainPlan } from "../../src/cli/pretrain_plan.ts";

/** The default of an option, as its stage's source has it. */
function usual(file: string, name: string): number {
  const source = Deno.readTextFileSync(
    new URL(`../../src/stages/${file}`, import.meta.url),
  );
  const [, value] = source.match(new RegExp(`^ {4}${name} = (\\d+),`, "m"))!;
  return Number(value);
}

Deno.test("PRETRAIN_USUAL are the defaults of the stages", () => {
  const { auditorSteps, ...sizes } = PRETRAIN_USUAL;
  for (const [name, value] of Object.entries(sizes)) {
    assertEquals(value, usual("pretrain.ts", name), name);
  }
  assertEquals(auditorSteps, usual("train_auditor.ts", "steps"));
});

Deno.test("pretrainPlan() takes what is given for the defaults, and two worlds for more than one", () => {
  const faces = pretrainPlan({ worlds: ["faces"] });
  const both = pretrainPlan({ worlds: ["faces", "pedestrians"] });
  const short = pretrainPlan({
    worlds: ["faces"],
    denoiserSteps: 10,
    identities: undefined,
  });
  assert(both.referenceSeconds! > 1.3 * faces.referenceSeconds!);
  assert(short.referenceSeconds! < faces.referenceSeconds!);
  const alone = pretrainPlan({ worlds: ["faces"], decoderSteps: 0 });
  assert(alone.referenceSeconds! < faces.referenceSeconds!);
  assert(short.does.includes("(1000 persons with 30 pictures, "), short.does);
  assert(short.does.includes("denoiser 10)"), short.does);
  assert(both.does.includes("faces and pedestrians"), both.does);
});
