import { assert, assertEquals, assertRejects } from "@std/assert";
import { plainPreprocessing } from "../../src/core/mod.ts";
import { subsetImages } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { auditPrivacy, plantLeaks } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { patternEmbedders, patternPeople } from "../support/pattern_people.ts";

const size = { people: 26, photographs: 4 };
const real = patternPeople(size);
const others = patternPeople({ ...size, firstPhotograph: 4 });
const control = patternPeople({ ...size, first: 100 });
const clean = patternPeople({ ...size, first: 200 });
const embedders = patternEmbedders();
const sets = { synthetic: clean, real, control, embedders };

testOnBackends(
  "auditPrivacy() lets a set pass that shows neither the real people nor the control",
  async () => {
    const audit = await auditPrivacy(sets);
    assertEquals(audit.passed, true, JSON.stringify(audit.verdicts));
    assertEquals(audit.verdicts.map(({ name }) => name), [
      "duplicates",
      "colour",
      "brightness",
    ]);
    assertEquals(audit.duplicates, 0);
    assertEquals(audit.counts.real, { images: 104, identities: 26 });
    for (const { threshold, test, matched } of Object.values(audit.embedders)) {
      assertEquals(threshold.impostorPairs, 208 * 207 / 2 - 52 * 6);
      assert(threshold.measured <= 1e-3);
      assertEquals(test.people, [26, 26]);
      assert(matched.every((i) => audit.dropList.includes(i)));
    }
  },
);

testOnBackends(
  "auditPrivacy() finds what is planted, drops it, and refuses the set",
  async () => {
    const { images, leaks } = await plantLeaks(clean, real, {
      count: 6,
      others,
      crop: 0.9,
      cropPlace: "random",
      seed: 3,
    });
    const audit = await auditPrivacy({
      ...sets,
      synthetic: images,
      listed: images.count,
    });
    assertEquals(audit.passed, false);
    assertEquals(audit.verdicts[0].passed, false);
    const pairs = new Map(audit.pairs.map((pair) => [pair.synthetic, pair]));
    for (const { index, from, kind } of leaks) {
      const pair = pairs.get(index)!;
      assert(audit.dropList.includes(index), `${kind} of ${from}`);
      if (kind === "samePerson") {
        assertEquals(pair.person, others.identities[others.labels[from]]);
        assert(pair.matchedBy.length > 0);
        continue;
      }
      assertEquals([pair.evidence, pair.real], ["duplicate", from], kind);
      assertEquals(pair.flipped, kind === "flip");
    }
    // The worst are listed first, and a listed duplicate is worse than any match.
    const order = audit.pairs.map(({ evidence }) =>
      ["duplicate", "match", "nearest"].indexOf(evidence)
    );
    assertEquals(order, order.toSorted((a, b) => a - b));
  },
  { backends: ["tensorflow"] },
);

testOnBackends(
  "auditPrivacy() refuses a set of the real people's other photographs, with and without a control",
  async () => {
    for (const arm of [{ control }, {}]) {
      // Of other names: only the pictures give them away.
      const synthetic = {
        ...others,
        identities: others.identities.map((name) => `synthetic ${name}`),
      };
      const { control: _, ...rest } = sets;
      const audit = await auditPrivacy({
        ...rest,
        ...arm,
        synthetic,
        falseMatchRate: 2e-3,
      });
      assertEquals(audit.verdicts.map(({ passed }) => passed), [
        true,
        false,
        false,
      ]);
      const { test, namesakes } = audit.embedders.colour;
      assert(test.pValue < 0.001 && test.interval[0] > 0, `${test.pValue}`);
      assertEquals(namesakes, undefined);
      assert(
        audit.rules.some((rule) => rule.includes("There is no control")) ===
          !("control" in arm),
      );
    }
  },
  { backends: ["tensorflow"] },
);

testOnBackends(
  "auditPrivacy() asks whether namesakes are alike, where names are shared",
  async () => {
    const audit = await auditPrivacy({ ...sets, synthetic: others });
    const named = audit.embedders.colour.namesakes!;
    assert(named.rate > 0.5 && named.pValue < 0.001, `${named.rate}`);
    assertEquals(audit.verdicts.length, 5);
    const strangers = { ...clean, identities: real.identities };
    const misnamed = await auditPrivacy({ ...sets, synthetic: strangers });
    assertEquals(misnamed.passed, true);
    assert(misnamed.embedders.colour.namesakes!.pValue > 0.05);
  },
  { backends: ["tensorflow"] },
);

