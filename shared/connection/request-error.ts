import type { RequestFailure } from './types.ts'

/** What a request rejects with: a failure as the wire tells it, and an Error for whoever logs it. */
export type RequestError = Error & RequestFailure

/** Makes the rejection of a request from what the wire, or this side, says about it. */
export function toRequestError({
  code,
  message,
  isRetryable,
  retryAfterMs,
  holder,
}: {
  [Field in keyof RequestFailure]: RequestFailure[Field] | undefined
} & Pick<RequestFailure, 'code' | 'message' | 'isRetryable'>): RequestError {
  return Object.assign(new Error(message), {
    code,
    isRetryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(holder === undefined ? {} : { holder }),
  })
}

/** Reads a rejection that may come from anywhere: what is no failure of ours counts as a lost answer. */
export function toFailure(error: unknown): RequestFailure {
  if (typeof error === 'object' && error !== null && 'code' in error && 'isRetryable' in error)
    return error as RequestFailure
  return { code: 'disconnected', message: String(error), isRetryable: true }
}
