import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { digestBytes } from "../../src/core/mod.ts";
import {
  protocolLine,
  protocolRecord,
} from "../../src/metrics/protocol_record.ts";

const protocol = {
  name: "verification",
  parameters: { folds: 10, nested: { b: [1, null, true], a: 'q"' } },
  counts: { pairs: 6000, images: 12000 },
};

Deno.test("the hash is that of the canonical JSON of name, parameters and counts", () => {
  const text =
    '{"counts":{"images":12000,"pairs":6000},"name":"verification","parameters":{"folds":10,"nested":{"a":"q\\"","b":[1,null,true]}}}';
  assertEquals(
    protocolRecord(protocol).hash,
    digestBytes(text).slice(0, 16),
  );
});

Deno.test("the order of names does not matter, every value does", () => {
  const { hash } = protocolRecord(protocol);
  const turned = {
    counts: { images: 12000, pairs: 6000 },
    parameters: { nested: { a: 'q"', b: [1, null, true] }, folds: 10 },
    name: "verification",
  };
  assertEquals(protocolRecord(turned).hash, hash);
  for (
    const other of [
      { ...protocol, name: "verify" },
      { ...protocol, counts: { pairs: 6000 } },
      { ...protocol, parameters: { ...protocol.parameters, folds: 9 } },
    ]
  ) assertNotEquals(protocolRecord(other).hash, hash);
});

Deno.test("a record is a copy that JSON keeps whole", () => {
  const nested = { seeds: [1, 2] };
  const record = protocolRecord({ ...protocol, parameters: { nested } });
  nested.seeds.push(3);
  assertEquals(record.parameters, { nested: { seeds: [1, 2] } });
  assertEquals(JSON.parse(JSON.stringify(record)), record);
});

Deno.test("protocolLine() is one line with everything in it", () => {
  const record = protocolRecord(protocol);
  assertEquals(
    protocolLine(record),
    `verification (folds 10, nested {"a":"q\\"","b":[1,null,true]}; images 12000, pairs 6000) ${record.hash}`,
  );
  const bare = protocolRecord({ name: "none", parameters: {}, counts: {} });
  assertEquals(protocolLine(bare), `none ${bare.hash}`);
});

Deno.test("numbers that JSON cannot hold are refused", () => {
  assertThrows(
    () => protocolRecord({ ...protocol, counts: { pairs: NaN } }),
    RangeError,
    "Cannot record a protocol as 'counts.pairs' must be a finite number: current value is NaN",
  );
});
