// What a failed call says to a person: what happened and what to do.

import { problem } from './model';

export interface FieldError {
  field: string;
  message: string;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fields: FieldError[],
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** The caller lacks a role; the printed link or the token gives it. */
  get needsAccess(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

export function unreachable(cause: unknown): ApiError {
  const error = new ApiError(0, 'The hub does not answer. Check that "trainyard up" is still running.', []);
  error.cause = cause;
  return error;
}

export async function fromResponse(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  try {
    const { detail, title, errors } = problem(JSON.parse(text), 'problem');
    return new ApiError(response.status, detail ?? title ?? fallback(response.status), errors ?? []);
  } catch {
    return new ApiError(response.status, fallback(response.status), []);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fallback(status: number): string {
  if (status === 401 || status === 403) return 'This browser may not do that yet.';
  if (status === 404) return 'The hub knows nothing by that address.';
  if (status === 503) return 'The hub is still starting. Try again in a moment.';
  return `The hub answered with status ${status}.`;
}
