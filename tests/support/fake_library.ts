/** Fields of {@linkcode elfBytes}. */
export interface ElfFields {
  /** e_machine: 62 is x86_64, 183 aarch64. @default that of this machine */
  machine?: number;
  /** e_type: 3 is a shared object, 2 a program. @default 3 */
  type?: number;
  /** Length that the one segment claims, from the start. @default 128 */
  segmentEnd?: number;
}

const MACHINE = Deno.build.arch === "aarch64" ? 183 : 62;

/**
 * Bytes of the smallest ELF file that passes for a shared library: header,
 * one segment, 8 bytes of nothing; 128 bytes.
 *
 * @param fields What to write into it.
 * @returns The bytes.
 */
export function elfBytes(fields: ElfFields = {}): Uint8Array<ArrayBuffer> {
  const { machine = MACHINE, type = 3, segmentEnd = 128 } = fields;
  const bytes = new Uint8Array(128);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x7f454c46);
  view.setUint8(4, 2); // 64 bits
  view.setUint8(5, 1); // little-endian
  view.setUint16(16, type, true);
  view.setUint16(18, machine, true);
  view.setBigUint64(32, 64n, true); // segment table behind the header
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setBigUint64(64 + 32, BigInt(segmentEnd), true);
  return bytes;
}

/**
 * Makes a folder with files in it for one test.
 *
 * @param files Contents by path.
 * @returns The folder, removed with everything in it when disposed.
 */
export function folderOf(
  files: Record<string, Uint8Array | string>,
): { path: string; [Symbol.dispose](): void } {
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "outis-" }));
  for (const [name, content] of Object.entries(files)) {
    const file = `${path}/${name}`;
    Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    if (typeof content === "string") Deno.writeTextFileSync(file, content);
    else Deno.writeFileSync(file, content);
  }
  return {
    path,
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}
