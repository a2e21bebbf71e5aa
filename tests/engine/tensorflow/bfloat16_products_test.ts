import { assertEquals } from "@std/assert";
import { ATTRIBUTE } from "../../../src/engine/tensorflow/attributes.ts";
import { bfloat16Products } from "../../../src/engine/tensorflow/bfloat16_products.ts";
import { DTYPE } from "../../../src/engine/tensorflow/tensor_data.ts";
import type { Node, Trace } from "../../../src/engine/tensorflow/trace.ts";

/** A trace that keeps what is recorded: operations by name, type and the numbers of their inputs. */
function listingTrace(): { trace: Trace; lines: string[]; input: () => Node } {
  const lines: string[] = [];
  let count = 0;
  const node = (): Node => ({
    output: new Uint8Array(16).fill(count++),
    shape: [2, 2],
    dtype: DTYPE.FLOAT,
  });
  const trace: Trace = {
    input: node,
    constant: node,
    operation(name, attributes, inputs) {
      const types = attributes.map(({ name, value }) => `${name}=${value}`);
      lines.push(
        `${count} = ${name}(${inputs.map((one) => one[0])}) ${types.join(" ")}`,
      );
      return [node()];
    },
    finish() {},
    dispose() {},
  };
  return { trace, lines, input: node };
}

const float = { name: "T", type: ATTRIBUTE.TYPE, value: DTYPE.FLOAT };

Deno.test("bfloat16Products() casts around products and joins the bias", () => {
  const { trace, lines, input } = listingTrace();
  const [x, w, bias] = [input(), input(), input()].map((n) => n.output);
  const half = bfloat16Products(trace);
  const [product] = half.operation("MatMul", [float], [x, w]);
  const [sum] = half.operation("BiasAdd", [float], [product.output, bias]);
  half.operation("Tanh", [float], [sum.output]);
  half.operation("MatMul", [float], [sum.output, w]);
  assertEquals(lines, [
    "3 = Cast(0) SrcT=1 DstT=14",
    "4 = Cast(1) SrcT=1 DstT=14",
    "5 = MatMul(3,4) T=14",
    "6 = Cast(5) SrcT=14 DstT=1",
    "7 = Cast(2) SrcT=1 DstT=14",
    "8 = BiasAdd(5,7) T=14", // of the product, not of what it was cast to
    "9 = Cast(8) SrcT=14 DstT=1",
    "10 = Tanh(9) T=1",
    "11 = MatMul(8,4) T=14", // nothing is cast twice
    "12 = Cast(11) SrcT=14 DstT=1",
  ]);
});

Deno.test("bfloat16Products() leaves other types and other operations alone", () => {
  const { trace, lines, input } = listingTrace();
  const [x, w] = [input(), input()].map((n) => n.output);
  const half = bfloat16Products(trace);
  half.operation("MatMul", [{ ...float, value: DTYPE.INT32 }], [x, w]);
  half.operation("BiasAdd", [float], [x, w]);
  assertEquals(lines, ["2 = MatMul(0,1) T=3", "3 = BiasAdd(0,1) T=1"]);
});
