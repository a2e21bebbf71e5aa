import { assertEquals } from "@std/assert";
import { encodeEvent, eventFileHead } from "../../src/io/mod.ts";
import golden from "../golden/event_file.json" with { type: "json" };

const hex = (bytes: Uint8Array) => bytes.toHex();

Deno.test("eventFileHead() is what TensorBoard's writer begins with", () => {
  assertEquals(hex(eventFileHead(1_700_000_000_250)), golden.head);
});

Deno.test("encodeEvent() writes what TensorBoard's writer writes", () => {
  const scalars = { loss: 0.5, "reward/semantic": -1.25 };
  assertEquals(
    hex(encodeEvent({ time: 1_700_000_001_500, step: 300, scalars })),
    golden.scalars,
  );
  assertEquals(
    hex(encodeEvent({ time: 1000, scalars: { loss: 0 } })),
    golden.zeroth,
  );
  assertEquals(
    hex(
      encodeEvent({ time: 2000, step: 2 ** 40 + 5, scalars: { x: Infinity } }),
    ),
    golden.late,
  );
  assertEquals(
    hex(encodeEvent({ time: 3000, step: 7, restart: true })),
    golden.restart,
  );
  assertEquals(
    hex(
      encodeEvent({ time: 4000, step: 1, scalars: { ["n".repeat(200)]: 1 } }),
    ),
    golden.long,
  );
});
