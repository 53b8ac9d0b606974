import type { Spread } from './figures.ts'
import type { Outcome, Progress } from './simulate.ts'

/** One line about how far the trial is. */
export function toProgressLine(progress: Progress) {
  const { elapsedMs, totalMs, online, players, sent, acknowledged, unsent, phase } = progress
  const time = `${toClock(Math.min(elapsedMs, totalMs))} of ${toClock(totalMs)}`
  const what = phase === 'playing' ? time : 'waiting until all is quiet'
  return `${what} · ${online}/${players} connected · ${sent} sent, ${acknowledged} acknowledged, ${unsent} on the way`
}

/** Figures and verdict, for people. */
export function toReport({ figures, verdict, violations, troubles }: Outcome, seed: number) {
  const { sent, acknowledged, refused, refusedFor, conversations, ackMs, deliveryMs, waitMs } =
    figures
  const lines = [
    '',
    `conversations  ${conversations}`,
    `messages       ${sent} sent, ${acknowledged} acknowledged, ${refused} refused${toReasons(refusedFor)}`,
    '',
    '                            p50       p95       p99   samples',
    toRow('acknowledged after', ackMs),
    toRow('seen by the other', deliveryMs),
    toRow('waited for an agent', waitMs),
  ]
  if (troubles.size > 0) {
    lines.push('', 'Asked for and not given (no message is among these):')
    const most = [...troubles].sort(([, one], [, other]) => other - one)
    for (const [what, count] of most) lines.push(`  ${count} × ${what}`)
  }
  lines.push('', `verdict        ${toVerdictLine(verdict)}   (seed ${seed})`)
  for (const { line, kind, conversationId, detail } of violations.slice(0, maxShown)) {
    lines.push(`  ${line} ${kind} · ${conversationId} · ${detail}`)
  }
  if (violations.length > maxShown) lines.push(`  … and ${violations.length - maxShown} more`)
  return lines.join('\n')
}

const maxShown = 20

function toReasons(refusedFor: Record<string, number>) {
  const reasons = Object.entries(refusedFor).map(([code, count]) => `${code} ${count}`)
  return reasons.length > 0 ? ` (${reasons.join(', ')})` : ''
}

function toVerdictLine({ lost, repeated, outOfOrder, limbo }: Outcome['verdict']) {
  return `lost ${lost} · repeated ${repeated} · out of order ${outOfOrder} · limbo ${limbo}`
}

function toRow(label: string, { p50, p95, p99, samples }: Spread) {
  const cells = [p50, p95, p99].map((ms) => toDuration(ms).padStart(10)).join('')
  return `${label.padEnd(21)}${cells}${String(samples).padStart(10)}`
}

function toDuration(ms: number | null) {
  if (ms === null) return '–'
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`
}

function toClock(ms: number) {
  const seconds = Math.floor(ms / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
