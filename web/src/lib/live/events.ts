// What the live feed says, as `/api/v1/live` sends it.

import { boolean, list, nullable, number, object, string, value } from '../api/decode';
import type { Infer } from '../api/decode';
import { run } from '../api/model';
import type { Run } from '../api/model';

export const hello = object({ instance: string, cursor: nullable(string), resumed: boolean });

const livePoints = object({
  run: string,
  version: number,
  attempt: nullable(number),
  previous: nullable(number),
  skipped: nullable(number),
  series: nullable(list(object({ name: string, steps: list(number), times: list(number), values: list(value) }))),
});
/** `series` is null where the hub skipped the points, which must then be read from the store. */
export type LivePoints = Infer<typeof livePoints>;

const liveLog = object({ run: string, attempt: number, from: number, next: number, text: string });
export type LiveLog = Infer<typeof liveLog>;

const liveExhibit = object({ run: string, name: string, kind: string, step: number });
/** One more is there to fetch; its data is not in the feed. */
export type LiveExhibit = Infer<typeof liveExhibit>;

const liveHub = object({ queued: number, running: number, slots: number });
export type LiveHub = Infer<typeof liveHub>;

export type LiveEvent =
  | { type: 'run'; run: Run }
  | { type: 'points'; points: LivePoints }
  | { type: 'exhibit'; exhibit: LiveExhibit }
  | { type: 'log'; log: LiveLog }
  | { type: 'hub'; hub: LiveHub }
  | { type: 'plugins' }
  /** Something was missed: read again what is shown. */
  | { type: 'gap' };

export const EVENT_NAMES = ['hello', 'run', 'points', 'exhibit', 'log', 'hub', 'plugins', 'gap', 'ping'] as const;
export type EventName = (typeof EVENT_NAMES)[number];

export function decodeEvent(name: EventName, data: string): LiveEvent | null {
  switch (name) {
    case 'run':
      return { type: 'run', run: run(JSON.parse(data), 'run') };
    case 'points':
      return { type: 'points', points: livePoints(JSON.parse(data), 'points') };
    case 'exhibit':
      return { type: 'exhibit', exhibit: liveExhibit(JSON.parse(data), 'exhibit') };
    case 'log':
      return { type: 'log', log: liveLog(JSON.parse(data), 'log') };
    case 'hub':
      return { type: 'hub', hub: liveHub(JSON.parse(data), 'hub') };
    case 'plugins':
      return { type: 'plugins' };
    case 'gap':
      return { type: 'gap' };
    case 'hello':
      return hello(JSON.parse(data), 'hello').resumed ? null : { type: 'gap' };
    case 'ping':
      return null;
  }
}
