/** What one subject measured; what was not measured is not there. */
export interface Column {
  /** At a steady rate far below what it can do, and at the most that comes. */
  cpuMicros?: number
  busyCpuMicros?: number
  perSecond?: number
  ackP50?: number
  ackP99?: number
  deliveryP50?: number
  deliveryP99?: number
  handshakes?: number
  handshakeMicros?: number
  idleKilobytes?: number
  listenMs?: number
}

/** A figure that has to stay on one side of a limit. */
export interface Goal {
  text: string
  value: number
  limit: number
  isAtMost: boolean
}

const rows: [keyof Column, string, number][] = [
  ['busyCpuMicros', 'CPU per message when busy, µs', 1],
  ['cpuMicros', 'CPU per message when calm, µs', 1],
  ['perSecond', 'messages per second, at most', 0],
  ['ackP50', 'acknowledged after, p50, ms', 2],
  ['ackP99', 'acknowledged after, p99, ms', 2],
  ['deliveryP50', 'delivered after, p50, ms', 2],
  ['deliveryP99', 'delivered after, p99, ms', 2],
  ['handshakes', 'handshakes with resume per second', 0],
  ['handshakeMicros', 'CPU per handshake, µs', 0],
  ['idleKilobytes', 'KB per idle connection', 1],
  ['listenMs', 'time to listen, ms', 0],
]

/** How a figure is called in the table. */
export function labelOf(figure: keyof Column) {
  return rows.find(([known]) => known === figure)?.[1] ?? figure
}

/** The figures side by side, and how each goal stands. */
export function toTable(
  names: readonly string[],
  columns: readonly (Column | undefined)[],
  goals: readonly Goal[],
) {
  const width = 18
  const lines = [
    ' '.repeat(36) + names.map((name) => name.padStart(width)).join(''),
    ...rows.map(([figure, label, digits]) => {
      const cells = columns.map((column) => toCell(column?.[figure], digits).padStart(width))
      return label.padEnd(36) + cells.join('')
    }),
    '',
    ...goals.map(toGoalLine),
  ]
  return lines.join('\n')
}

function toCell(value: number | undefined, digits: number) {
  return value === undefined ? '–' : value.toFixed(digits)
}

function toGoalLine({ text, value, limit, isAtMost }: Goal) {
  const isMet = isAtMost ? value <= limit : value >= limit
  const sign = isAtMost ? '≤' : '≥'
  return `${isMet ? 'met   ' : 'MISSED'}  ${text}: ${value.toFixed(2)} (goal ${sign} ${limit})`
}
