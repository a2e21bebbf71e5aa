import { crc32 } from "node:zlib";

/** A record to write, and what its headers say otherwise. */
export interface ArchiveRecord {
  /** Its name. */
  name: string;
  /** Its bytes. */
  content: Uint8Array;
  /** How its directory entry is changed; fields lie as in the format's appendix. */
  forge?: (entry: DataView) => void;
}

const text = new TextEncoder();

/** A zip archive of stored records, as `torch.save` writes it. */
export function zipArchive(
  records: readonly ArchiveRecord[],
): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, content, forge } of records) {
    const nameBytes = text.encode(name);
    const head = new DataView(new ArrayBuffer(30 + nameBytes.length));
    const entry = new DataView(new ArrayBuffer(46 + nameBytes.length));
    head.setUint32(0, 0x04034b50, true);
    entry.setUint32(0, 0x02014b50, true);
    // Checksum, both sizes and the length of the name: the same in both, two bytes apart.
    for (const [view, from] of [[head, 14], [entry, 16]] as const) {
      view.setUint32(from, crc32(content), true);
      view.setUint32(from + 4, content.length, true);
      view.setUint32(from + 8, content.length, true);
      view.setUint16(from + 12, nameBytes.length, true);
    }
    entry.setUint32(42, at, true);
    new Uint8Array(head.buffer).set(nameBytes, 30);
    new Uint8Array(entry.buffer).set(nameBytes, 46);
    forge?.(entry);
    chunks.push(new Uint8Array(head.buffer), content);
    directory.push(new Uint8Array(entry.buffer));
    at += head.byteLength + content.length;
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, records.length, true);
  end.setUint16(10, records.length, true);
  end.setUint32(
    12,
    directory.reduce((sum, { length }) => sum + length, 0),
    true,
  );
  end.setUint32(16, at, true);
  return joined([...chunks, ...directory, new Uint8Array(end.buffer)]);
}

/** A tensor of {@linkcode checkpoint}. */
export interface CheckpointTensor {
  /** Its name. */
  name: string;
  /** Length along each axis. */
  shape: number[];
  /** Elements from one value to the next along each axis. */
  strides: number[];
  /** Type of its storage, as in `FloatStorage`. */
  type: string;
  /** Bytes of its storage. */
  bytes: Uint8Array;
  /** Elements in its storage. */
  count: number;
}

/** A checkpoint with a storage of its own for each tensor. */
export function checkpoint(
  tensors: readonly CheckpointTensor[],
): Uint8Array<ArrayBuffer> {
  const tuple = (values: number[]) =>
    `(${values.map((value) => `I${value}\n`).join("")}t`;
  const items = tensors.map(({ name, shape, strides, type, count }, i) =>
    `V${name}\nctorch._utils\n_rebuild_tensor_v2\n((Vstorage\nctorch\n${type}\n` +
    `V${i}\nVcpu\nI${count}\ntQI0\n${tuple(shape)}${tuple(strides)}I00\n}tRs`
  );
  const pickle = text.encode(`}${items.join("")}.`);
  return zipArchive([
    { name: "archive/data.pkl", content: pickle },
    ...tensors.map(({ bytes }, i) => ({
      name: `archive/data/${i}`,
      content: bytes,
    })),
  ]);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(
    chunks.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
