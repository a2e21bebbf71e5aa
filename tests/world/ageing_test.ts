import { assert, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { aged } from "../../src/world/ageing.ts";
import { faceIdentity } from "../../src/world/mod.ts";
import { parameterRange } from "./parameter_range.ts";

Deno.test("aged() moves what years move, by hand, and leaves the bones", () => {
  const person = {
    ...faceIdentity(randomStream(3)),
    age: 0.5,
    hairGrey: 0.2,
    recession: 0.4,
    cheekFullness: 0.1,
  };
  const later = aged(person, 1);
  // 0.35 of a life later: 1.2 * (0.85 - 0.45) * 0.35 = 0.168 greyer, 0.6 * 0.4 * 0.35 = 0.084 more receded.
  assert(Math.abs(later.age - 0.85) < 1e-12);
  assert(Math.abs(later.hairGrey - 0.368) < 1e-12);
  assert(Math.abs(later.recession - 0.484) < 1e-12);
  assert(Math.abs(later.cheekFullness - (0.1 - 0.525)) < 1e-12);
  assertEquals(later.jawWidth, person.jawWidth);
  assertEquals(later.textureSeed, person.textureSeed);
  assert(aged(person, -1).age < person.age);
  assertEquals(aged(person, 0), person);
});

Deno.test("aged() keeps every parameter in its range", () => {
  for (let i = 0; i < 40; i++) {
    for (const years of [-1, 1]) {
      const person = aged(faceIdentity(randomStream(4, i)), years);
      for (const [name, value] of Object.entries(person)) {
        const [low, high] = parameterRange(name);
        assert(value >= low && value <= high, `${name} is ${value}`);
      }
    }
  }
});
