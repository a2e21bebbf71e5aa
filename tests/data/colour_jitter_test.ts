import { tf } from "../../src/engine/mod.ts";
import { type ColourFactors, jitterColours } from "../../src/data/mod.ts";
import golden from "../golden/augmentation.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

type Colour = keyof ColourFactors;

for (const name of Object.keys(golden.factors) as Colour[]) {
  testOnBackends(`${name} changes as in torchvision`, () =>
    tf.tidy(() => {
      const images = tf.tensor4d(golden.images, [4, 3, 2, 3]);
      const changed = jitterColours(images, {
        [name]: tf.tensor1d(golden.factors[name]),
      });
      assertClose(changed, tf.tensor4d(golden.results[name], [4, 3, 2, 3]));
    }));
}

testOnBackends("brightness and contrast by hand", () =>
  tf.tidy(() => {
    // On [0, 1]: red 1, 0, 0 and black. Grey: 0.2989 and 0, mean 0.14945.
    const images = tf.tensor4d([1, -1, -1, -1, -1, -1], [1, 1, 2, 3]);
    const half = tf.tensor1d([0.5]);
    assertClose(
      jitterColours(images, { brightness: half }),
      tf.tensor4d([0, -1, -1, -1, -1, -1], [1, 1, 2, 3]),
    );
    // 0.5 · 1 + 0.5 · 0.14945 = 0.574725 -> 0.14945; 0.5 · 0.14945 = 0.074725 -> -0.85055.
    const [high, low] = [0.14945, -0.85055];
    assertClose(
      jitterColours(images, { contrast: half }),
      tf.tensor4d([high, low, low, low, low, low], [1, 1, 2, 3]),
    );
  }));

testOnBackends("colours change in the stated order", () =>
  tf.tidy(() => {
    const images = tf.tensor4d(golden.images, [4, 3, 2, 3]);
    const factors = Object.fromEntries(
      Object.entries(golden.factors).map(([name, f]) => [name, tf.tensor1d(f)]),
    ) as Required<ColourFactors>;
    const { brightness, contrast, saturation, hue } = factors;
    let inTurn = jitterColours(images, { brightness });
    inTurn = jitterColours(inTurn, { contrast });
    inTurn = jitterColours(inTurn, { saturation });
    inTurn = jitterColours(inTurn, { hue });
    assertClose(jitterColours(images, factors), inTurn);
    // The last image is grey: nothing but brightness and contrast acts on it, and it stays grey.
    const last = tf.slice(inTurn, [3, 0, 0, 0]);
    assertClose(tf.max(last), tf.min(last).dataSync()[0]);
  }));
