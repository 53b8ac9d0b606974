import { expect, test } from 'vitest'

import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import { createRecorder } from './recorder.ts'
import { tapAnswers } from './tap-answers.ts'

const conversationId = 'conv-one1'
const common = { conversationId, id: 'event-1--', seq: 1, prev: 0, at: 5 }
const message: TimelineEvent = {
  ...common,
  type: 'message',
  author: { kind: 'visitor', id: 'visitor-v', name: null },
  clientId: 'client-m1',
  text: 'Hello',
}
const assigned: TimelineEvent = {
  ...common,
  type: 'assigned',
  agent: { id: 'agent-anna', name: 'Anna' },
  how: 'accepted',
  waitedMs: 1,
}
const sent = {
  kind: 'sent',
  by: 'v',
  conversationId,
  clientId: 'client-m1',
  text: 'Hello',
} as const
const acked = { ...sent, kind: 'acked', id: 'event-1--', seq: 1 } as const
const seen = { kind: 'received', feed: 'f', audience: 'agent' } as const

test('times run from the first sending, and a repeat is no second message', () => {
  const recorder = createRecorder()
  recorder.write({ ...sent, at: 100 })
  recorder.write({ ...sent, at: 900 })
  recorder.write({ ...acked, at: 1_000 })
  recorder.write({ ...acked, at: 1_500 })
  expect(recorder.counts).toMatchObject({ sent: 1, acked: 1 })
  expect(recorder.samples.ack).toEqual([900])
})

test('a delivery is the other side’s first sight; one’s own echo and a second look are none', () => {
  const recorder = createRecorder()
  recorder.write({ ...sent, at: 100 })
  recorder.write({ ...seen, audience: 'visitor', event: message, at: 110 })
  recorder.write({ ...seen, event: message, at: 130 })
  recorder.write({ ...seen, feed: 'again', event: message, at: 5_000 })
  expect(recorder.samples.delivery).toEqual([30])
})

test('the wait for an agent runs from the first acknowledgement, once for each conversation', () => {
  const recorder = createRecorder()
  recorder.write({ ...sent, at: 100 })
  recorder.write({ ...acked, at: 200 })
  recorder.write({ ...seen, audience: 'visitor', event: assigned, at: 450 })
  recorder.write({ ...seen, audience: 'visitor', event: assigned, at: 999 })
  expect(recorder.samples.wait).toEqual([250])
})

test('the tap writes an acknowledgement down as the wire says it, and nothing else', () => {
  const recorder = createRecorder()
  const tap = tapAnswers('v', recorder, () => 7)
  const ask = (ref: string, type = 'message.send') =>
    tap.onSend({ type, ref, conversationId, clientId: 'client-m1' })
  ask('1')
  tap.onHear({ type: 'failed', ref: '1', code: 'too-fast' }, 1)
  tap.onHear({ type: 'ok', ref: '1', result: { event: message } }, 1)
  ask('2', 'ping')
  tap.onHear({ type: 'ok', ref: '2', result: {} }, 1)
  expect(recorder.history).toEqual([])
  ask('3')
  tap.onHear({ type: 'ok', ref: '3', result: { event: message } }, 1)
  expect(recorder.history).toEqual([{ ...acked, at: 7 }])
  ask('4')
  tap.onHear({ type: 'ok', ref: '4', result: {} }, 1)
  expect([...recorder.troubles.keys()]).toEqual(['an acknowledgement without its event'])
})

test('the tap sees what a link carries twice; a page may repeat a push, a new link everything', () => {
  const recorder = createRecorder()
  const tap = tapAnswers('v', recorder, () => 7)
  const second = { ...message, id: 'event-2--', seq: 2 }
  tap.onHear({ type: 'event', event: second }, 1)
  tap.onHear({ type: 'ok', ref: 'a', result: { events: [message, second] } }, 1)
  tap.onHear({ type: 'event', event: second }, 2)
  expect(recorder.history).toEqual([])
  tap.onHear({ type: 'ok', ref: 'b', result: { events: [message] } }, 2)
  tap.onHear({ type: 'event', event: message }, 2)
  expect(recorder.history).toEqual([
    { kind: 'pushed-again', by: 'v', conversationId, seq: 1, at: 7 },
  ])
})
