import { beforeEach, describe, expect, it } from 'vitest';
import { cleanLog, LogTail } from './log-tail';

const encoder = new TextEncoder();

class LogFile {
  text = '';
  reads = 0;
  log = async (_run: string, from: number, limit = 65536) => {
    this.reads++;
    const bytes = encoder.encode(this.text);
    const start = from < 0 ? Math.max(0, bytes.length + from) : from;
    const part = bytes.slice(start, start + limit);
    return { from: start, next: start + part.length, size: bytes.length, dropped_bytes: 0, text: new TextDecoder().decode(part), done: false };
  };
  write(text: string) {
    const from = encoder.encode(this.text).length;
    this.text += text;
    return { run: 'r', attempt: 1, from, next: encoder.encode(this.text).length, text };
  }
}

describe('the tail of a log', () => {
  let file: LogFile;
  let tail: LogTail;
  const shown = () => tail.chunks.map((chunk) => chunk.text).join('');

  beforeEach(() => {
    file = new LogFile();
    tail = new LogTail('r', file, () => {}, (error) => {
      if (error) throw error;
    });
  });

  it('reads the end, then follows by bytes, not characters', async () => {
    file.write('naïve start\n');
    await tail.readOn();
    tail.add(file.write('größer\n'));
    tail.add(file.write('→ on\n'));
    expect(shown()).toBe(file.text);
    expect(file.reads).toBe(1);
  });

  it('reads what the feed left out, and shows nothing twice', async () => {
    await tail.readOn();
    const early = file.write('one\n');
    file.write('two\n'); // never delivered
    const late = file.write('three\n');
    tail.add(early);
    tail.add(late);
    tail.add(early);
    await new Promise((done) => setTimeout(done, 5));
    expect(shown()).toBe('one\ntwo\nthree\n');
  });

  it('begins anew with a new attempt', async () => {
    await tail.readOn();
    tail.add(file.write('first\n'));
    file.text = '';
    tail.add({ ...file.write('second\n'), attempt: 2 });
    expect(shown()).toBe('second\n');
  });

  it('loads earlier parts up to the beginning', async () => {
    file.write('x'.repeat(99) + '\n');
    file.text = file.text.repeat(2000);
    await tail.readOn();
    expect(tail.start).toBe(200_000 - 65_536);
    while (tail.start > 0) await tail.readEarlier();
    expect(shown()).toBe(file.text);
  });

  it('leaves lines as a terminal would', () => {
    expect(cleanLog('a\r\n10%\r20%\r30%\nb\u001b[31mred\u001b[0m\n40%\r')).toBe('a\n30%\nbred\n40%');
  });
});
