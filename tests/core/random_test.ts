import { assert, assertEquals, assertThrows } from "@std/assert";
import { threefry } from "../../src/core/threefry.ts";
import { type RandomStream, randomStream } from "../../src/core/random.ts";

const mean = (x: ArrayLike<number>) =>
  Array.from(x).reduce((sum, v) => sum + v, 0) / x.length;

// Largest distance between the empirical distribution of the numbers and a distribution function.
function kolmogorovSmirnov(
  numbers: Float32Array,
  distribution: (x: number) => number,
): number {
  const sorted = numbers.slice().sort();
  let worst = 0;
  sorted.forEach((x, i) => {
    const p = distribution(x);
    worst = Math.max(
      worst,
      p - i / sorted.length,
      (i + 1) / sorted.length - p,
    );
  });
  return worst;
}

// Φ by the series of Marsaglia (2004): 1/2 + φ(x) (x + x^3/3 + x^5/(3·5) + ...).
function normalDistribution(x: number): number {
  if (x < -6) return 0;
  if (x > 6) return 1;
  let sum = x;
  let term = x;
  for (let k = 3; Math.abs(term) > 1e-16; k += 2) {
    sum += term *= (x * x) / k;
  }
  return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

Deno.test("normals() follows Box-Muller on the cipher's words", () => {
  // Independent of the implementation: seed 0 and no keys, one cipher call each for root and kind of draw.
  const root = threefry([0x666f726b, 0], 0, 0);
  const words = threefry([(root[0] ^ 0x6e6f726d) >>> 0, root[1]], 0, 0);
  const radius = Math.sqrt(-2 * Math.log((words[0] + 0.5) / 2 ** 32));
  // Angle: quarter turns by the two high bits (bit 30: one, bit 31: two), then from -π/4 up by the rest.
  const quarters = (words[1] >>> 30 & 1) + 2 * (words[1] >>> 31);
  const rest = (words[1] % 2 ** 30 / 2 ** 30 - 0.5) * Math.PI / 2;
  const angle = quarters * Math.PI / 2 + rest;
  const [x, y] = randomStream(0).normals(2);
  assert(Math.abs(x - radius * Math.cos(angle)) < 1e-6);
  assert(Math.abs(y - radius * Math.sin(angle)) < 1e-6);
});

Deno.test("element i of a draw does not depend on how many are drawn", () => {
  for (const kind of ["uniforms", "normals"] as const) {
    const long = randomStream(3)[kind](10_000);
    for (const n of [1, 2, 3, 2047, 2048, 2049, 5000]) {
      assertEquals(randomStream(3)[kind](n), long.slice(0, n));
    }
  }
});

Deno.test("draws of any size follow on from one another", () => {
  for (const kind of ["uniforms", "normals"] as const) {
    const whole = randomStream(4)[kind](20);
    const parts = randomStream(4);
    const sizes = [1, 0, 3, 2, 5, 1, 8];
    assertEquals(sizes.flatMap((n) => [...parts[kind](n)]), [...whole]);
  }
  const single = randomStream(5);
  const many = randomStream(5);
  assertEquals([1, 2, 3, 4, 5].map(() => single.normal()), [
    ...many.normals(5),
  ]);
  assertEquals([1, 2, 3].map(() => single.uniform()), [...many.uniforms(3)]);
});

Deno.test("mixing kinds of draws reuses no numbers", () => {
  const mixed = randomStream(6);
  const uniform = mixed.uniform();
  const second = mixed.normals(2)[0];
  assertEquals(uniform, randomStream(6).uniforms(1)[0]);
  assertEquals(second, randomStream(6).normals(2)[1]);
});

Deno.test("fork() does not depend on what was drawn before", () => {
  const fresh = randomStream(1).fork("a", 2).normals(4);
  const used = randomStream(1);
  used.normals(17);
  used.permutation(5);
  assertEquals(used.fork("a").fork(2).normals(4), fresh);
  assertEquals(randomStream(1, "a", 2).normals(4), fresh);
});

Deno.test("every key gives a stream of its own", () => {
  const root = randomStream(0);
  const streams: RandomStream[] = [
    root,
    randomStream(1),
    randomStream(2 ** 32),
    randomStream(Number.MAX_SAFE_INTEGER),
    root.fork(0),
    root.fork(0, 0),
    root.fork(1),
    root.fork(2 ** 32),
    root.fork("0"),
    root.fork(""),
    root.fork("\0"),
    root.fork("a", "b"),
    root.fork("b", "a"),
    root.fork("ab"),
    root.fork("identity-1"),
    root.fork("identity-2"),
    root.fork("identität"),
  ];
  const firsts = streams.map((stream) => stream.normal());
  assertEquals(new Set(firsts).size, streams.length);
});

Deno.test("uniforms() are uniform (Kolmogorov-Smirnov, n = 100,000)", () => {
  const x = randomStream(11).uniforms(100_000);
  assert(x.every((v) => v >= 0 && v < 1));
  // 1 % critical value 1.63 / sqrt(n).
  assert(kolmogorovSmirnov(x, (v) => v) < 1.63 / Math.sqrt(x.length));
});

Deno.test("normals() are standard normal (Kolmogorov-Smirnov and moments, n = 200,000)", () => {
  const x = randomStream(12).normals(200_000);
  const n = x.length;
  assert(kolmogorovSmirnov(x, normalDistribution) < 1.63 / Math.sqrt(n));
  // Three standard errors: 1, sqrt 2, sqrt 15 and sqrt 96 over sqrt n for the first four moments.
  assert(Math.abs(mean(x)) < 3 / Math.sqrt(n));
  assert(Math.abs(mean(x.map((v) => v * v)) - 1) < 3 * Math.sqrt(2 / n));
  assert(Math.abs(mean(x.map((v) => v ** 3))) < 3 * Math.sqrt(15 / n));
  assert(Math.abs(mean(x.map((v) => v ** 4)) - 3) < 3 * Math.sqrt(96 / n));
});

Deno.test("streams next to each other, and pairs in one stream, do not correlate", () => {
  const n = 20_000;
  const root = randomStream(13);
  const a = root.fork(0).normals(n);
  const pairs: [Float32Array, Float32Array][] = [
    [a, root.fork(1).normals(n)],
    [a, root.fork("0").normals(n)],
    [a, randomStream(14).fork(0).normals(n)],
    [a, root.normals(n)],
    [a.subarray(1), a.subarray(0, n - 1)],
    [a, a.slice().reverse()],
    [a, root.fork(0).uniforms(n).map((v) => v - 0.5)],
  ];
  for (const [x, y] of pairs) {
    let product = 0;
    let squares = 0;
    for (let i = 0; i < Math.min(x.length, y.length); i++) {
      product += x[i] * y[i];
      squares += (x[i] * y[i]) ** 2;
    }
    assert(Math.abs(product) < 3.5 * Math.sqrt(squares));
  }
});

Deno.test("integer() is uniform on its range (chi-squared, 6 faces)", () => {
  const random = randomStream(15);
  const counts = new Array(6).fill(0);
  for (let i = 0; i < 60_000; i++) counts[random.integer(6)]++;
  const chi2 = counts.reduce((sum, c) => sum + (c - 10_000) ** 2 / 10_000, 0);
  // 99 % point of chi-squared with 5 degrees of freedom.
  assert(chi2 < 15.09);
  assertEquals(random.integer(1), 0);
  const large = random.integer(2 ** 32);
  assert(large >= 0 && large < 2 ** 32 && Number.isInteger(large));
});

Deno.test("permutation() holds every number once and every order is as likely", () => {
  const random = randomStream(16);
  const order = random.permutation(1000);
  assertEquals([...order].sort((a, b) => a - b), [...Array(1000).keys()]);
  const counts = new Map<string, number>();
  for (let i = 0; i < 12_000; i++) {
    const key = random.permutation(3).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const chi2 = [...counts.values()].reduce(
    (sum, c) => sum + (c - 2000) ** 2 / 2000,
    0,
  );
  assertEquals(counts.size, 6);
  assert(chi2 < 15.09);
  assertEquals(random.permutation(0).length, 0);
});

Deno.test("permutation() moves the index by one", () => {
  const a = randomStream(17);
  const b = randomStream(17);
  a.permutation(100);
  b.normal();
  assertEquals(a.normal(), b.normal());
});

Deno.test("bad seeds, keys and counts are refused in one sentence", () => {
  for (const seed of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(
      () => randomStream(seed),
      RangeError,
      "Cannot open a random stream as 'seed' must be a whole number",
    );
  }
  assertThrows(() => randomStream(1, -1), RangeError, "'key'");
  assertThrows(() => randomStream(1).fork(), RangeError, "at least one key");
  assertThrows(() => randomStream(1).normals(-1), RangeError, "'n'");
  assertThrows(() => randomStream(1).uniforms(1.5), RangeError, "'n'");
  assertThrows(() => randomStream(1).permutation(NaN), RangeError, "'n'");
  assertThrows(() => randomStream(1).integer(0), RangeError, "'below'");
});
