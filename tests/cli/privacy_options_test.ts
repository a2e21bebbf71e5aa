import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/cli/options.ts";
import { small, tiny } from "../../src/cli/presets.ts";
import { checkPrivacy, withPrivacy } from "../../src/cli/privacy_options.ts";
import { tinyFaces } from "../support/tiny_prior.ts";

Deno.test("without --epsilon a cold start stays as its preset has it", () => {
  assertEquals(withPrivacy(small.coldStart, {}), small.coldStart);
});

Deno.test("--epsilon makes a cold start private, and trains nothing that is not", () => {
  const settings = withPrivacy(small.coldStart, {
    epsilon: "2.5",
    delta: "1e-6",
    unit: "identity",
  });
  assertEquals(settings.privacy, {
    targetEpsilon: 2.5,
    delta: 1e-6,
    unit: "identity",
    rank: 4,
  });
  assertEquals(settings.trainable, "labelEmbedding+adaLN");
  assertEquals([settings.rate, settings.decoderSteps], [3e-3, 0]);
  assertEquals(settings.steps, small.coldStart.steps);
});

Deno.test("options of privacy that cannot be meant are refused", () => {
  const cases: [Parameters<typeof withPrivacy>[1], string][] = [
    [
      { epsilon: "no" },
      "'--epsilon' must be a number above 0: current value is no",
    ],
    [
      { epsilon: "-1" },
      "'--epsilon' must be a number above 0: current value is -1",
    ],
    [
      { epsilon: "1", delta: "0" },
      "'--delta' must be a number above 0: current value is 0",
    ],
    [
      { delta: "1e-5" },
      "'--delta' must come with --epsilon: current value is 1e-5",
    ],
    [
      { unit: "image" },
      "'--unit' must come with --epsilon: current value is image",
    ],
  ];
  for (const [options, message] of cases) {
    assertThrows(
      () => withPrivacy(small.coldStart, options),
      UsageError,
      message,
    );
  }
});

Deno.test("a promise that these images cannot have is refused before anything is trained", () => {
  const images = tinyFaces(6, 6);
  const check = (delta: string) =>
    checkPrivacy(images, {
      ...tiny,
      coldStart: withPrivacy(tiny.coldStart, { epsilon: "8", delta }),
    });
  check("1e-3");
  assertThrows(() => check("0.5"), RangeError, "'delta' must be");
  checkPrivacy(images, tiny);
});
