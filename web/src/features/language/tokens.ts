// Tokens as people can tell them from what stands between them.

const SHOWN: Record<string, string> = { ' ': '␣', '\n': '↵', '\r': '␍', '\t': '⇥' };

/** White space of a token is drawn. */
export function shownToken(token: string): string {
  return token.replace(/[ \n\r\t]/g, (space) => SHOWN[space]!);
}

/** What a probability depends on: the last tokens, and whether there are more before them. */
export function shownHistory(given: readonly string[], count: number, most: number): string {
  const last = given.slice(-most).map(shownToken).join(' ');
  return count > Math.min(most, given.length) ? `… ${last}` : last;
}
