import { effect, signal } from '@preact/signals'

import type { RequestFailure } from '../../../shared/connection/types.ts'
import { keys } from '../../mount-types.ts'
import type { Kept } from '../storage.ts'
import type { Session } from './session.ts'

/** The same loose look as the server's: one @, no spaces, something on both sides. */
const shape = /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/

export type Contact = ReturnType<typeof createContact>

/** The e-mail address under which an answer finds the visitor. Kept here until the server has it. */
export function createContact(session: Session, kept: Kept) {
  const email = signal(kept.get(keys.contact) ?? '')
  /** What the server took last. */
  const saved = signal('')
  const isRefused = signal(false)
  let asked = ''

  const stop = effect(() => {
    const conversation = session.openConversation.value
    const isOnline = session.link.value.kind === 'online'
    const address = email.value
    if (!isOnline) asked = ''
    if (!conversation || !isOnline || !address || address === asked) return
    if (address === saved.value) return
    asked = address
    session.connection
      .request({ type: 'contact.set', conversationId: conversation.id, email: address })
      .then(() => {
        saved.value = address
        kept.remove(keys.contact)
      })
      .catch(({ isRetryable, code }: RequestFailure) => {
        // Cut off: the next welcome tries again. Refused for good: the visitor has to look at it.
        isRefused.value = !isRetryable && code !== 'disconnected'
      })
  })

  return {
    email,
    isRefused,
    /** False when this cannot be an address. */
    set(text: string): boolean {
      const address = text.trim()
      if (!shape.test(address) || address.length > 254) return false
      isRefused.value = false
      asked = ''
      kept.set(keys.contact, address)
      email.value = address
      return true
    },
    stop,
  }
}
