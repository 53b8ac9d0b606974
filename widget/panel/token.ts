import { tokenKey } from '../mount-types.ts'
import type { Kept } from './storage.ts'

const shape = /^[A-Za-z0-9_-]{43}$/

/** The visitor's secret: kept from earlier, or 256 random bits drawn now. */
export function getToken(kept: Kept): string {
  const earlier = kept.get(tokenKey)
  if (earlier && shape.test(earlier)) return earlier
  const token = toBase64Url(crypto.getRandomValues(new Uint8Array(32)))
  kept.set(tokenKey, token)
  return token
}

/** An id that nobody else draws: 132 random bits. */
export function newId(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(16))).slice(0, 22)
}

function toBase64Url(bytes: Uint8Array) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
