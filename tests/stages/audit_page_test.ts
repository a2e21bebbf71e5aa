import { assert, assertEquals } from "@std/assert";
import {
  auditImageSet,
  auditPage,
  auditPrivacy,
  plantLeaks,
} from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import {
  PATTERN_SIZE,
  patternEmbedders,
  patternPeople,
} from "../support/pattern_people.ts";

const pictures = (page: string) =>
  page.match(/src="data:image\/png;base64,[^"]+"/g)!;

testOnBackends(
  "auditPage() shows verdicts and the worst pairs, and can keep faces to itself",
  async () => {
    const size = { people: 26, photographs: 4 };
    const real = patternPeople(size);
    const control = patternPeople({ ...size, first: 100 });
    const { images: synthetic } = await plantLeaks(
      patternPeople({ ...size, first: 200 }),
      real,
      { count: 2, kinds: ["copy", "flip"] },
    );
    synthetic.paths[0] = "<script>alert(1)</script>.png";
    const audit = await auditPrivacy({
      synthetic,
      real,
      control,
      embedders: patternEmbedders(),
    });
    const write = (redact: boolean) =>
      auditPage({
        audit,
        synthetic: auditImageSet(synthetic),
        real: auditImageSet(real),
        size: { height: PATTERN_SIZE, width: PATTERN_SIZE },
        facts: [["Seed", 0]],
        redact,
        shown: 6,
        manifest: { seed: 0 },
      });
    const [open, redacted] = [await write(false), await write(true)];
    assert(open.includes("Privacy audit: refused"));
    assert(open.includes("duplicate, mirrored, pixels correlate by"));
    assert(open.includes("104 images of 26 people"));
    assert(!open.includes("<script>alert"));
    const [shown, hidden] = [pictures(open), pictures(redacted)];
    assertEquals([shown.length, hidden.length], [12, 12]);
    // A copy looks like its original; redacted, neither is there.
    assertEquals(shown[0], shown[1]);
    hidden.slice(0, 4).forEach((picture) => assert(!shown.includes(picture)));
    for (const picture of hidden.filter((_, k) => k % 2 === 1)) {
      assert(!shown.includes(picture), "a real face is shown");
    }
  },
  { backends: ["tensorflow"] },
);
