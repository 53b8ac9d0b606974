import { monitorEventLoopDelay } from 'node:perf_hooks'

import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

import type { Context } from '../context.ts'
import type { Realtime } from '../realtime/realtime.ts'
import { countAll } from '../store/conversations.ts'

export interface Counts {
  limboFound(count: number): void
}

/** What balancers and operators ask. */
export function healthRoutes(
  app: FastifyInstance,
  { context, realtime }: { context: Context; realtime: Realtime },
): Counts {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]

  const limbo = new Counter({
    name: 'parley_limbo_found_total',
    help: 'Conversations that the watchdog found in no valid state, and repaired.',
    registers,
  })
  const commits = new Counter({
    name: 'parley_commits_total',
    help: 'Durable commits.',
    registers,
  })
  const commitSize = new Histogram({
    name: 'parley_commit_transactions',
    help: 'Transactions that shared one commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers,
  })
  context.store.observe({
    onCommit(transactions) {
      commits.inc()
      commitSize.observe(transactions)
    },
  })
  const messages = new Counter({
    name: 'parley_messages_total',
    help: 'Messages and notes stored.',
    labelNames: ['author'],
    registers,
  })
  context.bus.subscribe((message) => {
    if (message.type === 'event' && message.event.client_id !== null) {
      messages.inc({ author: message.event.author_kind ?? 'system' })
    }
  })
  new Gauge({
    name: 'parley_connections',
    help: 'Live sockets.',
    labelNames: ['kind'],
    registers,
    collect() {
      const kinds = { visitor: 0, agent: 0 }
      for (const { kind } of realtime.hub.connections) kinds[kind] += 1
      this.set({ kind: 'visitor' }, kinds.visitor)
      this.set({ kind: 'agent' }, kinds.agent)
    },
  })
  new Gauge({
    name: 'parley_messages_delivered',
    help: 'Message frames handed to sockets since the start.',
    registers,
    collect() {
      this.set(realtime.hub.delivered)
    },
  })
  new Gauge({
    name: 'parley_slow_readers_cut',
    help: 'Sockets cut off since the start because they took too little.',
    registers,
    collect() {
      this.set(realtime.counters.slowReaders)
    },
  })
  new Gauge({
    name: 'parley_conversations_open',
    help: 'Open conversations by state; queued and offered ones are the queue.',
    labelNames: ['status'],
    registers,
    async collect() {
      this.reset()
      for (const status of ['queued', 'offered', 'assigned']) this.set({ status }, 0)
      for (const { status, count } of await countAll(context.store.read))
        this.set({ status }, count)
    },
  })
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  new Gauge({
    name: 'parley_event_loop_lag_seconds',
    help: 'Delay of the event loop since the last time this was asked.',
    labelNames: ['quantile'],
    registers,
    collect() {
      const inSeconds = (nanoseconds: number) => (Number.isNaN(nanoseconds) ? 0 : nanoseconds / 1e9)
      this.set({ quantile: '0.5' }, inSeconds(delay.percentile(50)))
      this.set({ quantile: '0.99' }, inSeconds(delay.percentile(99)))
      this.set({ quantile: '1' }, inSeconds(delay.max))
      delay.reset()
    },
  })
  app.addHook('onClose', async () => delay.disable())

  app.get('/healthz', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'alive' }),
  )
  app.get('/readyz', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    if (realtime.isDraining) return reply.code(503).send({ status: 'draining' })
    try {
      await context.store.ping()
    } catch (error) {
      context.log.error({ err: error }, 'the database does not answer')
      return reply.code(503).send({ status: 'no-database' })
    }
    return reply.send({ status: 'ready' })
  })
  app.get('/metrics', async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type(registry.contentType)
      .send(await registry.metrics()),
  )

  return {
    limboFound: (count) => limbo.inc(count),
  }
}
