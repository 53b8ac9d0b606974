import type { Samples } from './recorder.ts'

/** The value below which this share of the samples lies; null without samples. */
export function percentile(samples: readonly number[], share: number): number | null {
  const sorted = [...samples].sort((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null
}

export interface Spread {
  p50: number | null
  p95: number | null
  p99: number | null
  samples: number
}

/** What the trial measured. */
export interface Figures {
  sent: number
  acknowledged: number
  /** Answered with a no that its author was told, such as to a chat that was closed meanwhile. */
  refused: number
  refusedFor: Record<string, number>
  conversations: number
  ackMs: Spread
  deliveryMs: Spread
  waitMs: Spread
}

/** Median and tails of what was sampled. */
export function toSpread(samples: readonly number[]): Spread {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(samples, share) ?? null)
  return { p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null, samples: samples.length }
}

/** The three times that people feel: until acknowledged, until seen, until answered by an agent. */
export function toTimes({ ack, delivery, wait }: Readonly<Samples>) {
  return { ackMs: toSpread(ack), deliveryMs: toSpread(delivery), waitMs: toSpread(wait) }
}
