// A stand-in for the hub while developing the page: `npm run dev` answers /api/v1 with simulated runs.
// SCENARIO=empty|many chooses what is there; ROLES=read shows what a visitor without the link sees.

import * as exhibits from './exhibits.js';
import { plugins, Simulation, tasks, wire } from './simulation.js';

export function developmentHub() {
  const hub = new DevelopmentHub();
  const use = (server) => void server.middlewares.use((request, response, next) => hub.handle(request, response).then((done) => done || next()));
  return { name: 'development-hub', configureServer: use, configurePreviewServer: use };
}

class DevelopmentHub {
  simulation = new Simulation(process.env.SCENARIO);
  roles = (process.env.ROLES ?? 'read,track,launch').split(',');
  started = Date.now();

  async handle(request, response) {
    response.setHeader('Content-Security-Policy', process.env.NODE_ENV === 'production' ? "default-src 'self'; img-src 'self' data:" : '');
    const url = new URL(request.url, 'http://localhost');
    if (!url.pathname.startsWith('/api/v1/')) return false;
    if (url.pathname === '/api/v1/live') return this.live(url, request, response);
    let text = '';
    for await (const chunk of request) text += chunk;
    const path = url.pathname.slice('/api/v1/'.length).split('/');
    const [status, body] = this.answer(request.method, path, url.searchParams, text ? JSON.parse(text) : {});
    response.statusCode = status;
    response.setHeader('Content-Type', status < 400 ? 'application/json' : 'application/problem+json');
    response.end(JSON.stringify(body));
    return true;
  }

  answer(method, [kind, id, action], query, body) {
    const { simulation } = this;
    const problem = (status, detail, errors = []) => [status, { type: 'about:blank', title: 'Problem', status, detail, errors }];
    if (method === 'GET' && kind === 'hub') return [200, this.hubJson()];
    if (method === 'GET' && kind === 'tasks') return [200, { tasks: simulation.experiments.length ? tasks : [] }];
    if (method === 'GET' && kind === 'plugins') return [200, { plugins }];
    if (kind === 'experiments' && method === 'GET') return simulation.list(), [200, { experiments: simulation.experiments }];
    if (kind === 'experiments' && !id) return [201, simulation.experiment(body.name)];
    if (kind === 'experiments' && action === 'runs') {
      if (!this.roles.includes('launch')) return problem(401, 'Launching needs the role launch.');
      if (body.params?.learning_rate > 10) return problem(400, '1 of the params is not valid.', [{ field: 'params.learning_rate', message: `must be at most 10, but is ${body.params.learning_rate}` }]);
      return [201, simulation.add({ experiment: id, body }).json()];
    }
    if (kind !== 'runs') return problem(404, 'There is nothing here.');
    if (!id) return [200, this.page(query)];
    const run = [...simulation.runs.values()].find((one) => one.id.startsWith(id));
    if (!run) return problem(404, `There is no run ${id}.`);
    if (method === 'DELETE') return (run.deleted = true), [204, null];
    if (method === 'PATCH') return (run.name = body.name), [200, run.json()];
    if (action === 'restore') return (run.deleted = false), [200, run.json()];
    if (action === 'stop') return (run.stopping = true), [202, run.json()];
    if (action === 'rerun') return [201, simulation.add({ experiment: run.experiment.id, body: { task: run.task, params: run.params, ...body } }).json()];
    if (action === 'resume') return run.resume(), [202, run.json()];
    if (action === 'predict') return [200, exhibits.predictions(run, body.images, body.checkpoint ?? 'best')];
    if (action === 'generate') return [200, exhibits.generated(run, body)];
    if (action === 'score') return [200, exhibits.scored(run, body)];
    if (action === 'exhibits') return [200, { exhibits: exhibits.list(run) }];
    if (action === 'exhibit') return [200, exhibits.one(run, query.get('name'), query.get('step'))];
    if (action === 'artifacts') return [200, { artifacts: exhibits.artifacts(run) }];
    if (action === 'consumers') return [200, { consumers: exhibits.consumers(run, simulation.list()) }];
    if (action === 'points') return [200, this.points(run, query)];
    if (action === 'series') return [200, { series: run.series() }];
    if (action === 'log') return [200, log(run.logText(), Number(query.get('from')), run.state !== 'RUNNING')];
    return [200, run.whole()];
  }

