import type { LoadProcess } from './load-process.ts'
import type { RunFigures } from './load-protocol.ts'
import { collectGarbage, readCpuMicros, readResidentBytes } from './process-stats.ts'
import type { Subject } from './subject.ts'

/** How long and how much; `quick` is for a look, `full` for figures to quote. */
export interface Scale {
  rounds: number
  seconds: number
  chats: number
  /** Messages a second of each chat, below what a visitor may send. */
  perChat: number
  manyChats: number
  idle: number
  messages: number
  starts: number
}

export const scales: Record<'full' | 'quick', Scale> = {
  full: {
    rounds: 3,
    seconds: 5,
    chats: 100,
    perChat: 10,
    manyChats: 600,
    idle: 5_000,
    messages: 1_000_000,
    starts: 5,
  },
  quick: {
    rounds: 2,
    seconds: 3,
    chats: 100,
    perChat: 10,
    manyChats: 600,
    idle: 1_000,
    messages: 100_000,
    starts: 2,
  },
}

export interface SteadyFigures extends RunFigures {
  cpuMicros: number
}

/** Steady conversation: what a delivered message costs the server, and how long people wait. */
export async function measureSteady(
  load: LoadProcess,
  subject: Subject,
  { chats, perChat, seconds }: Scale,
): Promise<SteadyFigures> {
  await load.ask({ do: 'connect', target: await subject.getTarget(), chats })
  await load.ask({ do: 'run', seconds: 1, perChat, isClosedLoop: false })
  const before = readCpuMicros(subject.pid)
  const { run } = await load.ask({ do: 'run', seconds, perChat, isClosedLoop: false })
  const used = readCpuMicros(subject.pid) - before
  await load.ask({ do: 'disconnect' })
  if (!run || run.delivered !== run.sent) {
    throw new Error(`${subject.name}: ${run?.delivered ?? 0} of ${run?.sent ?? 0} were delivered`)
  }
  return { ...run, cpuMicros: used / run.delivered }
}

/** As many messages as it takes: each chat sends its next when the last is acknowledged. */
export async function measureThroughput(
  load: LoadProcess,
  subject: Subject,
  { manyChats, seconds }: Scale,
) {
  await load.ask({ do: 'connect', target: await subject.getTarget(), chats: manyChats })
  const before = readCpuMicros(subject.pid)
  // Visitors may send 15 a second; what the server can do is to be its limit, not theirs.
  const { run } = await load.ask({ do: 'run', seconds, perChat: 14, isClosedLoop: true })
  const used = readCpuMicros(subject.pid) - before
  await load.ask({ do: 'disconnect' })
  return { perSecond: run?.perSecond ?? 0, cpuMicros: used / Math.max(1, run?.delivered ?? 0) }
}

/** Clients who come back: a second's worth, and what each costs the server. */
export async function measureHandshakes(
  load: LoadProcess,
  subject: Subject,
  { chats, seconds }: Scale,
) {
  await load.ask({ do: 'connect', target: await subject.getTarget(), chats })
  await load.ask({ do: 'run', seconds: 1, perChat: 10, isClosedLoop: false })
  const before = readCpuMicros(subject.pid)
  const { handshakes } = await load.ask({ do: 'handshakes', seconds, width: 20 })
  const used = readCpuMicros(subject.pid) - before
  await load.ask({ do: 'disconnect' })
  const count = handshakes?.count ?? 0
  return { perSecond: handshakes?.perSecond ?? 0, cpuMicros: used / Math.max(1, count) }
}

/** Memory that an open panel costs which says nothing. */
export async function measureIdle(load: LoadProcess, subject: Subject, { idle }: Scale) {
  const target = await subject.getTarget()
  // The first connections also pay for code and pools that the others share.
  await load.ask({ do: 'idle', target, count: 200 })
  await collectGarbage(subject.getInspectorUrl())
  const before = readResidentBytes(subject.pid)
  await load.ask({ do: 'idle', target, count: idle })
  await collectGarbage(subject.getInspectorUrl())
  const used = readResidentBytes(subject.pid) - before
  await load.ask({ do: 'disconnect' })
  return used / idle / 1024
}

/** The middle one: one run that the machine disturbed does not count. */
export function median(values: readonly number[]) {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2
}
