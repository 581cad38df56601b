import { expect, it } from 'vitest';
import { toAsked, toBase64, tooMuch } from './asked-pictures';

const bytes = (size: number) => Uint8Array.from({ length: size }, (_, i) => i % 256);

it('sends the very bytes of a PNG', async () => {
  const asked = await toAsked(new Blob([bytes(70_000)], { type: 'image/png' }), 'boot.png');
  expect(asked).toMatchObject({ name: 'boot.png', size: 70_000 });
  expect(Uint8Array.from(atob(asked.base64), (c) => c.charCodeAt(0))).toEqual(bytes(70_000));
});

it('says what is no picture, and what is too much', async () => {
  await expect(toAsked(new Blob(['hello'], { type: 'text/plain' }), 'a.txt')).rejects.toThrow('a.txt is no picture that this browser can read. Take a PNG or a JPEG.');
  const one = { id: 1, name: 'a', base64: toBase64(bytes(3)), size: 3 };
  expect(tooMuch(Array(16).fill(one))).toBeNull();
  expect(tooMuch(Array(17).fill(one))).toContain('At most 16 pictures at a time, but these are 17');
  expect(tooMuch([{ ...one, size: 12_000_000 }])).toContain('12.0 MB');
});
