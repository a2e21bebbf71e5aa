/**
 * A weight of the golden scripts' models: whole multiples of 1 / 1009, scaled
 * by a power of two; factors of normalisations lie around 1.
 *
 * @param name PyTorch's name.
 * @param shape PyTorch's shape.
 * @param number Which of the names in their order it is.
 * @returns Values in PyTorch's layout.
 */
export function goldenValues(
  name: string,
  shape: readonly number[],
  number: number,
): Float32Array {
  const count = shape.reduce((a, b) => a * b, 1);
  const fan = shape.length > 1 ? count / shape[0] : 0;
  const scale = fan > 0 ? 2 ** Math.floor(Math.log2(3 / Math.sqrt(fan))) : 0.25;
  const level = name.includes("norm") && name.endsWith("weight") ? 1 : 0;
  return Float32Array.from(
    { length: count },
    (_, i) =>
      level + scale * ((i * 7919 + number * 104729) % 1009 - 504) / 1009,
  );
}
