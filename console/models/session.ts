import { signal, type ReadonlySignal } from '@preact/signals'

import type { Me, Session } from '../../shared/api/api.ts'
import type { ApiFailure } from '../api.ts'

export type SessionState =
  | { kind: 'unknown' }
  | { kind: 'out'; why: 'never' | 'ended' | 'chosen' }
  | { kind: 'in'; me: Me }
  /** The server could not say. */
  | { kind: 'failed'; message: string }

export interface SessionApi {
  getSession(): Promise<Session>
  signIn(body: { email: string; password: string }): Promise<Session>
  signOut(): Promise<unknown>
}

export interface SessionModel {
  readonly state: ReadonlySignal<SessionState>
  load(): Promise<void>
  signIn(email: string, password: string): Promise<void>
  signOut(): Promise<void>
  /** The server ended the session: expired, disabled, password changed elsewhere. */
  end(): void
  /** A set-up, an accepted invitation or a new password signed this browser in. */
  enter(me: Me): void
}

/** Who is signed in here. */
export function createSession(api: SessionApi): SessionModel {
  const state = signal<SessionState>({ kind: 'unknown' })
  const enter = (me: Me) => {
    state.value = { kind: 'in', me }
  }

  return {
    state,
    enter,
    async load() {
      state.value = { kind: 'unknown' }
      try {
        enter((await api.getSession()).me)
      } catch (error) {
        const failure = error as ApiFailure
        state.value =
          failure.code === 'signed-out'
            ? { kind: 'out', why: 'never' }
            : { kind: 'failed', message: failure.message }
      }
    },
    async signIn(email, password) {
      enter((await api.signIn({ email, password })).me)
    },
    async signOut() {
      try {
        await api.signOut()
      } catch (error) {
        // Already out: that is what was wanted.
        if ((error as ApiFailure).code !== 'signed-out') throw error
      }
      state.value = { kind: 'out', why: 'chosen' }
    },
    end() {
      if (state.peek().kind === 'in') state.value = { kind: 'out', why: 'ended' }
    },
  }
}
