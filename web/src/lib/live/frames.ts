// Gathers redraws: however many events arrive, each chart draws at most once in an animation frame, and not at all while hidden.

const dirty = new Set<() => void>();
let requested = false;

export function onNextFrame(draw: () => void): void {
  dirty.add(draw);
  if (requested) return;
  requested = true;
  requestAnimationFrame(() => {
    requested = false;
    const batch = [...dirty];
    dirty.clear();
    for (const one of batch) one();
  });
}

export function forgetFrame(draw: () => void): void {
  dirty.delete(draw);
}
