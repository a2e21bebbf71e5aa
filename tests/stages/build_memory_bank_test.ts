import { assertEquals, assertThrows } from "@std/assert";
import { subsetImages } from "../../src/data/mod.ts";
import { buildMemoryBank, embedImages } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyEmbedder, tinyFaces } from "../support/tiny_prior.ts";

testOnBackends(
  "buildMemoryBank() files the features of real images by identity",
  async () => {
    using embedder = await tinyEmbedder();
    const images = tinyFaces(2, 3, { names: ["ada", "bob"] });
    using bank = buildMemoryBank(embedder, images);
    assertEquals(bank.identities, ["ada", "bob"]);
    assertEquals(bank.width, 8);
    bank.checkEmbedder(embedder);
    const { features, labels } = bank.toArrays();
    assertEquals([...labels], [0, 0, 0, 1, 1, 1]);
    assertEquals(features, embedImages(embedder, images).data);
  },
);

testOnBackends(
  "buildMemoryBank() refuses an identity of one image",
  async () => {
    using embedder = await tinyEmbedder();
    const images = subsetImages(
      tinyFaces(2, 3, { names: ["ada", "bob"] }),
      [0, 1, 2, 3],
    );
    assertThrows(() => buildMemoryBank(embedder, images), RangeError, "bob");
  },
);
