// From what a person chose, dropped or pasted to what the hub takes: PNG, JPEG, GIF or BMP in base64, at most 16 at a time.

import { canvasToPng } from '../../lib/format/picture';
import { bytes } from '../../lib/format/number';

export interface Asked {
  id: number;
  name: string;
  /** Of the very bytes that are sent. */
  base64: string;
  size: number;
}

export const MOST_PICTURES = 16;
const MOST_BYTES = 11_500_000; // the hub takes bodies of 16 MiB, and base64 makes three bytes four
const TAKEN = ['image/png', 'image/jpeg', 'image/gif', 'image/bmp'];

let nextId = 1;

/** What others the browser can show, WebP say, it turns into PNG. */
export async function toAsked(file: Blob, name: string): Promise<Asked> {
  const blob = TAKEN.includes(file.type) ? file : await converted(file, name);
  return { id: nextId++, name, base64: toBase64(new Uint8Array(await blob.arrayBuffer())), size: blob.size };
}

/** Why these cannot be sent, or null. */
export function tooMuch(asked: readonly Asked[]): string | null {
  if (asked.length > MOST_PICTURES) return `At most ${MOST_PICTURES} pictures at a time, but these are ${asked.length}. Take some out.`;
  const size = asked.reduce((sum, { size }) => sum + size, 0);
  return size > MOST_BYTES ? `Together at most ${bytes(MOST_BYTES)}, but these have ${bytes(size)}. Take some out, or make them smaller.` : null;
}

async function converted(file: Blob, name: string): Promise<Blob> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error(`${name} is no picture that this browser can read. Take a PNG or a JPEG.`);
  }
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvasToPng(canvas);
}

export function toBase64(data: Uint8Array): string {
  const PART = 0x8000; // more arguments than this overflow the stack
  let text = '';
  for (let at = 0; at < data.length; at += PART) text += String.fromCharCode(...data.subarray(at, at + PART));
  return btoa(text);
}
