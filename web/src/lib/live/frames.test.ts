import { afterEach, beforeEach, expect, it, vi } from 'vitest';

let frame: (now: number) => void;
let onNextFrame: (draw: () => void) => void;
const runFrame = (now: number) => {
  const pending = frame;
  frame = () => {};
  pending(now);
};

beforeEach(async () => {
  frame = () => {};
  vi.stubGlobal('requestAnimationFrame', (callback: (now: number) => void) => (frame = callback));
  vi.resetModules();
  ({ onNextFrame } = await import('./frames'));
});
afterEach(() => vi.unstubAllGlobals());

it('draws once a frame, however often it is asked', () => {
  const draw = vi.fn();
  onNextFrame(draw);
  onNextFrame(draw);
  runFrame(16);
  expect(draw).toHaveBeenCalledOnce();
  runFrame(32);
  expect(draw).toHaveBeenCalledOnce();
});

it('rests as long as a slow frame took', () => {
  const draw = vi.fn();
  const ask = (now: number) => {
    onNextFrame(draw);
    runFrame(now);
  };
  ask(0);
  ask(100); // this frame was 100 ms late
  expect(draw).toHaveBeenCalledTimes(2);
  ask(150);
  expect(draw).toHaveBeenCalledTimes(2);
  runFrame(201);
  expect(draw).toHaveBeenCalledTimes(3);
});
