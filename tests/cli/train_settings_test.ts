import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseOptions, UsageError } from "../../src/cli/options.ts";
import {
  type TrainSettings,
  trainSettings,
  trainTable,
} from "../../src/cli/train_settings.ts";

function settings(
  args: string[],
  usual: "persons" | "faces" = "faces",
): TrainSettings {
  return trainSettings(parseOptions(args, trainTable), usual);
}

Deno.test("large networks are trained as the paper does, persons and faces", () => {
  const persons = settings(["--network=resnet50"], "persons");
  assertEquals([persons.height, persons.width], [256, 128]);
  assertEquals(persons.training.sampler, { identities: 16, images: 4 });
  assertEquals(persons.training.loss?.smoothing, 0.1);
  const faces = settings(["--network=iresnet50"]);
  assertEquals([faces.height, faces.width], [112, 112]);
  assertEquals(faces.training.batchSize, 128);
  assertEquals(faces.training.loss, {
    classification: "cosFace",
    margin: 0.35,
    scale: 64,
  });
  assertEquals(settings(["--recipe=persons"]).width, 32);
});

Deno.test("small networks have small images and the margins of few people", () => {
  const { network, height, width, training } = settings([]);
  assertEquals([network, height, width], ["small", 64, 64]);
  assertEquals(training.loss, { classification: "cosFace" });
});

Deno.test("options change what the recipe says and nothing else", () => {
  const { training, neck, pixels } = settings([
    "--recipe=persons",
    "--loss=arcFace",
    "--margin=0.2",
    "--triplet=soft",
    "--identities=8",
    "--neck",
    "--pixels=imagenet",
    "--mixing=0:0.5",
    "--selection=lookahead",
    "--keep=0.25",
    "--virtual-step=real",
    "--hold-out=0.1",
    "--keep-best",
    "--erase=0.5",
    "--average=0.99",
    "--steps=7",
    "--rate=1e-3",
    "--schedule=cosine",
  ]);
  assert(neck && pixels === "imagenet");
  assertEquals(training.loss, {
    classification: "arcFace",
    margin: 0.2,
    triplet: { margin: "soft" },
  });
  assertEquals(training.sampler, { identities: 8, images: 4 });
  assertEquals(training.mixing, { from: 0, to: 0.5 });
  assertEquals(training.validation, { identities: 0.1, keep: "best" });
  assertEquals(training.virtualStep, "real");
  const { steps, rate, erase, average, keepFraction, schedule } = training;
  assertEquals([steps, rate, erase, average, keepFraction], [
    7,
    1e-3,
    0.5,
    0.99,
    0.25,
  ]);
  assertEquals(schedule, { shape: "cosine" });
  assertEquals(
    settings(["--triplet=none"], "persons").training.loss?.triplet,
    undefined,
  );
  const shuffled = settings(["--batch=9"], "persons").training;
  assertEquals([shuffled.sampler, shuffled.batchSize], ["shuffled", 9]);
});

Deno.test("a run remembers all that was asked for, and what it stands for", () => {
  const { configuration } = settings(["--margin=0.2"]);
  assertEquals(configuration.margin, "0.2");
  assertEquals(configuration.recipe, "faces");
  assertEquals(configuration.height, 64);
  assertEquals(configuration.scale, null);
});

Deno.test("numbers that are none, and options that exclude each other, are refused", () => {
  for (
    const [args, message] of [
      [
        ["--margin=x"],
        "'--margin' must be a number from 0 to 3.14: current value is x",
      ],
      [["--rate=-1"], "'--rate' must be a number of at least 0"],
      [["--keep=2"], "'--keep' must be a number from 0 to 1"],
      [["--mixing=1:y"], "'--mixing'"],
      [["--triplet=hard"], "'--triplet'"],
      [
        ["--batch=4", "--images=2"],
        "'--batch' must be left out with --identities or --images",
      ],
      [["--keep-best"], "'--keep-best' must be given with --hold-out"],
      [["--decoupled"], "'--decoupled' must be given with --optimizer adam"],
    ] as [string[], string][]
  ) {
    assertThrows(() => settings(args), UsageError, message);
  }
});
