// Exponential smoothing whose result does not depend on how the points were bucketed.
//
// Weights fall by `factor` for each average distance between two points, so a bucket of 100 points counts as 100 points and pulls the
// average along by as much. The start is debiased: the first value is the first point, not a pull towards zero.

export interface Sample {
  x: number;
  y: number | null;
  /** How many points this one stands for. */
  weight: number;
}

export function ema(samples: readonly Sample[], factor: number): (number | null)[] {
  const usable = samples.filter((sample) => sample.y !== null);
  const first = usable[0];
  const last = usable[usable.length - 1];
  if (!first || !last || factor <= 0) return samples.map((sample) => sample.y);
  const points = usable.reduce((sum, sample) => sum + sample.weight, 0);
  const spacing = (last.x - first.x) / Math.max(1, points - 1) || 1;
  let sum = 0;
  let weights = 0;
  let at = first.x;
  return samples.map(({ x, y, weight }) => {
    if (y === null) return null;
    const kept = factor ** ((x - at) / spacing);
    at = x;
    // Of a bucket's points the older ones have already faded: 1 + f + f^2 + ... of `weight` terms.
    const own = weight === 1 ? 1 : (1 - factor ** weight) / (1 - factor);
    sum = sum * kept + y * own;
    weights = weights * kept + own;
    return sum / weights;
  });
}

/** Positions of the slider: 0 is off, then ever closer to 1. */
export const SMOOTHING_STEPS = [0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999] as const;

export function describeSmoothing(factor: number): string {
  return factor === 0 ? 'off' : `${factor} (about ${Math.round(1 / (1 - factor))} points)`;
}
