// The log of a run's latest attempt as far as it is on screen: the end of it, growing live, with earlier parts read when asked for.
// Positions are bytes.

import type { Log } from '../api/model';
import type { LiveLog } from './events';

export interface LogSource {
  log(run: string, from: number, limit?: number): Promise<Log>;
}

interface Chunk {
  from: number;
  text: string;
}

const PIECE = 65_536;
const KEPT_CHARS = 4_000_000; // beyond that the oldest part leaves the screen; the file keeps it

export class LogTail {
  chunks: readonly Chunk[] = [];
  size = 0;
  droppedBytes = 0;
  private next = 0;
  private attempt: number | null = null;
  private reading = false;
  private again = false;
  private closed = false;

  constructor(
    private readonly run: string,
    private readonly source: LogSource,
    private readonly changed: () => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Where the part on screen begins; 0 is the beginning of the log. */
  get start(): number {
    return this.chunks[0]?.from ?? 0;
  }

  close(): void {
    this.closed = true;
  }

  add(event: LiveLog): void {
    if (this.attempt !== null && event.attempt !== this.attempt) {
      this.chunks = [];
      this.next = 0;
    }
    this.attempt = event.attempt;
    if (this.reading || event.from > this.next) {
      void this.readOn();
      return;
    }
    if (event.from < this.next) return; // read already
    this.append(event.from, event.text);
    this.next = event.next;
    this.size = Math.max(this.size, this.next);
    this.changed();
  }

  /** Reads what the store has beyond the part on screen; at first, the end of the log. */
  async readOn(): Promise<void> {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    try {
      do {
        this.again = false;
        const empty = this.chunks.length === 0;
        const piece = await this.source.log(this.run, empty ? -PIECE : this.next, PIECE);
        if (this.closed) return;
        if (piece.text) this.append(piece.from, piece.text);
        this.take(piece);
        this.next = piece.next;
        if (piece.next < piece.size && piece.text) this.again = true;
      } while (this.again);
      this.onError(null);
    } catch (error) {
      if (!this.closed) this.onError(error);
    } finally {
      this.reading = false;
    }
  }

  async readEarlier(): Promise<void> {
    const { start } = this;
    if (start === 0 || this.reading) return;
    this.reading = true;
    try {
      const from = Math.max(0, start - PIECE);
      const piece = await this.source.log(this.run, from, start - from);
      if (this.closed) return;
      this.chunks = [{ from: piece.text ? Math.min(piece.from, from) : 0, text: piece.text }, ...this.chunks];
      this.take(piece);
      this.onError(null);
    } catch (error) {
      if (!this.closed) this.onError(error);
    } finally {
      this.reading = false;
    }
  }

  private take({ size, dropped_bytes }: Log): void {
    this.size = size;
    this.droppedBytes = dropped_bytes;
    this.changed();
  }

  private append(from: number, text: string): void {
    const last = this.chunks[this.chunks.length - 1];
    if (last && last.text.length + text.length < PIECE) this.chunks = [...this.chunks.slice(0, -1), { from: last.from, text: last.text + text }];
    else this.chunks = [...this.chunks, { from, text }];
    let kept = this.chunks.reduce((sum, chunk) => sum + chunk.text.length, 0);
    while (kept > KEPT_CHARS && this.chunks.length > 1) {
      kept -= this.chunks[0]!.text.length;
      this.chunks = this.chunks.slice(1);
    }
  }
}

const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

/** A log as a terminal would leave it: no colour codes, and of a line that was rewritten only its last state. */
export function cleanLog(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(ANSI, '')
    .replace(/[^\n]*\r(?=[^\n])/g, '')
    .replace(/\r/g, '');
}
