/**
 * Event files of TensorBoard: numbers over steps, in a file that is only ever appended to.
 *
 * A record (TFRecord) is the length of its content (8 bytes), the masked CRC-32C of these, the content, and the masked
 * CRC-32C of it, all little endian. The content is a protocol buffer, `Event`: field 1 wall time, 2 step, 3 version of the
 * file, 5 summary, 7 session log.
 *
 * @module
 */

/** One event. */
export interface RunEvent {
  /** When, in milliseconds since 1970. */
  time: number;
  /** Step it belongs to. @default 0 */
  step?: number;
  /** Numbers by name. */
  scalars?: { [name: string]: number };
  /**
   * Whether the steps from this one on are done again: viewers drop what they had of them.
   *
   * @default {false}
   */
  restart?: boolean;
}

/**
 * The bytes an event file begins with.
 *
 * @param time When it is begun, in milliseconds since 1970.
 * @returns A record that states version 2 of the format.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeEvent, eventFileHead } from "@outis/outis/io";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeFile(path, eventFileHead(0));
 * const event = encodeEvent({ time: 0, step: 1, scalars: { loss: 0.5 } });
 * await Deno.writeFile(path, event, { append: true });
 * assertEquals((await Deno.stat(path)).size, 40 + event.length);
 * await Deno.remove(path);
 * ```
 */
export function eventFileHead(time: number): Uint8Array<ArrayBuffer> {
  return record([
    ...double(1, time / 1000),
    ...bytes(3, new TextEncoder().encode("brain.Event:2")),
  ]);
}

/**
 * One event as bytes to be appended to a file.
 *
 * @param event Time, step, numbers. NaN and infinities are kept: TensorBoard marks them.
 * @returns A record.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeEvent } from "@outis/outis/io";
 *
 * assertEquals(encodeEvent({ time: 0 }).length, 16 + 9); // no step, no numbers
 * ```
 */
export function encodeEvent(event: RunEvent): Uint8Array<ArrayBuffer> {
  const { time, step = 0, scalars = {}, restart = false } = event;
  const content = [...double(1, time / 1000)];
  if (step > 0) content.push(...key(2, 0), ...varint(step));
  const values = Object.entries(scalars).flatMap(([name, value]) => [
    ...bytes(1, [
      ...bytes(1, new TextEncoder().encode(name)),
      ...float(2, value),
    ]),
  ]);
  if (values.length > 0) content.push(...bytes(5, values));
  // SessionLog { status: START }
  if (restart) content.push(...bytes(7, [...key(1, 0), 1]));
  return record(content);
}

/** A protocol buffer's tag: field number and kind of value. */
function key(field: number, kind: 0 | 1 | 2 | 5): number[] {
  return [field << 3 | kind];
}

function varint(value: number): number[] {
  const low: number[] = [];
  while (value >= 128) {
    low.push(value % 128 | 128);
    value = Math.floor(value / 128);
  }
  return [...low, value];
}

function bytes(field: number, content: ArrayLike<number>): number[] {
  return [
    ...key(field, 2),
    ...varint(content.length),
    ...Array.from(content),
  ];
}

function double(field: number, value: number): number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return [...key(field, 1), ...new Uint8Array(view.buffer)];
}

function float(field: number, value: number): number[] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value, true);
  return [...key(field, 5), ...new Uint8Array(view.buffer)];
}

function record(content: number[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(16 + content.length);
  const view = new DataView(whole.buffer);
  view.setBigUint64(0, BigInt(content.length), true);
  view.setUint32(8, maskedCrc(whole.subarray(0, 8)), true);
  whole.set(content, 12);
  view.setUint32(
    12 + content.length,
    maskedCrc(whole.subarray(12, 12 + content.length)),
    true,
  );
  return whole;
}

/** Remainders of CRC-32C (Castagnoli), reflected, for each byte. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) {
    byte = byte & 1 ? byte >>> 1 ^ 0x82f63b78 : byte >>> 1;
  }
  return byte;
});

/** CRC-32C, turned and shifted: a plain one of data that hold their own would be no check. */
function maskedCrc(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = REMAINDERS[(crc ^ byte) & 255] ^ crc >>> 8;
  crc = ~crc;
  return ((crc >>> 15 | crc << 17) + 0xa282ead8) >>> 0;
}
