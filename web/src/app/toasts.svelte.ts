// Short messages at the edge of the page, some with a way back.

export interface Toast {
  id: number;
  text: string;
  kind: 'info' | 'error';
  action: { label: string; run: () => void } | null;
}

const SHORT_MS = 5_000;
const LONG_MS = 10_000; // time enough to reach for "Undo" or to read an error

class Toasts {
  list = $state<Toast[]>([]);
  private nextId = 1;

  info(text: string, action: Toast['action'] = null): void {
    this.show(text, 'info', action, action ? LONG_MS : SHORT_MS);
  }

  error(text: string): void {
    this.show(text, 'error', null, LONG_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  private show(text: string, kind: Toast['kind'], action: Toast['action'], ms: number): void {
    const id = this.nextId++;
    this.list = [...this.list.slice(-2), { id, text, kind, action }];
    setTimeout(() => this.dismiss(id), ms);
  }
}

export const toasts = new Toasts();
