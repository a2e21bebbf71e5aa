import { assert, assertEquals } from "@std/assert";
import { jit, tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

/** A function that counts how often it runs, which under jit is how often it is traced. */
function counted<Fn extends (...args: never[]) => unknown>(
  fn: Fn,
): Fn & { runs: number } {
  const wrapped = ((...args: never[]) => {
    wrapped.runs++;
    return fn(...args);
  }) as Fn & { runs: number };
  wrapped.runs = 0;
  return wrapped;
}

const only = { backends: ["tensorflow"] } as const;

for (const compiler of ["graph", "xla"] as const) {
  testOnBackends(
    `jit() runs a traced function with other values (${compiler})`,
    () => {
      const fn = jit((x: tf.Tensor, y: tf.Tensor) => tf.add(tf.mul(x, 2), y), {
        compiler,
      });
      tf.tidy(() => {
        assertClose(fn(tf.tensor([1, 2]), tf.tensor([10, 20])), [12, 24]);
        assertClose(fn(tf.tensor([3, 4]), tf.tensor([0, 1])), [6, 9]);
      });
      fn.dispose();
    },
  );
}

testOnBackends("jit() traces once per shapes, dtypes and structure", () => {
  type Arg = { a: tf.Tensor; b?: tf.Tensor };
  const fn = counted((x: Arg) => tf.add(x.a, x.b ?? x.a));
  const jitted = jit(fn);
  tf.tidy(() => {
    const runsAfter = (x: Arg) => {
      jitted(x);
      return fn.runs;
    };
    assertEquals(runsAfter({ a: tf.zeros([2]) }), 1);
    assertEquals(runsAfter({ a: tf.ones([2]) }), 1);
    assertEquals(runsAfter({ a: tf.ones([3]) }), 2);
    assertEquals(runsAfter({ a: tf.ones([2], "int32") }), 3);
    assertEquals(runsAfter({ a: tf.ones([2]), b: tf.ones([2]) }), 4);
    // Neither the order of names nor an absent member asks for another trace.
    assertEquals(runsAfter({ b: tf.ones([2]), a: tf.ones([2]) }), 4);
    assertEquals(runsAfter({ b: undefined, a: tf.ones([2]) }), 4);
    assertEquals(runsAfter({ a: tf.ones([3]) }), 4);
  });
  jitted.dispose();
}, only);

testOnBackends("jit() carries nested records, tuples and undefined", () => {
  const fn = jit((
    { w, rest }: { w: { a: tf.Tensor; b: tf.Tensor[] }; rest?: tf.Tensor },
    pair: [tf.Tensor, undefined],
  ) => ({
    sum: tf.addN([w.a, ...w.b]),
    list: [tf.neg(w.a), undefined, { deep: tf.square(pair[0]) }] as const,
    rest,
    none: {},
    empty: [],
  }));
  const x = tf.tensor([1, 2]);
  const result = fn({ w: { a: x, b: [x, x] } }, [x, undefined]);
  assertEquals(Object.keys(result).sort(), [
    "empty",
    "list",
    "none",
    "rest",
    "sum",
  ]);
  assertClose(result.sum, [3, 6]);
  assertClose(result.list[0], [-1, -2]);
  assertEquals([result.list[1], result.rest], [undefined, undefined]);
  assertClose(result.list[2].deep, [1, 4]);
  assertEquals([result.none, result.empty], [{}, []]);
  tf.dispose([x, result.sum, result.list[0], result.list[2].deep]);
  fn.dispose();
});

testOnBackends("jit() reads captured tensors and variables afresh", () => {
  const scale = tf.tidy(() => tf.variable(tf.scalar(2)));
  const offset = tf.tensor([1, 1]);
  const fn = jit((x: tf.Tensor) => tf.add(tf.mul(x, scale), offset));
  tf.tidy(() => {
    assertClose(fn(tf.tensor([1, 2])), [3, 5]);
    scale.assign(tf.scalar(10));
    assertClose(fn(tf.tensor([1, 2])), [11, 21]);
    scale.assign(tf.scalar(0));
    assertClose(fn(tf.tensor([1, 2])), [1, 1]);
  });
  fn.dispose();
  tf.dispose([scale, offset]);
});

testOnBackends("jit() captures a reshaped view with its own shape", () => {
  const flat = tf.tensor([1, 2, 3, 4]);
  const square = tf.reshape(flat, [2, 2]) as tf.Tensor2D;
  const fn = jit((x: tf.Tensor2D) => tf.sum(tf.matMul(x, square), 0));
  tf.tidy(() => {
    assertClose(fn(tf.tensor2d([[1, 0], [1, 1]])), [1 + 4, 2 + 6]);
    const x = tf.reshape(tf.tensor([1, 0, 1, 1]), [2, 2]) as tf.Tensor2D;
    assertClose(fn(x), [5, 8]);
  });
  fn.dispose();
  tf.dispose([flat, square]);
});

testOnBackends(
  "jit() hands out arguments, captured tensors and doubles as new tensors",
  () => {
    const captured = tf.tensor([7]);
    const fn = jit((x: tf.Tensor) => {
      const y = tf.neg(x);
      return { x, captured, y, again: y };
    });
    const x = tf.tensor([1]);
    const result = fn(x);
    tf.tidy(() => {
      const { x, captured, y, again } = result;
      assertClose(tf.concat([x, captured, y, again]), [1, 7, -1, -1]);
    });
    const all = [x, captured, ...Object.values(result)];
    assertEquals(new Set(all).size, 6);
    tf.dispose(result);
    assertClose(x, [1]); // the argument is still there
    assertClose(captured, [7]);
    tf.dispose([x, captured]);
    fn.dispose();
  },
);

testOnBackends("jit() takes the same tensor twice", () => {
  const fn = jit((x: tf.Tensor, y: tf.Tensor) => tf.sub(tf.mul(x, 3), y));
  tf.tidy(() => {
    const x = tf.tensor([1, 2]);
    assertClose(fn(x, x), [2, 4]);
    assertClose(fn(x, tf.tensor([3, 6])), [0, 0]);
  });
  fn.dispose();
});

testOnBackends("jit() takes scalars, empty tensors, int32 and bool", () => {
  const fn = jit((
    { s, none, ids, mask }: Record<"s" | "none" | "ids" | "mask", tf.Tensor>,
  ) => ({
    next: tf.add(s, 1),
    sum: tf.sum(none),
    none: tf.concat([none, none], 1),
    ids: tf.add(ids, tf.scalar(2, "int32")),
    other: tf.logicalNot(mask),
    chosen: tf.where(mask, ids, tf.zerosLike(ids)),
  }));
  tf.tidy(() => {
    for (const s of [1, 5]) {
      const result = fn({
        s: tf.scalar(s),
        none: tf.zeros([0, 2]),
        ids: tf.tensor([1, -3], [2], "int32"),
        mask: tf.tensor([true, false], [2], "bool"),
      });
      assertClose(result.next, s + 1);
      assertClose(result.sum, 0);
      assertEquals(result.none.shape, [0, 4]);
      assertEquals(result.ids.dtype, "int32");
      assertClose(result.ids, [3, -1]);
      assertEquals(result.other.dtype, "bool");
      assertClose(result.other, [0, 1]);
      assertClose(result.chosen, [1, 0]);
    }
  });
  fn.dispose();
});

testOnBackends("jit() of a jitted function is one function", () => {
  const inner = counted((x: tf.Tensor) => tf.square(x));
  const jittedInner = jit(inner);
  const outer = jit((x: tf.Tensor) => tf.add(jittedInner(x), jittedInner(x)));
  tf.tidy(() => {
    assertClose(outer(tf.tensor([3])), [18]);
    assertClose(outer(tf.tensor([2])), [8]);
    assertEquals(inner.runs, 2); // both calls inlined into the one trace
    assertClose(jittedInner(tf.tensor([4])), [16]);
  });
  outer.dispose();
  jittedInner.dispose();
}, only);

testOnBackends("jit() can be differentiated through, and inside", () => {
  const cube = jit((x: tf.Tensor) => tf.mul(x, tf.square(x)));
  const slope = jit((x: tf.Tensor) => tf.grad((x) => tf.sum(cube(x)))(x));
  tf.tidy(() => {
    const x = tf.tensor([1, 2, -3]);
    const expected = [3, 12, 27]; // 3 x²
    assertClose(tf.grad((x) => tf.sum(cube(x)))(x), expected);
    assertClose(slope(x), expected);
  });
  cube.dispose();
  slope.dispose();
});

testOnBackends(
  "jit() keeps what was drawn or computed in JavaScript at tracing",
  () => {
    let factor = 2;
    const fn = jit((x: tf.Tensor) => tf.mul(x, factor));
    tf.tidy(() => {
      assertClose(fn(tf.tensor([1])), [2]);
      factor = 3;
      assertClose(fn(tf.tensor([1])), [2]);
    });
    fn.dispose();
  },
  only,
);

testOnBackends(
  "a constant that is kept inside jit() stays usable outside and inside",
  () => {
    const kept: { table?: tf.Tensor } = {};
    const fn = jit((x: tf.Tensor) => {
      kept.table ??= tf.keep(tf.tensor([10, 20]));
      return tf.add(x, kept.table);
    });
    tf.tidy(() => {
      assertClose(fn(tf.tensor([1, 2])), [11, 22]);
      assertClose(kept.table!, [10, 20]);
      assertClose(fn(tf.tensor([[1, 2]])), [[11, 22]]); // a second trace
      assertClose(fn(tf.tensor([3, 4])), [13, 24]);
    });
    kept.table!.dispose();
    fn.dispose();
  },
);

testOnBackends(
  "dispose() frees the traces, and the function traces anew",
  () => {
    const fn = counted((x: tf.Tensor) => tf.neg(x));
    const jitted = jit(fn);
    tf.tidy(() => {
      assertClose(jitted(tf.tensor([1])), [-1]);
      jitted.dispose();
      jitted.dispose(); // twice is no harm
      assertClose(jitted(tf.tensor([2])), [-2]);
      assert(fn.runs === 2);
    });
    jitted.dispose();
  },
);

testOnBackends("jit() does without arguments and without results", () => {
  const seven = jit(() => tf.scalar(7));
  const nothing = jit((x: tf.Tensor) => ({
    x: undefined,
    list: [tf.neg(x)].slice(1),
  }));
  tf.tidy(() => {
    for (let i = 0; i < 2; i++) {
      assertClose(seven(), 7);
      assertEquals(nothing(tf.ones([2])), { x: undefined, list: [] });
    }
  });
  seven.dispose();
  nothing.dispose();
});
