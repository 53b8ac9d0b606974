import type { Entry, History } from './history.ts'

/** Distances in time that the players measured, in milliseconds. */
export interface Samples {
  ack: number[]
  delivery: number[]
  wait: number[]
}

/** Where all players of a trial write down what they did and saw. */
export interface Recorder {
  readonly history: History
  readonly samples: Readonly<Samples>
  readonly counts: Readonly<{ sent: number; acked: number; refused: number; received: number }>
  write(entry: Entry): void
  /** What could not be done and is nobody's message: shown at the end. */
  note(trouble: string): void
  readonly troubles: ReadonlyMap<string, number>
}

/** Keeps the history of one trial and takes the times from it. */
export function createRecorder(): Recorder {
  const history: Entry[] = []
  const samples: Samples = { ack: [], delivery: [], wait: [] }
  const counts = { sent: 0, acked: 0, refused: 0, received: 0 }
  const troubles = new Map<string, number>()
  const sentAt = new Map<string, number>()
  const acked = new Set<string>()
  const seenBy = new Set<string>()
  const waitingSince = new Map<string, number>()

  return {
    history,
    samples,
    counts,
    troubles,
    note: (trouble) => void troubles.set(trouble, (troubles.get(trouble) ?? 0) + 1),
    write(entry) {
      history.push(entry)
      if (entry.kind === 'sent' && !sentAt.has(entry.clientId)) {
        sentAt.set(entry.clientId, entry.at)
        counts.sent += 1
      }
      if (entry.kind === 'acked' && !acked.has(entry.clientId)) {
        acked.add(entry.clientId)
        counts.acked += 1
        const at = sentAt.get(entry.clientId)
        if (at !== undefined) samples.ack.push(entry.at - at)
        if (!waitingSince.has(entry.conversationId)) {
          waitingSince.set(entry.conversationId, entry.at)
        }
      }
      if (entry.kind === 'refused') counts.refused += 1
      if (entry.kind !== 'received') return
      counts.received += 1
      const { event } = entry
      if (event.type === 'message') {
        const at = sentAt.get(event.clientId)
        const side = `${event.id} ${entry.audience}`
        // The other side's first sight of it; a newcomer who reads an old history is no delivery.
        if (at !== undefined && event.author.kind !== entry.audience && !seenBy.has(side)) {
          seenBy.add(side)
          samples.delivery.push(entry.at - at)
        }
      }
      if (event.type === 'assigned' && entry.audience === 'visitor') {
        const since = waitingSince.get(event.conversationId)
        if (since !== undefined && since >= 0) {
          samples.wait.push(Math.max(0, entry.at - since))
          waitingSince.set(event.conversationId, -1)
        }
      }
    },
  }
}