  hubJson() {
    const runs = this.simulation.list();
    const count = (state) => runs.filter((run) => run.state === state).length;
    return { version: '0.1.0', started_at: this.started, now: Date.now(), home: '/home/ada/.trainyard', url: null, slots: 2, queued: count('QUEUED'), running: count('RUNNING'), roles: this.roles, jdk: '17.0.12', os: 'Linux', instance: 'dev' };
  }

  page(query) {
    const states = query.get('state')?.split(',');
    const search = (query.get('search') ?? '').toLowerCase();
    const key = { name: (run) => run.name, state: (run) => run.state, duration: (run) => run.step() }[query.get('sort')] ?? ((run) => run.created);
    const sign = query.get('order') === 'asc' ? 1 : -1;
    const found = this.simulation.list().filter((run) => (!query.get('experiment') || run.experiment.id === query.get('experiment')) && (!states || states.includes(run.state)) && run.name.includes(search));
    found.sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
    const offset = Number(query.get('offset') ?? 0);
    return { runs: found.slice(offset, offset + Number(query.get('limit') ?? 100)).map((run) => run.json()), total: found.length };
  }

  points(run, query) {
    const [from, to, max] = [query.get('from') ?? -Infinity, query.get('to') ?? Infinity, query.get('max') ?? 1000].map(Number);
    return { run: run.id, version: run.step() + 2, series: query.getAll('name').map((name) => run.points(name, from, to, max)) };
  }

  live(url, request, response) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
    const send = (event, data) => response.write(`event: ${event}\nid: ${Date.now()}\ndata: ${JSON.stringify(data)}\n\n`);
    const watched = (url.searchParams.get('points') ?? '').split(',');
    const logged = (url.searchParams.get('log') ?? '').split(',');
    const seen = new Map([...this.simulation.runs.values()].map((run) => [run, run.step()]));
    const state = new Map([...this.simulation.runs.values()].map((run) => [run, run.state]));
    send('hello', { instance: 'dev', cursor: '1', resumed: false });
    let ticks = 0;
    const timer = setInterval(() => {
      ticks++;
      for (const run of this.simulation.runs.values()) {
        run.tick();
        const [before, now] = [seen.get(run) ?? 0, run.step()];
        if (now > before && watched.includes(run.id)) {
          const series = run.names().map((name) => ({ name, steps: run.steps(name, before + 1, now) })).filter((one) => one.steps.length);
          for (const one of series) Object.assign(one, { times: one.steps.map((s) => run.time(s)), values: one.steps.map((s) => wire(run.value(one.name, s))) });
          send('points', { run: run.id, attempt: 1, version: now + 2, previous: before + 2, series });
        }
        if (now > before && watched.includes(run.id)) for (const one of exhibits.news(run, before, now)) send('exhibit', one);
        if (now > before && logged.includes(run.id)) {
          const [from, text] = [run.logText(0, before), run.logText(0, now)];
          if (text !== from) send('log', { run: run.id, attempt: 1, from: from.length, next: text.length, text: text.slice(from.length) });
        }
        seen.set(run, now);
        if (state.get(run) !== run.state || (ticks % 3 === 0 && now > before)) send('run', run.json());
        state.set(run, run.state);
      }
      if (ticks % 10 === 0) send('hub', (({ queued, running, slots }) => ({ queued, running, slots }))(this.hubJson()));
    }, 100);
    request.on('close', () => clearInterval(timer));
    return Promise.resolve(true);
  }
}

function log(text, from, done) {
  const start = from < 0 ? Math.max(0, text.length + from) : Math.min(from, text.length);
  return { from: start, next: text.length, size: text.length, dropped_bytes: 0, text: text.slice(start), done };
}
