import * as v from 'valibot'

import { sentSchema } from '../../shared/protocol/events.ts'
import type { Recorder } from './recorder.ts'
import type { WireTap } from './wire.ts'

/**
 * Writes acknowledgements down where they arrive: also those that come too late for a client that was
 * reloaded meanwhile. What the server has promised counts, whether or not somebody was left to hear it.
 */
export function tapAnswers(by: string, recorder: Recorder, now: () => number): WireTap {
  const asked = new Map<string, { conversationId: string; clientId: string }>()
  return {
    onSend({ type, ref, conversationId, clientId }) {
      if (type !== 'message.send' && type !== 'note.send') return
      if (typeof ref !== 'string') return
      asked.set(ref, { conversationId: String(conversationId), clientId: String(clientId) })
    },
    onHear({ type, ref, result }) {
      if (typeof ref !== 'string') return
      const question = asked.get(ref)
      if (!question) return
      asked.delete(ref)
      if (type !== 'ok') return
      if (!v.is(sentSchema, result)) {
        recorder.note('an acknowledgement without its event')
        return
      }
      const { event } = result
      if (event.type !== 'message' && event.type !== 'note') return
      const { id, seq, text } = event
      recorder.write({ kind: 'acked', by, ...question, id, seq, text, at: now() })
    },
  }
}
