// Gathers redraws: however many events arrive, each chart draws at most once in an animation frame, and not at all while hidden.
// Where frames are slow to come, because there is no graphics card or many charts, every other stretch of time is left free for
// the reader's own clicks and scrolling.

const SMOOTH_MS = 34;
const LONGEST_REST_MS = 250;

const dirty = new Set<() => void>();
let requested = false;
let drawnAt = -Infinity;
let restUntil = -Infinity;

export function onNextFrame(draw: () => void): void {
  dirty.add(draw);
  if (!requested) request();
}

export function forgetFrame(draw: () => void): void {
  dirty.delete(draw);
}

function request(): void {
  requested = true;
  requestAnimationFrame(flush);
}

function flush(now: number): void {
  if (now < restUntil) return request();
  requested = false;
  const gap = now - drawnAt;
  drawnAt = now;
  if (gap > SMOOTH_MS && gap < LONGEST_REST_MS * 2) restUntil = now + Math.min(gap, LONGEST_REST_MS);
  const batch = [...dirty];
  dirty.clear();
  for (const draw of batch) draw();
}
