/** Tensors in the place of a file, as `loadWeights` reads them. */
export interface MemoryWeights {
  entries: { name: string; shape: number[] }[];
  read: (name: string) => Promise<{ data: Float32Array }>;
  /** Names that were read, in order. */
  reads: string[];
}

/**
 * A file of weights that was never written.
 *
 * @param tensors Shape and values by name; without values, they count.
 */
export function weightsInMemory(
  tensors: { [name: string]: { shape: number[]; data?: ArrayLike<number> } },
): MemoryWeights {
  const reads: string[] = [];
  return {
    reads,
    entries: Object.entries(tensors).map(([name, { shape }]) => ({
      name,
      shape,
    })),
    read(name) {
      reads.push(name);
      const { shape, data } = tensors[name];
      const length = shape.reduce((a, b) => a * b, 1);
      return Promise.resolve({
        data: Float32Array.from(data ?? { length }, (v, i) => v ?? i),
      });
    },
  };
}
