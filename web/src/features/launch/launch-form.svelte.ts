// The launch form's state: what was typed for each param, what is wrong with it, and what would be sent.

import type { FieldError } from '../../lib/api/errors';
import type { Task } from '../../lib/api/model';
import { parseDraft, toDraft } from '../../lib/api/params';
import type { Draft } from '../../lib/api/params';
import type { LaunchRequest } from '../../lib/api/client';
import { DEFAULT_OPTIONS } from '../../lib/api/command';

const OPTION_RULES: Record<string, { fits: RegExp; otherwise: string }> = {
  device: { fits: /^(auto|cpu|gpu:\d{1,3})$/, otherwise: 'must be auto, cpu or gpu:N (gpu:0, say)' },
  checkpoint_every: { fits: /^(never|[1-9]\d{0,8}(s|epochs))$/, otherwise: 'must be seconds (30s), epochs (2epochs) or never' },
};
const OPTION_FIELDS = Object.keys(OPTION_RULES).map((name) => `options.${name}`);

export class LaunchForm {
  drafts = $state<Record<string, Draft>>({});
  seed = $state('');
  name = $state('');
  data = $state('');
  options = $state<Record<string, string>>({ ...DEFAULT_OPTIONS });
  /** The id of an experiment; empty means that `newExperiment` names one to make. */
  experiment = $state('0');
  newExperiment = $state('');
  /** Fields that were left once, or all after an attempt to launch: before that nobody is told off. */
  private touched = $state<Record<string, boolean>>({});
  private fromHub = $state.raw<FieldError[]>([]);

  constructor(
    readonly task: Task,
    initial: Record<string, unknown>,
  ) {
    for (const param of task.params) this.drafts[param.name] = toDraft(param, param.name in initial ? initial[param.name] : param.default);
  }

  private readonly parsed = $derived.by(() => new Map(this.task.params.map((param) => [param.name, parseDraft(param, this.drafts[param.name] ?? '')])));

  private readonly ownErrors = $derived.by(() => {
    const errors = new Map<string, string>();
    for (const [name, { error }] of this.parsed) if (error) errors.set(`params.${name}`, error);
    if (this.seed.trim() && !/^-?\d{1,18}$/.test(this.seed.trim())) errors.set('seed', 'must be a whole number');
    for (const [name, { fits, otherwise }] of Object.entries(OPTION_RULES)) {
      const text = (this.options[name] ?? '').trim();
      if (text !== '' && !fits.test(text)) errors.set(`options.${name}`, `${otherwise}, but is ${text}`);
    }
    if (this.experiment === '' && !this.newExperiment.trim()) errors.set('experiment', 'needs a name');
    return errors;
  });

  get valid(): boolean {
    return this.ownErrors.size === 0;
  }

  /** What is wrong with a field, once it is fair to say so. */
  errorOf(field: string): string | null {
    const said = this.fromHub.find((error) => error.field === field || error.field.startsWith(field + '['));
    return said?.message ?? (this.touched[field] ? (this.ownErrors.get(field) ?? null) : null);
  }

  /** Something is wrong with what is folded away. */
  get optionsAreWrong(): boolean {
    return Object.keys(OPTION_RULES).some((name) => this.errorOf(`options.${name}`) !== null);
  }

  /** What the hub said of fields that the form does not have. */
  get otherErrors(): FieldError[] {
    const known = new Set([...this.task.params.map((param) => `params.${param.name}`), ...OPTION_FIELDS, 'seed', 'name', 'data', 'experiment']);
    return this.fromHub.filter((error) => !known.has(error.field.replace(/\[.*$/, '')));
  }

  isDefault(name: string): boolean {
    const param = this.task.params.find((one) => one.name === name)!;
    return this.drafts[name] === toDraft(param, param.default);
  }

  reset(name: string): void {
    const param = this.task.params.find((one) => one.name === name)!;
    this.edit(name, toDraft(param, param.default));
  }

  edit(name: string, draft: Draft): void {
    this.drafts[name] = draft;
    this.forget(`params.${name}`);
  }

  leave(field: string): void {
    this.touched[field] = true;
  }

  forget(field: string): void {
    this.fromHub = this.fromHub.filter((error) => !error.field.startsWith(field));
  }

  touchAll(): void {
    for (const field of ['seed', 'experiment', ...OPTION_FIELDS, ...this.task.params.map((param) => `params.${param.name}`)]) this.touched[field] = true;
  }

  blame(errors: FieldError[]): void {
    this.fromHub = errors;
  }

  /** Values that make sense so far; those that do not are left out. */
  get values(): Record<string, unknown> {
    return Object.fromEntries([...this.parsed].filter(([, parsed]) => parsed.error === undefined).map(([name, parsed]) => [name, parsed.value]));
  }

  get request(): LaunchRequest {
    const seed = this.seed.trim();
    const options = Object.fromEntries(Object.entries(this.options).map(([name, text]) => [name, text.trim()] as const).filter(([name, text]) => text !== '' && text !== DEFAULT_OPTIONS[name] && OPTION_RULES[name]?.fits.test(text)));
    return {
      task: this.task.id,
      params: this.values,
      ...(seed ? { seed: Number(seed) } : {}),
      ...(this.name.trim() ? { name: this.name.trim() } : {}),
      ...(this.data.trim() ? { data: this.data.trim() } : {}),
      ...(Object.keys(options).length > 0 ? { options } : {}),
    };
  }
}
