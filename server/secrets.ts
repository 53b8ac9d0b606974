import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, base64url: for tokens that people or browsers keep. */
export const newSecret = () => randomBytes(32).toString('base64url')

/**
 * What is stored of a token. A plain hash is enough: the token has 256 random bits, so there is nothing to guess,
 * and looking up by hash leaks no timing of the token itself.
 */
export const hashToken = (token: string) => createHash('sha256').update(token).digest('base64url')

/** Ties the CSRF header to the session without storing anything. */
export const csrfOf = (sessionToken: string) => hashToken(`csrf:${sessionToken}`)

export function isSameSecret(a: string, b: string) {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
