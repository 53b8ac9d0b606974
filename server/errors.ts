import { type ErrorCode, errorCodes } from '../shared/protocol/errors.ts'

interface Extra {
  retryAfterMs?: number
  /** With `already-claimed`: who has it. */
  holder?: string
  /** The input that is wrong, for forms. */
  field?: string
}

/** What a caller can understand. Everything else that is thrown is our bug and leaves as `internal`. */
export class AppError extends Error {
  override name = 'AppError'
  readonly code: ErrorCode
  readonly extra: Extra

  constructor(code: ErrorCode, message: string, extra: Extra = {}) {
    super(message)
    this.code = code
    this.extra = extra
  }

  get status() {
    return errorCodes[this.code].status
  }

  get isRetryable() {
    return errorCodes[this.code].isRetryable
  }
}

/** A stranger's object and a missing one are told apart by nobody. */
export const notFound = () => new AppError('not-found', 'There is nothing here by that name.')
