import { expect, it } from 'vitest';
import { enlargement, rgba } from './picture';

const picture = { width: 2, height: 1, caption: null };

it('turns grey and coloured bytes into pixels', () => {
  expect([...rgba({ ...picture, channels: 1, pixels: btoa('\x00\xff') })]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  expect([...rgba({ ...picture, channels: 3, pixels: btoa('\x01\x02\x03\x04\x05\x06') })]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
});

it('enlarges by whole numbers only, so that every pixel is as wide as the next', () => {
  expect([28, 32, 8, 200].map((size) => enlargement({ width: size, height: size }))).toEqual([3, 2, 11, 1]);
});
