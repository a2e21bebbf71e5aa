import { assert, assertEquals } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { faceRecipe, personRecipe } from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "the recipes decay weights by 5e-4 as the paper's trainers do",
  () =>
    tf.tidy(() => {
      const params = {
        "fc.weight": tf.ones([1, 1]),
        "norm.weight": tf.ones([1]),
      };
      const flat = {
        "fc.weight": tf.zeros([1, 1]),
        "norm.weight": tf.zeros([1]),
      };
      const after = (optimizer = faceRecipe().optimizer!) =>
        optimizer.update(params, flat, optimizer.init(params), tf.scalar(0.1))
          .params;
      // SGD: 1 - 0.1 · 5e-4, and norms stay.
      const faces = after();
      assertClose(faces["fc.weight"], [[1 - 5e-5]], 1e-7);
      assertClose(faces["norm.weight"], [1], 1e-7);
      // Coupled, Adam's first step has the size of the rate whatever the gradient; decoupled it would be 5e-5.
      const persons = after(personRecipe().optimizer!);
      assertClose(persons["fc.weight"], [[0.9]], 1e-4);
      assertClose(persons["norm.weight"], [0.9], 1e-4);
    }),
);

Deno.test("the recipes have the paper's batches and losses", () => {
  const persons = personRecipe();
  assertEquals(persons.sampler, { identities: 16, images: 4 });
  assertEquals(persons.loss?.classification, "crossEntropy");
  assert(persons.loss?.triplet);
  const faces = faceRecipe();
  assertEquals(faces.batchSize, 128);
  assertEquals(faces.loss, {
    classification: "cosFace",
    margin: 0.35,
    scale: 64,
  });
});
