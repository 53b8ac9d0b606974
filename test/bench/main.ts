import { startLoad } from './load-process.ts'
import {
  measureHandshakes,
  measureIdle,
  measureSteady,
  measureThroughput,
  median,
  scales,
} from './measure.ts'
import { startParley, startRelay, type Subject } from './subject.ts'
import { labelOf, toTable, type Column, type Goal } from './table.ts'

/*
 * `npm run bench`: Parley beside two floors, measured in the same run on the same machine. `npm run bench -- quick`
 * for a short look. The rounds go through all subjects in turn, so that a slow minute of the machine hits them alike.
 */

const scale = scales[process.argv.includes('quick') ? 'quick' : 'full']
const say = (line: string) => process.stderr.write(`${line}\n`)

const load = startLoad()
const agents = Math.ceil(scale.manyChats / 50)
say(`Starting the floors and Parley; filling a store with ${scale.messages} messages …`)
const bare = await startRelay('bare relay', false)
const durable = await startRelay('durable relay', true)
const empty = await startParley({ name: 'Parley, empty', agents })
const full = await startParley({ name: 'Parley, filled', agents, messages: scale.messages })
const subjects: Subject[] = [bare, durable, empty, full]
const columns = new Map<Subject, Column>(subjects.map((subject) => [subject, {}]))
const put = (subject: Subject, figures: Column) =>
  Object.assign(columns.get(subject) ?? {}, figures)

try {
  for (const subject of subjects) {
    say(`Messages and handshakes: ${subject.name} …`)
    await measureSteady(load, subject, { ...scale, seconds: 2 })
  }
  const steady = new Map<Subject, Awaited<ReturnType<typeof measureSteady>>[]>()
  const busy = new Map<Subject, Awaited<ReturnType<typeof measureThroughput>>[]>()
  const shakes = new Map<Subject, Awaited<ReturnType<typeof measureHandshakes>>[]>()
  const add = <Value>(map: Map<Subject, Value[]>, subject: Subject, value: Value) =>
    void map.set(subject, [...(map.get(subject) ?? []), value])

  for (let round = 1; round <= scale.rounds; round++) {
    say(`Round ${round} of ${scale.rounds} …`)
    for (const subject of subjects) add(steady, subject, await measureSteady(load, subject, scale))
    for (const subject of subjects)
      add(busy, subject, await measureThroughput(load, subject, scale))
    for (const subject of subjects)
      add(shakes, subject, await measureHandshakes(load, subject, scale))
  }
  for (const subject of subjects) {
    const runs = steady.get(subject) ?? []
    put(subject, {
      cpuMicros: median(runs.map((run) => run.cpuMicros)),
      busyCpuMicros: median((busy.get(subject) ?? []).map((one) => one.cpuMicros)),
      perSecond: median((busy.get(subject) ?? []).map((one) => one.perSecond)),
      ackP50: median(runs.map((run) => run.ackMs.p50)),
      ackP99: median(runs.map((run) => run.ackMs.p99)),
      deliveryP50: median(runs.map((run) => run.deliveryMs.p50)),
      deliveryP99: median(runs.map((run) => run.deliveryMs.p99)),
      handshakes: median((shakes.get(subject) ?? []).map((one) => one.perSecond)),
      handshakeMicros: median((shakes.get(subject) ?? []).map((one) => one.cpuMicros)),
    })
  }

  say('Time to listen …')
  for (const subject of [empty, full]) {
    const times: number[] = []
    for (let count = 0; count < scale.starts; count++) times.push(await subject.restart())
    put(subject, { listenMs: median(times) })
  }

  say(`Memory of ${scale.idle} idle connections …`)
  const starts = {
    bare: () => startRelay('bare relay', false, true),
    empty: () => startParley({ name: 'Parley, empty', isInspected: true }),
    full: () =>
      startParley({ name: 'Parley, filled', messages: scale.messages, isInspected: true }),
  }
  for (const [subject, start] of [
    [bare, starts.bare],
    [empty, starts.empty],
    [full, starts.full],
  ] as const) {
    const inspected = await start()
    put(subject, { idleKilobytes: await measureIdle(load, inspected, scale) })
    await inspected.stop()
  }

  const [a, b, parley, filled] = subjects.map((subject) => columns.get(subject) ?? {})
  process.stdout.write(
    `${toTable(
      subjects.map((one) => one.name),
      [a, b, parley, filled],
      toGoals(),
    )}\n`,
  )
} finally {
  for (const subject of subjects) await subject.stop()
  load.stop()
}

/** The goals, as ratios of what was measured side by side. */
function toGoals(): Goal[] {
  const [a = {}, b = {}, parley = {}, filled = {}] = subjects.map((one) => columns.get(one))
  const ratio = (one = Number.NaN, other = Number.NaN) => one / other
  const growth = (figure: keyof Column, isRate = false) => ({
    text: `filled against empty store, ${labelOf(figure)}`,
    value: isRate ? ratio(parley[figure], filled[figure]) : ratio(filled[figure], parley[figure]),
    limit: 1.2,
    isAtMost: true,
  })
  return [
    {
      text: 'CPU per message when busy, of the durable floor',
      value: ratio(parley.busyCpuMicros, b.busyCpuMicros),
      limit: 1.3,
      isAtMost: true,
    },
    {
      text: 'CPU per message when calm, of the durable floor',
      value: ratio(parley.cpuMicros, b.cpuMicros),
      limit: 1.3,
      isAtMost: true,
    },
    {
      text: 'KB per idle connection',
      value: parley.idleKilobytes ?? Number.NaN,
      limit: 16,
      isAtMost: true,
    },
    {
      text: 'handshakes with resume, of the bare rate',
      value: ratio(parley.handshakes, a.handshakes),
      limit: 0.6,
      isAtMost: false,
    },
    growth('busyCpuMicros'),
    growth('cpuMicros'),
    growth('perSecond', true),
    growth('ackP50'),
    growth('deliveryP50'),
    growth('handshakes', true),
    growth('idleKilobytes'),
    growth('listenMs'),
  ]
}
