/**
 * The header of an image in RecordIO: flag, label and two numbers, in front of the encoded image.
 *
 * @module
 */

/** An image record, taken apart. */
export interface LabelledRecord {
  /** Labels: one number, or as many as the record announces. */
  label: Float32Array<ArrayBuffer>;
  /** Number of the record, as its writer saw it. */
  id: bigint;
  /** Second number, commonly 0. */
  secondId: bigint;
  /** What follows the header: the encoded image. A view. */
  content: Uint8Array;
}

/** Flag (u32), label (f32), id (u64), second id (u64). */
const HEADER_BYTES = 24;

/**
 * Takes an image record apart: MXNet's `IRHeader`, `struct "<IfQQ"`.
 *
 * A flag above 0 is the number of labels; they follow the header as float32 and the label inside it is not used.
 *
 * @param bytes Content of a record, or its beginning.
 * @returns Labels, numbers and the image.
 * @throws {SyntaxError} If it is shorter than its header says.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeLabelledRecord, parseLabelledRecord } from "@outis/outis/io";
 *
 * const bytes = encodeLabelledRecord([7], 12, new Uint8Array([1, 2]));
 * const { label, id, content } = parseLabelledRecord(bytes);
 * assertEquals([label[0], id, content.length], [7, 12n, 2]);
 * ```
 */
export function parseLabelledRecord(bytes: Uint8Array): LabelledRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = bytes.length < HEADER_BYTES ? 0 : view.getUint32(0, true);
  const start = HEADER_BYTES + 4 * count;
  if (bytes.length < start) {
    throw new SyntaxError(
      `Cannot read an image record as it must be at least ${start} bytes long, its header and ${count} labels: current value is ${bytes.length} bytes`,
    );
  }
  const label = new Float32Array(Math.max(count, 1));
  if (count === 0) label[0] = view.getFloat32(4, true);
  for (let i = 0; i < count; i++) {
    label[i] = view.getFloat32(HEADER_BYTES + 4 * i, true);
  }
  return {
    label,
    id: view.getBigUint64(8, true),
    secondId: view.getBigUint64(16, true),
    content: bytes.subarray(start),
  };
}

/**
 * Puts an image record together, as MXNet's `recordio.pack` does.
 *
 * @param label One label, which goes into the header, or several, which follow it.
 * @param id Number of the record.
 * @param content Encoded image; none for records that only hold labels.
 * @returns Content of a record, for `encodeRecord`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodeLabelledRecord } from "@outis/outis/io";
 *
 * // What insightface's data sets begin with: first identity record, and the number after the last.
 * assert(encodeLabelledRecord([5, 7], 0).length === 24 + 8);
 * ```
 */
export function encodeLabelledRecord(
  label: readonly number[],
  id: number,
  content: Uint8Array = new Uint8Array(),
): Uint8Array<ArrayBuffer> {
  const count = label.length === 1 ? 0 : label.length;
  const start = HEADER_BYTES + 4 * count;
  const bytes = new Uint8Array(start + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, count, true);
  if (count === 0) view.setFloat32(4, label[0], true);
  view.setBigUint64(8, BigInt(id), true);
  for (let i = 0; i < count; i++) {
    view.setFloat32(HEADER_BYTES + 4 * i, label[i], true);
  }
  bytes.set(content, start);
  return bytes;
}
