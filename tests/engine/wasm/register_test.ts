import { assertEquals } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { startWasm } from "../../../src/engine/wasm/backend.ts";
import { cases, valueAndGradients, whole } from "./kernel_cases.ts";
import { assertClose, assertNothingLeft, onBackend } from "./reference.ts";

await startWasm();

for (const [name, example] of Object.entries(cases)) {
  Deno.test(`${name}: value and gradient on wasm are those of the cpu backend`, async () => {
    const compute = () =>
      tf.tidy(() => valueAndGradients(example).map((x) => x.dataSync()));
    const actual = assertNothingLeft(compute);
    const expected = await onBackend("cpu", compute);
    expected.forEach((values, i) =>
      assertClose(actual[i], values, 2e-6, i === 0 ? "value" : `gradient ${i}`)
    );
  });
}

for (const [name, f] of Object.entries(whole)) {
  Deno.test(`${name}: what wasm computes is what the cpu backend computes`, async () => {
    const compute = () =>
      tf.tidy(() => {
        const value = f();
        return [value.dtype, value.shape, [...value.dataSync()]];
      });
    const actual = assertNothingLeft(compute);
    assertEquals(actual, await onBackend("cpu", compute));
  });
}
