import type { ComponentChildren } from 'preact'

import { unreachable } from '../../shared/unreachable.ts'
import type { SystemEvent } from '../models/timeline-items.ts'
import { t } from '../strings/current.ts'
import { toPagePath } from '../text/names.ts'
import { toClock, toDayName, toFullTime, toWait } from '../text/time.ts'
import { useWorkspace } from './context.ts'

interface Line {
  content: ComponentChildren
  /** How the chat was given out: there for those who look for it. */
  isSubtle?: boolean
}

/** What happened, as one small line. */
export function SystemLine({ event, visitorName }: { event: SystemEvent; visitorName: string }) {
  const { clock, inbox } = useWorkspace()
  const line = toLine(event, visitorName, inbox.me.value.id)
  if (!line) return null
  const clockTime = toClock(event.at)
  return (
    <p class={line.isSubtle ? 'log-line log-line-subtle' : 'log-line'}>
      <span>{line.content}</span>
      <time dateTime={new Date(event.at).toISOString()} title={toFullTime(event.at)}>
        {event.type === 'created' ? `${toDayName(event.at, clock.read())} ${clockTime}` : clockTime}
      </time>
    </p>
  )
}

function toLine(event: SystemEvent, visitorName: string, myId: string): Line | undefined {
  const who = (agent: { id: string; name: string }) => (agent.id === myId ? t.you : agent.name)
  const { system } = t
  switch (event.type) {
    case 'created':
      return {
        content: event.page ? (
          <>
            {system.startedFrom(visitorName)}{' '}
            <b title={event.page.url}>{toPagePath(event.page.url)}</b>
          </>
        ) : (
          system.started(visitorName)
        ),
      }
    case 'queued':
      return { content: system.queued[event.reason], isSubtle: true }
    case 'offered':
      return { content: system.offered(who(event.agent)), isSubtle: true }
    case 'declined':
      return {
        content: event.reason
          ? system.declinedBecause(capitalised(who(event.agent)), event.reason)
          : system.declined(capitalised(who(event.agent))),
        isSubtle: true,
      }
    case 'expired':
      return { content: system.expired(capitalised(who(event.agent))), isSubtle: true }
    case 'assigned':
      return {
        content: (
          <>
            {event.how === 'claimed' ? system.takenBy : system.assigned} <b>{who(event.agent)}</b>
            {event.how !== 'reopened' && ` · ${system.answeredIn(toWait(event.waitedMs))}`}
          </>
        ),
      }
    case 'unassigned':
      return { content: system.unassigned(who(event.agent)), isSubtle: true }
    case 'contact': {
      const left = [event.name, event.email].filter(Boolean).join(', ')
      return left ? { content: system.contact(left) } : undefined
    }
    case 'closed':
      if (event.by === 'system') return { content: system.closedBySystem }
      return {
        content: system.closedBy(
          event.by === 'visitor' ? visitorName : event.agent ? capitalised(who(event.agent)) : '',
        ),
      }
    case 'reopened':
      return {
        content: system.reopenedBy(
          event.by === 'visitor' ? visitorName : event.agent ? capitalised(who(event.agent)) : '',
        ),
      }
    default:
      return unreachable(event)
  }
}

const capitalised = (text: string) => text.charAt(0).toLocaleUpperCase(t.locale) + text.slice(1)
