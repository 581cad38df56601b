// What can be done to a run, from the table and from its page.

import type { Run } from '../../lib/api/model';
import { access } from '../../app/access.svelte';
import { api } from '../../app/session.svelte';
import { router } from '../../app/router.svelte';
import { toasts } from '../../app/toasts.svelte';

export const isActive = (run: Pick<Run, 'state'>): boolean => run.state === 'RUNNING' || run.state === 'QUEUED';

/** The first stop is graceful; asked for again, the runner is killed. */
export function stopRun(run: Run): Promise<Run | undefined> {
  return access.attempt(true, () => api.stop(run.id, run.stopping));
}

export async function rerun(run: Run): Promise<void> {
  const made = await access.attempt(true, () => api.rerun(run.id));
  if (made) toasts.info(`${made.name} is queued.`, { label: 'Open', run: () => router.go(`/runs/${made.id}`) });
}

/** The same run goes on from its newest checkpoint as soon as a slot is free. */
export function resumeRun(run: Run): Promise<Run | undefined> {
  return access.attempt(true, () => api.resume(run.id));
}

/** `changed` is told after the delete and after its undoing. */
export async function deleteRun(run: Run, changed: () => void): Promise<boolean> {
  const done = await access.attempt(false, async () => {
    await api.deleteRun(run.id);
    return true;
  });
  if (!done) return false;
  changed();
  const restore = () => access.attempt(false, () => api.restoreRun(run.id)).then(changed);
  toasts.info(`${run.name} is deleted.`, { label: 'Undo', run: restore });
  return true;
}
