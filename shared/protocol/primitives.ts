import * as v from 'valibot'

import { limits } from './limits.ts'

/** An opaque id: a nanoid of ours, or one that a client drew. */
export const idSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{8,64}$/))

/** What a visitor's browser draws once and keeps: 256 random bits, base64url. Only its hash is stored by the server. */
export const visitorTokenSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/))

export const refSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(40))
export const seqSchema = v.pipe(v.number(), v.integer(), v.minValue(0))
export const timeSchema = v.pipe(v.number(), v.integer(), v.minValue(0))

/** One line of text that somebody typed: trimmed, no control characters. */
export const lineSchema = (max: number) =>
  v.pipe(
    v.string(),
    v.maxLength(max),
    v.check(
      (value) => !/[\u0000-\u001f\u007f]/.test(value) && value.isWellFormed(),
      'has control characters',
    ),
    v.trim(),
  )

/** A message's text: not blank, bounded, no NUL (SQLite and PostgreSQL disagree about it), no half surrogates. */
export const messageTextSchema = v.pipe(
  v.string(),
  v.maxLength(limits.messageText, 'text-too-long'),
  v.check((value) => value.trim() !== '', 'is empty'),
  v.check((value) => !value.includes('\u0000') && value.isWellFormed(), 'has broken characters'),
)

/** Deliberately loose: one @, no spaces, something on both sides. The mail itself is the only real check. */
export const emailSchema = v.pipe(
  lineSchema(limits.email),
  v.regex(/^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/, 'is not an e-mail address'),
)

export const urlSchema = v.pipe(
  v.string(),
  v.maxLength(limits.url),
  v.regex(/^https?:\/\/[^\s\u0000-\u001f]+$/i, 'is not an http(s) address'),
)

/** A BCP 47 tag as browsers give it, such as `lv` or `pt-BR`. */
export const languageSchema = v.pipe(v.string(), v.regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/))

/** An IANA zone such as `Europe/Riga`; checked for shape only. */
export const timeZoneSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_+\-/]{1,64}$/))
