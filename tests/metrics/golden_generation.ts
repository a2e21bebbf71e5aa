/** Cases of tests/golden/generation.json as features. */
import golden from "../golden/generation.json" with { type: "json" };
import type { Features } from "../../src/metrics/mod.ts";

/** Two sets and what NumPy and SciPy say of them. */
export const sets = golden.sets.map(({ real, synthetic, ...rest }) => {
  const features = (values: number[]): Features => ({
    data: Float64Array.from(values),
    width: rest.width,
  });
  return { ...rest, real: features(real), synthetic: features(synthetic) };
});

/** Images of people and what NumPy says of them. */
export const people = {
  ...golden.people,
  features: {
    data: Float64Array.from(golden.people.features),
    width: golden.people.width,
  } satisfies Features,
};
