/** Every error code that leaves the server: its HTTP status, and whether the same request may succeed later. */
export const errorCodes = {
  'bad-request': { status: 400, isRetryable: false },
  'bad-frame': { status: 400, isRetryable: false },
  'frame-too-large': { status: 413, isRetryable: false },
  'text-too-long': { status: 400, isRetryable: false },
  'unknown-command': { status: 400, isRetryable: false },
  'version-not-served': { status: 400, isRetryable: false },
  'hello-expected': { status: 400, isRetryable: false },
  'signed-out': { status: 401, isRetryable: false },
  'wrong-credentials': { status: 401, isRetryable: false },
  'wrong-link': { status: 403, isRetryable: false },
  csrf: { status: 403, isRetryable: false },
  'origin-not-allowed': { status: 403, isRetryable: false },
  'not-allowed': { status: 403, isRetryable: false },
  'token-revoked': { status: 401, isRetryable: false },
  'site-not-found': { status: 404, isRetryable: false },
  'not-found': { status: 404, isRetryable: false },
  'conversation-closed': { status: 409, isRetryable: false },
  'conversation-not-closed': { status: 409, isRetryable: false },
  'client-id-reused': { status: 409, isRetryable: false },
  'already-claimed': { status: 409, isRetryable: false },
  'offer-gone': { status: 409, isRetryable: false },
  'over-capacity': { status: 409, isRetryable: false },
  'already-exists': { status: 409, isRetryable: false },
  'last-admin': { status: 409, isRetryable: false },
  'too-many-open': { status: 409, isRetryable: false },
  'rights-changed': { status: 403, isRetryable: true },
  'too-fast': { status: 429, isRetryable: true },
  draining: { status: 503, isRetryable: true },
  unavailable: { status: 503, isRetryable: true },
  internal: { status: 500, isRetryable: true },
} as const satisfies Record<string, { status: number; isRetryable: boolean }>

export type ErrorCode = keyof typeof errorCodes

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code)
}

/** Codes with which a socket is closed (RFC 6455 leaves 4000–4999 to applications). */
export const closeCodes = {
  badFrame: 4400,
  signedOut: 4401,
  notAllowed: 4403,
  helloTimeout: 4408,
  slowReader: 4409,
  versionNotServed: 4410,
  frameTooLarge: 4413,
  tooFast: 4429,
  internal: 4500,
  draining: 4503,
  silent: 4504,
} as const
