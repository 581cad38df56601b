// Pictures of bytes, as exhibits hold them, on a canvas and as PNG.

import type { Picture } from '../api/exhibits';

/** Four bytes a pixel, as a canvas wants them. */
export function rgba({ width, height, channels, pixels }: Picture): Uint8ClampedArray<ArrayBuffer> {
  const bytes = atob(pixels);
  const out = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) out[i * 4 + c] = bytes.charCodeAt(i * channels + (channels === 3 ? c : 0));
    out[i * 4 + 3] = 255;
  }
  return out;
}

export function paint(canvas: HTMLCanvasElement, picture: Picture): void {
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d')!.putImageData(new ImageData(rgba(picture), picture.width, picture.height), 0, 0);
}

/** The bytes of a PNG of the very pixels. */
export function toPng(picture: Picture): Promise<Blob> {
  const canvas = document.createElement('canvas');
  paint(canvas, picture);
  return canvasToPng(canvas);
}

export function canvasToPng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('This browser cannot write a PNG.'))), 'image/png'));
}

/** By what whole number small pixels are enlarged to be seen: 28 px become 84. */
export function enlargement({ width, height }: Pick<Picture, 'width' | 'height'>, size = 88): number {
  return Math.max(1, Math.floor(size / Math.max(width, height)));
}
