import { randomBytes } from 'node:crypto'

import { hash, verify } from '@node-rs/argon2'

import { AppError } from './errors.ts'

/** OWASP's second choice for argon2id (the library's default algorithm): 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashing is made to be dear: two at a time, and a short line, so that a flood of sign-ins delays no message. */
const atOnce = 2
const longestLine = 40

let running = 0
const line: (() => void)[] = []

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running < atOnce) running += 1
  else {
    if (line.length >= longestLine) {
      throw new AppError('too-fast', 'Too many are signing in at once. Try again in a moment.', {
        retryAfterMs: 2_000,
      })
    }
    // Who is called takes the place of who calls, so that nobody can slip in between.
    await new Promise<void>((resume) => line.push(resume))
  }
  try {
    return await work()
  } finally {
    const next = line.shift()
    if (next) next()
    else running -= 1
  }
}

export const hashPassword = (password: string) => inTurn(() => hash(password, cost))

const base64 = (bytes: number) => randomBytes(bytes).toString('base64').replace(/=+$/, '')

/** A hash that no password has: who asks for an unknown account waits as long as for a known one. */
const decoy = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${base64(16)}$${base64(32)}`

/** Whether the password fits; an unknown account (undefined) takes the same time as a wrong password. */
export async function isPasswordOf(passwordHash: string | undefined, password: string) {
  const fits = await inTurn(() => verify(passwordHash ?? decoy, password))
  return fits && passwordHash !== undefined
}
