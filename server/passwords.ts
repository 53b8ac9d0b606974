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
  if (running >= atOnce) {
    if (line.length >= longestLine) {
      throw new AppError('too-fast', 'Too many are signing in at once. Try again in a moment.', {
        retryAfterMs: 2_000,
      })
    }
    await new Promise<void>((resume) => line.push(resume))
  }
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    line.shift()?.()
  }
}

export const hashPassword = (password: string) => inTurn(() => hash(password, cost))

/** A hash that no password has: who asks for an unknown account waits as long as for a known one. */
let decoy: Promise<string> | undefined

/** Whether the password fits; an unknown account (undefined) takes the same time as a wrong password. */
export async function isPasswordOf(passwordHash: string | undefined, password: string) {
  decoy ??= hashPassword(crypto.randomUUID())
  const against = passwordHash ?? (await decoy)
  const fits = await inTurn(() => verify(against, password))
  return fits && passwordHash !== undefined
}
