import { effect, signal } from '@preact/signals-core'

import type { RequestFailure } from '../../../shared/connection/types.ts'
import { contactKey } from '../../mount-types.ts'
import type { Kept } from '../storage.ts'
import type { Session } from './session.ts'

/** The same loose look as the server's: one @, no spaces, something on both sides. */
const shape = /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/

export type Contact = ReturnType<typeof createContact>

/** The e-mail address under which an answer finds the visitor. Kept here until the server has it. */
export function createContact(session: Session, kept: Kept) {
  const email = signal(kept.get(contactKey) ?? '')
  const isEditing = signal(false)
  /** What was typed is no address, or the server would not have it. */
  const isWrong = signal(false)
  let sent = ''

  const stop = effect(() => {
    const conversationId = session.openConversation.value?.id
    const isOnline = session.link.value.kind === 'online'
    const address = email.value
    if (!conversationId || !isOnline || !address || address === sent) return
    sent = address
    session.connection
      .request({ type: 'contact.set', conversationId, email: address })
      .then(() => kept.remove(contactKey))
      .catch(({ isRetryable }: RequestFailure) => {
        // Cut off: the next link tries again. Refused for good: the visitor has to look at it.
        sent = ''
        isWrong.value = !isRetryable
      })
  })

  return {
    email,
    isEditing,
    isWrong,
    set(text: string) {
      const address = text.trim()
      isWrong.value = isEditing.value = !shape.test(address) || address.length > 254
      if (isWrong.value) return
      kept.set(contactKey, address)
      email.value = address
    },
    stop,
  }
}
