import { render, type RenderResult } from '@testing-library/preact'
import type { ComponentChild } from 'preact'

import { AppContext, WorkspaceContext } from '../../console/components/context.ts'
import { createApp } from '../../console/models/app.ts'
import type { Ring } from '../../console/surroundings/bell.ts'
import type { AgentWelcome } from '../../shared/protocol/events.ts'
import type { TimelineEvent } from '../../shared/protocol/timeline-event.ts'
import { createMemoryKeep, dana, makeWelcome } from './console-fixtures.ts'
import { createFakeTimers } from './fake-timers.ts'
import { createTestWire } from './test-wire.ts'

type Answers = Record<string, () => Response>

/** A signed-in console in a simulated page, with the test at the other end of its socket and of its calls. */
export async function openConsole({
  path = '/console/inbox/mine',
  welcome = {},
  answers = {},
  keep = createMemoryKeep(),
}: {
  path?: string
  welcome?: Partial<AgentWelcome>
  /** By method and path, such as `GET /api/sites`. */
  answers?: Answers
  keep?: ReturnType<typeof createMemoryKeep>
} = {}) {
  history.replaceState(null, '', path)
  const timers = createFakeTimers()
  const wire = createTestWire()
  const rung: Ring[] = []
  const asked: { call: string; body: unknown }[] = []
  let ids = 0
  const app = createApp({
    page: window as unknown as Window & typeof globalThis,
    fetch(input, init) {
      const call = `${init?.method} ${String(input)}`
      asked.push({
        call,
        body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
      })
      const known = answers[call]
      if (known) return Promise.resolve(known())
      if (call === 'POST /api/ticket') return Promise.resolve(Response.json({ ticket: 'ticket' }))
      if (call === 'GET /api/session')
        return Promise.resolve(Response.json({ me: dana, csrf: 'csrf' }))
      return Promise.reject(new TypeError(`Nobody answers ${call}.`))
    },
    openSocket: wire.openSocket,
    timers,
    keep,
    bell: { ring: (kind) => void rung.push(kind) },
    newId: () => `client-own-${++ids}`,
  })
  app.start()
  await timers.settle()
  wire.link.open()
  await timers.settle()
  wire.link.receive(makeWelcome({ serverTime: timers.now(), ...welcome }))
  await timers.settle()

  const workspace = app.workspace.value
  if (!workspace) throw new Error('Nobody is signed in.')
  /** Answers the last command of a type. */
  async function answer(type: string, result: unknown) {
    const command = wire.link.sent.findLast((frame) => frame.type === type)
    wire.link.receive({ type: 'ok', ref: command?.ref, result })
    await timers.settle()
  }

  return {
    app,
    workspace,
    timers,
    wire,
    rung,
    asked,
    sent: (type: string) => wire.link.sent.filter((frame) => frame.type === type),
    answer,
    resume: (events: TimelineEvent[], visitorReadSeq = 0) =>
      answer('conversation.resume', { events, hasMore: false, visitorReadSeq, agentReadSeq: 0 }),
    async receive(...frames: object[]) {
      for (const frame of frames) wire.link.receive(frame)
      await timers.settle()
    },
    show(child: ComponentChild): RenderResult {
      return render(
        <AppContext.Provider value={app}>
          <WorkspaceContext.Provider value={workspace}>{child}</WorkspaceContext.Provider>
        </AppContext.Provider>,
      )
    },
  }
}
