/**
 * Reads MATLAB's MAT-files of version 7.3, which are HDF5 files: cell arrays and arrays of numbers.
 *
 * @module
 */
import type { Dataset, File, Reference } from "h5wasm/node";

/** An array inside the file; MATLAB's last axis comes first. */
export interface MatArray {
  /** Length along each axis, the other way round than MATLAB shows them; an empty array has a 0. */
  shape: number[];
  /** Reads the numbers, first axis slowest. */
  numbers(): Float64Array | Uint8Array;
  /** What the cells of a cell array refer to, first axis slowest; undefined for arrays of numbers. */
  cells(): MatArray[] | undefined;
  /** Where it lies in the file, for `openMat73().at`. */
  place: string;
}

/** An open MAT-file of version 7.3. Close it with `using`. */
export interface Mat73 extends Disposable {
  /** Names of the variables, sorted. */
  names: string[];
  /** A variable. */
  get(name: string): MatArray;
  /** The array at a place seen before, also by another opening of the same file. */
  at(place: string): MatArray;
}

/** Group in which MATLAB keeps what cells hold. */
const REFERENCES = "#refs#";
/** Most numbers of one array. */
const LARGEST = 2 ** 27;

/**
 * Opens a MAT-file of version 7.3. Only what is asked for is read.
 *
 * @param path File.
 * @returns The file, open.
 * @throws {SyntaxError} If it is no HDF5 file, or what is asked for is not in it.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { openMat73 } from "@outis/outis/io";
 *
 * const path = await Deno.makeTempFile({ suffix: ".mat" });
 * await assertRejects(() => openMat73(path), SyntaxError);
 * await Deno.remove(path);
 * ```
 */
export async function openMat73(path: string): Promise<Mat73> {
  await Deno.stat(path); // HDF5's own words for a missing file help nobody
  const h5 = await import("h5wasm/node");
  const library = await h5.ready;
  // It would print what it finds wrong, and go on.
  library.activate_throwing_error_handler();
  const refuse = (rule: string, value: string, cause?: unknown) =>
    new SyntaxError(
      `Cannot read a MAT-file as '${path}' must be ${rule}: current value is ${value}`,
      { cause },
    );
  // Whatever the library says about a damaged file, its reader gets one sentence.
  const attempt = <T>(what: string, read: () => T): T => {
    try {
      return read();
    } catch (cause) {
      if (cause instanceof SyntaxError) throw cause;
      throw refuse(what, "damaged or of another kind", cause);
    }
  };
  const file: File = attempt("an HDF5 file, as MATLAB's v7.3 are", () => {
    const opened = new h5.File(path, "r");
    if (opened.file_id < 0n) throw new Error("not opened");
    return opened;
  });

  // The library follows a reference by searching the whole file. MATLAB puts what cells hold into one group: naming all
  // of it once is faster by orders of magnitude.
  let names: Map<string, string> | undefined;
  const follow = (dataset: Dataset, reference: Reference): unknown => {
    if (names === undefined) {
      const group = file.get(REFERENCES);
      const keys = group instanceof h5.Group ? group.keys() : [];
      names = new Map(keys.map((key) => {
        const path = `/${REFERENCES}/${key}`;
        return [
          library.create_object_reference(file.file_id, path).join(),
          path,
        ];
      }));
    }
    const name = names.get(reference.ref_data.join());
    return name === undefined ? dataset.dereference(reference) : file.get(name);
  };
  const find = (name: string): Dataset => {
    const entity = attempt(`readable at ${name}`, () => file.get(name));
    if (!(entity instanceof h5.Dataset)) {
      throw refuse(`one with the array '${name}'`, "one without");
    }
    return entity;
  };
  const toArray = (dataset: Dataset): MatArray => {
    const read = <T>(get: () => T) =>
      attempt(`readable at ${dataset.path}`, get);
    const shape = read(() => dataset.shape) ?? [];
    // What MATLAB writes for []: its sizes, along one axis, instead of values.
    const isEmpty = shape.length === 1 &&
      read(() => dataset.attrs["MATLAB_empty"]) !== undefined;
    const count = shape.reduce((product, length) => product * length, 1);
    if (count > LARGEST) {
      throw refuse(`of at most ${LARGEST} values an array`, `${count}`);
    }
    return {
      shape: isEmpty ? [0] : shape,
      place: dataset.path ?? "",
      numbers: () => {
        const value = isEmpty ? [] : read(() => dataset.value);
        if (value instanceof Uint8Array) return value;
        if (Array.isArray(value) || ArrayBuffer.isView(value)) {
          return Float64Array.from(value as ArrayLike<number>, Number);
        }
        throw refuse(`of numbers at ${dataset.path}`, "another kind");
      },
      cells: () => {
        const value = isEmpty ? [] : read(() => dataset.value);
        if (!Array.isArray(value)) return undefined;
        return value.map((reference) => {
          if (!(reference instanceof h5.Reference)) {
            throw refuse(`of references at ${dataset.path}`, "another kind");
          }
          const target = read(() => follow(dataset, reference));
          if (!(target instanceof h5.Dataset)) {
            throw refuse(`of arrays in ${dataset.path}`, "a dead reference");
          }
          return toArray(target);
        });
      },
    };
  };
  return {
    names: attempt("readable", () => file.keys())
      .filter((name) => !name.startsWith("#")).sort(),
    get: (name) => toArray(find(name)),
    at: (place) => toArray(find(place)),
    [Symbol.dispose]: () => void file.close(),
  };
}
