import * as v from 'valibot'

import { sentSchema } from '../../shared/protocol/events.ts'
import type { Recorder } from './recorder.ts'
import type { WireTap } from './wire.ts'

const placeSchema = v.object({ conversationId: v.string(), seq: v.number() })
const pageSchema = v.object({ events: v.array(v.unknown()) })

/**
 * Writes acknowledgements down where they arrive: also those that come too late for a client that was
 * reloaded meanwhile. What the server has promised counts, whether or not somebody was left to hear it.
 * And notes what was pushed though the link had carried it (D4): the timeline would hide it.
 */
export function tapAnswers(by: string, recorder: Recorder, now: () => number): WireTap {
  const asked = new Map<string, { conversationId: string; clientId: string }>()
  /** What each link has carried, as conversation and seq. */
  const carriedBy = new Map<number, Set<string>>()

  function noteCarried(event: unknown, link: number, isPush = false) {
    if (!v.is(placeSchema, event)) return
    const { conversationId, seq } = event
    const place = `${conversationId} ${seq}`
    const carried = carriedBy.get(link) ?? new Set()
    carriedBy.set(link, carried)
    if (isPush && carried.has(place)) {
      recorder.write({ kind: 'pushed-again', by, conversationId, seq, at: now() })
    }
    carried.add(place)
  }

  return {
    onClose: (link) => void carriedBy.delete(link),
    onSend({ type, ref, conversationId, clientId }) {
      if (type !== 'message.send' && type !== 'note.send') return
      if (typeof ref !== 'string') return
      asked.set(ref, { conversationId: String(conversationId), clientId: String(clientId) })
    },
    onHear({ type, ref, result, event: pushed }, link) {
      if (type === 'event') noteCarried(pushed, link, true)
      if (type === 'ok' && v.is(pageSchema, result)) {
        for (const event of result.events) noteCarried(event, link)
      }
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
      noteCarried(event, link)
      if (event.type !== 'message' && event.type !== 'note') return
      const { id, seq, text } = event
      recorder.write({ kind: 'acked', by, ...question, id, seq, text, at: now() })
    },
  }
}
