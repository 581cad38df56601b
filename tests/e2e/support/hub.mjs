// A real hub of its own for a test file: another process, another data folder, real runs.
//
// TRAINYARD is the command that starts it, by default the launcher of this checkout.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../../trainyard', import.meta.url));
const START_MS = 120_000; // the launcher may have to build first
const STOP_MS = 20_000;

export class Hub {
  #process;

  /** `flags` are those of `trainyard up`. */
  static async start(...flags) {
    const hub = new Hub();
    hub.home = mkdtempSync(join(tmpdir(), 'trainyard-e2e-'));
    hub.flags = flags;
    await hub.begin('0');
    return hub;
  }

  /** Starts it, or starts it again with the data that it has. */
  async begin(port = new URL(this.url).port) {
    const [command, ...rest] = (process.env.TRAINYARD ?? LAUNCHER).split(' ');
    const child = spawn(command, [...rest, 'up', '--port', port, '--home', this.home, ...this.flags], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    this.link = await new Promise((resolve, reject) => {
      let output = '';
      const late = setTimeout(() => reject(new Error(`The hub did not start within ${START_MS / 1000} s:\n${output}`)), START_MS);
      child.stdout.on('data', (text) => {
        output += text;
        const link = /http:\/\/\S+\/login\?key=\S+/.exec(output)?.[0];
        if (link) {
          clearTimeout(late);
          resolve(link);
        }
      });
      child.on('exit', (code) => reject(new Error(`The hub ended with ${code} before it was up:\n${output}`)));
    });
    this.url = new URL(this.link).origin;
    this.cookie = (await fetch(this.link, { redirect: 'manual' })).headers.get('set-cookie').split(';')[0];
  }

  async stop(signal = 'SIGTERM') {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
  }

  async close() {
    await this.stop();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  async api(method, path, body) {
    const headers = { Cookie: this.cookie };
    if (body) headers['Content-Type'] = 'application/json';
    const response = await fetch(`${this.url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  launch(params = {}, more = {}, experiment = '0') {
    return this.api('POST', `/experiments/${experiment}/runs`, { task: 'linreg', params, ...more });
  }

  /** A run that logs some 200 points a second until it is stopped. */
  launchSlow(more = {}) {
    return this.launch({ epochs: 1000, steps_per_second: 200 }, more);
  }

  async ended(id, ms = 60_000) {
    return this.until(id, (run) => run.ended_at !== null && !run.draining, ms);
  }

  async until(id, fits, ms = 60_000) {
    const end = Date.now() + ms;
    for (;;) {
      const run = await this.api('GET', `/runs/${id}`);
      if (fits(run)) return run;
      if (Date.now() > end) throw new Error(`Run ${id} is still ${run.state}: ${JSON.stringify(run)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
