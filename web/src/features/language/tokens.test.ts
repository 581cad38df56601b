import { describe, expect, it } from 'vitest';
import { shownHistory, shownToken } from './tokens';

describe('tokens', () => {
  it('draw their white space', () => expect(shownToken('a b\n')).toBe('a␣b↵'));

  it('of a history are the last ones, and what is left out is said', () => {
    expect(shownHistory(['the', 'time'], 2, 5)).toBe('the time');
    expect(shownHistory(['the', 'time', ' '], 3, 2)).toBe('… time ␣');
    expect(shownHistory(['b', 'c'], 40, 5)).toBe('… b c');
    expect(shownHistory([], 0, 5)).toBe('');
  });
});
