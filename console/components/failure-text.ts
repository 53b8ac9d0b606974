import { t } from '../strings/current.ts'

/** A sentence for whatever went wrong: what happened and what to do. The server's own words where we have none. */
export function toFailureText(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code === 'string' && Object.hasOwn(t.failure, code)) {
    const text = t.failure[code]
    if (text !== undefined) return text
  }
  return typeof message === 'string' && message !== '' ? message : (t.failure['internal'] ?? '')
}
