// The SharedWorker that holds the browser's one connection to the hub.

import { browserEnvironment, Switchboard } from './switchboard';
import type { FromTab } from './switchboard';

const board = new Switchboard(browserEnvironment);

addEventListener('connect', (connection) => {
  const port = (connection as MessageEvent).ports[0]!;
  const tell = board.join((message) => port.postMessage(message));
  port.onmessage = (event: MessageEvent<FromTab>) => tell(event.data);
});
