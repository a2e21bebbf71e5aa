import { folderOf } from "./fake_library.ts";

/** Shell snippets that a {@linkcode fakePython} runs. */
export interface FakePythonOptions {
  /** What `--version` does. @default says Python 3.11.7 */
  version?: string;
  /** What `-m pip --version` does. @default says pip 23.2 */
  pip?: string;
  /** What `-m pip download` does, with the folder in `$dest`. @default fails */
  download?: string;
  /** What loading the library does. @default says 2.21.0 */
  load?: string;
}

/**
 * Makes a program that answers as Python with pip would, so that no test
 * downloads anything. Reading wheels is left to the real Python.
 *
 * @param options What it does where.
 * @returns The program, removed with its folder when disposed.
 */
export function fakePython(
  options: FakePythonOptions = {},
): { path: string; folder: string; [Symbol.dispose](): void } {
  const {
    version = "echo Python 3.11.7",
    pip = "echo pip 23.2",
    download = "exit 1",
    load = "echo 2.21.0",
  } = options;
  const folder = folderOf({
    python: `#!/bin/sh
last() { for last in "$@"; do :; done; }
case "$*" in
  --version) ${version} ;;
  "-m pip --version") ${pip} ;;
  *" download "*)
    while [ "$1" != --dest ]; do shift; done; dest=$2
    ${download} ;;
  *CDLL*) ${load} ;;
  *) exec python3 "$@" ;;
esac
`,
  });
  Deno.chmodSync(`${folder.path}/python`, 0o755);
  return {
    path: `${folder.path}/python`,
    folder: folder.path,
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/**
 * Makes a wheel: a zip with the files and a RECORD of their checksums.
 *
 * @param path Where to write it.
 * @param files Contents by path inside.
 * @param options `record`: checksum to write instead of the true one.
 */
export async function writeWheel(
  path: string,
  files: Record<string, Uint8Array<ArrayBuffer>>,
  options: { record?: string } = {},
): Promise<void> {
  let record = "";
  const inside: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(files)) {
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    const told = new Uint8Array(digest)
      .toBase64({ alphabet: "base64url", omitPadding: true });
    record += `${name},sha256=${options.record ?? told},${bytes.length}\n`;
    inside[name] = bytes.toBase64();
  }
  inside["tensorflow-2.21.0.dist-info/RECORD"] = new TextEncoder()
    .encode(record).toBase64();
  const script = "import base64, json, sys, zipfile\n" +
    "wheel = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)\n" +
    "for name, text in json.loads(sys.argv[2]).items():\n" +
    "    wheel.writestr(name, base64.b64decode(text))\n" +
    "wheel.close()\n";
  const { success, stderr } = await new Deno.Command("python3", {
    args: ["-c", script, path, JSON.stringify(inside)],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
