import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { type FaceIdentity, faceIdentity } from "../../src/world/mod.ts";

const PEOPLE = Array.from(
  { length: 400 },
  (_, i) => faceIdentity(randomStream(11, i)),
);

Deno.test("faceIdentity() draws the same person from the same stream and others from others", () => {
  assertEquals(faceIdentity(randomStream(11, 3)), PEOPLE[3]);
  assertNotEquals(PEOPLE[3], PEOPLE[4]);
});

Deno.test("faceIdentity() stays in the stated ranges and survives JSON", () => {
  const shape = PEOPLE.flatMap((
    person,
  ) => [person.headWidth, person.noseLength, person.browArch]);
  assert(shape.every((value) => Math.abs(value) <= 2.5));
  const unit: (keyof FaceIdentity)[] = [
    "irisColor",
    "irisDarkness",
    "lidCrease",
    "lashes",
    "eyeBags",
    "browDensity",
    "melanin",
    "undertone",
    "redness",
    "freckles",
    "roughness",
    "oiliness",
    "age",
    "lipColor",
    "mole",
    "hair",
    "hairDarkness",
    "hairRedness",
    "hairGrey",
    "hairVolume",
    "hairLength",
    "recession",
    "widowsPeak",
    "fringe",
    "curl",
    "sideburns",
    "beard",
    "moustache",
    "goatee",
    "stubble",
    "beardLength",
    "glasses",
    "glassesWidth",
    "glassesHeight",
    "glassesRoundness",
    "glassesThickness",
    "glassesDarkness",
  ];
  for (const person of PEOPLE) {
    for (const name of unit) {
      assert(
        person[name] >= 0 && person[name] <= 1,
        `${name} is ${person[name]}`,
      );
    }
    assert(person.hairline >= 0.3 && person.hairline <= 0.9);
    assert(Math.abs(person.hairSweep) <= 1);
    assert(Number.isInteger(person.textureSeed) && person.textureSeed < 65536);
  }
  assertEquals(JSON.parse(JSON.stringify(PEOPLE[0])), PEOPLE[0]);
});

Deno.test("faceIdentity() draws traits that go together", () => {
  const share = (
    of: FaceIdentity[],
    has: (person: FaceIdentity) => boolean,
  ): number => of.filter(has).length / of.length;
  const bearded = PEOPLE.filter((person) => person.beard > 0);
  const others = PEOPLE.filter((person) => person.stubble === 0);
  const jaw = (of: FaceIdentity[]): number =>
    of.reduce((sum, { jawWidth }) => sum + jawWidth, 0) / of.length;
  assert(jaw(bearded) > jaw(others));
  const grey = (person: FaceIdentity): boolean => person.hairGrey > 0.1;
  const old = PEOPLE.filter((person) => person.age > 0.7);
  const young = PEOPLE.filter((person) => person.age < 0.5);
  assert(share(old, grey) > 0.3);
  assertEquals(share(young, grey), 0);
  const glasses = share(PEOPLE, (person) => person.glasses === 1);
  assert(glasses > 0.12 && glasses < 0.35, `share of glasses is ${glasses}`);
});
