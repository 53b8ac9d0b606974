import type { FastifyReply } from 'fastify'

import { sessionMs } from '../actions/sign-in.ts'

/** `__Host-`: only over HTTPS, only for this host. A plain name where there is no HTTPS, which refuses the prefix. */
export const cookieNameFor = (isSecure: boolean) => (isSecure ? '__Host-parley' : 'parley')

interface CookieOptions {
  cookieName: string
  isSecure: boolean
}

export function setSessionCookie(
  reply: FastifyReply,
  token: string,
  { cookieName, isSecure }: CookieOptions,
) {
  reply.setCookie(cookieName, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    maxAge: sessionMs / 1_000,
  })
}

export function clearSessionCookie(reply: FastifyReply, { cookieName, isSecure }: CookieOptions) {
  reply.clearCookie(cookieName, { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure })
}