testOnBackends(
  "auditPrivacy() finds the same by the approximate search, and states its recall",
  async () => {
    const exact = await auditPrivacy({ ...sets, synthetic: others });
    const found = await auditPrivacy({
      ...sets,
      synthetic: others,
      search: "approximate",
    });
    assertEquals(exact.embedders.colour.searchRecall, undefined);
    assert(found.embedders.colour.searchRecall! > 0.95);
    const [a, b] = [new Set(exact.dropList), new Set(found.dropList)];
    assert(a.intersection(b).size >= 0.95 * a.size);
    const planted = await plantLeaks(clean, real, { count: 4, seed: 5 });
    const copies = await auditPrivacy({
      ...sets,
      synthetic: planted.images,
      search: "approximate",
    });
    assertEquals(copies.duplicates, 16);
  },
  { backends: ["tensorflow"] },
);

testOnBackends(
  "auditPrivacy() drops less where all embedders have to agree",
  async () => {
    const any = await auditPrivacy({ ...sets, synthetic: others });
    const all = await auditPrivacy({ ...sets, synthetic: others, drop: "all" });
    const [{ both, onlyFirst, onlySecond }] = any.agreement;
    assertEquals(any.dropList.length, both + onlyFirst + onlySecond);
    assertEquals(all.dropList.length, both);
    assert(onlyFirst + onlySecond > 0);
  },
  { backends: ["tensorflow"] },
);

testOnBackends(
  "auditPrivacy() refuses what it cannot judge, in one sentence",
  async () => {
    const refuses = async (
      input: Partial<Parameters<typeof auditPrivacy>[0]>,
      sentence: string,
      type: new () => Error = RangeError,
    ) => {
      const error = await assertRejects(
        () => auditPrivacy({ ...sets, ...input }),
        type,
        sentence,
      );
      assert(error.message.startsWith("Cannot audit as '"), error.message);
      assert(!error.message.includes("\n"));
    };
    const { colour, brightness } = embedders;
    await refuses(
      { embedders: { colour } },
      "at least two of different weights",
    );
    await refuses(
      { embedders: { colour, twin: colour, brightness } },
      "the same weights twice",
    );
    await refuses(
      { rewardFingerprints: ["brightness"] },
      "other ones than the reward's",
    );
    await refuses({ falseMatchRate: 1e-4 }, "takes 100000 pairs");
    await refuses(
      { control: undefined, real: subsetImages(real, [0, 4, 8]) },
      "people",
    );
    await refuses({ control: real }, "person-0 in both");
    await refuses(
      { synthetic: real },
      "a set of other images than 'synthetic': current value is the same images",
    );
    await refuses({
      control: {
        ...real,
        identities: real.identities.map((name) => `other ${name}`),
      },
    }, "a set of other images than 'real'");
    const few = patternPeople({ people: 2, photographs: 50, first: 100 });
    await refuses({ control: few }, "'control' must be of more people");
    const empty = { ...subsetImages(clean, []), count: 0 };
    await refuses(
      { synthetic: empty },
      "'synthetic' must be a set with images",
    );
  },
);

testOnBackends(
  "auditPrivacy() names an embedder that takes another size or gives what is no number",
  async () => {
    const { colour, brightness } = embedders;
    await assertRejects(
      () =>
        auditPrivacy({
          ...sets,
          embedders: {
            colour,
            large: { ...brightness, preprocessing: plainPreprocessing(32, 32) },
          },
        }),
      TypeError,
      "an embedder takes, 32 x 32: current value is 16 x 16",
    );
    await assertRejects(
      () =>
        auditPrivacy({
          ...sets,
          embedders: {
            colour,
            broken: {
              ...brightness,
              embed: (images) =>
                tf.tidy(() => tf.div(brightness.embed(images), 0)),
            },
          },
        }),
      RangeError,
      "the features by 'broken' must be finite numbers",
    );
  },
);

testOnBackends(
  "auditPrivacy() stops when asked to, and tells how far it is",
  async () => {
    const controller = new AbortController();
    const parts = new Set<string>();
    await assertRejects(
      () =>
        auditPrivacy({
          ...sets,
          signal: controller.signal,
          onStep: (part) => {
            parts.add(part);
            if (part === "search near duplicates") controller.abort();
          },
        }),
      DOMException,
    );
    assertEquals([...parts], [
      "read synthetic images",
      "read real images",
      "read control images",
      "match by colour",
      "match by brightness",
      "search near duplicates",
    ]);
  },
  { backends: ["tensorflow"] },
);
