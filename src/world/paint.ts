/**
 * What a painter knows and changes at one pixel.
 *
 * @module
 */

/** Linear-light colour and finish of one pixel; painters overwrite it in turn. */
export type Paint = {
  /** Red reflectance, [0, 1], linear. */
  r: number;
  /** Green reflectance. */
  g: number;
  /** Blue reflectance. */
  b: number;
  /** Strength of the highlight. */
  gloss: number;
  /** Exponent of the highlight. */
  shininess: number;
  /** Tilt added to the normal: to the right of the face. */
  tiltX: number;
  /** Tilt added to the normal: upward. */
  tiltY: number;
  /** Ambient light that reaches the pixel, [0, 1]. */
  ambient: number;
};

/** Paints one layer at surface coordinates `u`, `v`. */
export type Painter = (u: number, v: number, paint: Paint) => void;

/**
 * Mixes a colour into a pixel.
 *
 * @param paint The pixel, changed.
 * @param amount Share of the new colour, [0, 1].
 * @param color Red, green, blue, linear.
 *
 * @example
 * ```ts
 * import { blankPaint, mix } from "./paint.ts";
 * const paint = blankPaint();
 * mix(paint, 0.5, [1, 0, 0]);
 * console.assert(paint.r === 0.5 && paint.g === 0);
 * ```
 */
export function mix(
  paint: Paint,
  amount: number,
  color: readonly number[],
): void {
  paint.r += (color[0] - paint.r) * amount;
  paint.g += (color[1] - paint.g) * amount;
  paint.b += (color[2] - paint.b) * amount;
}

/**
 * Darkens a pixel.
 *
 * @param paint The pixel, changed.
 * @param amount 0 leaves it, 1 makes it black.
 *
 * @example
 * ```ts
 * import { blankPaint, darken } from "./paint.ts";
 * const paint = { ...blankPaint(), r: 1 };
 * darken(paint, 0.25);
 * console.assert(paint.r === 0.75);
 * ```
 */
export function darken(paint: Paint, amount: number): void {
  const keep = 1 - amount;
  paint.r *= keep;
  paint.g *= keep;
  paint.b *= keep;
}

/**
 * A black, dull pixel.
 *
 * @returns A new record.
 *
 * @example
 * ```ts
 * import { blankPaint } from "./paint.ts";
 * console.assert(blankPaint().r === 0);
 * ```
 */
export function blankPaint(): Paint {
  return {
    r: 0,
    g: 0,
    b: 0,
    gloss: 0,
    shininess: 16,
    tiltX: 0,
    tiltY: 0,
    ambient: 1,
  };
}
