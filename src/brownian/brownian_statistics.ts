/**
 * What a step of the dynamics tells of itself.
 *
 * @module
 */

/** What happened in a step, and where it started from. */
export interface BrownianStatistics {
  /** Energy of all forces on embeddings. */
  energy: number;
  /** Pairs closer than they should be. */
  overlaps: number;
  /** Angles of all pairs, radians. */
  angles: { min: number; mean: number; max: number };
  /** Smallest distance of two distinct latents. */
  latentDistance: number;
  /** Force without noise on a particle: mean and largest norm. */
  force: { mean: number; max: number };
  /** Length of the step in time; 0 where nothing pushes and the step adapts. */
  dt: number;
  /** Smallest angle to a real person, radians; `NaN` without any. */
  nearestReal: number;
}
