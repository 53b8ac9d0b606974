import { batch, computed, effect, signal, untracked } from '@preact/signals'

import type { OpenSocket, OutboxEntry, Timers } from '../../../shared/connection/types.ts'
import type { StartFacts } from '../../../shared/protocol/commands.ts'
import type { LoaderConfig } from '../../../shared/protocol/site-settings.ts'
import { keys, type PanelHooks } from '../../mount-types.ts'
import type { Kept } from '../storage.ts'
import { getToken, newId } from '../token.ts'
import { createContact, type Contact } from './contact.ts'
import { createConversation, type Conversation } from './conversation.ts'
import { createSession, type Session } from './session.ts'

/** A closed panel without an open conversation does not hold a socket for longer than this. */
const letGoAfterMs = 30_000
/** A link that is back sooner than this is not worth a word. */
const noticeAfterMs = 1_200

export interface PanelDeps {
  config: LoaderConfig
  kept: Kept
  /** Ends with the tab. */
  tabKept: Kept
  timers: Timers
  /** A socket for the visitor with this token. */
  openSocketFor: (token: string) => OpenSocket
  getStartFacts: () => StartFacts
  hooks: PanelHooks
}

export type Panel = ReturnType<typeof createPanel>

interface Visit {
  session: Session
  contact: Contact
}

/** What the whole panel knows: who talks, what is on the screen, whether it is open. */
export function createPanel(deps: PanelDeps) {
  const { config, kept, tabKept, timers, openSocketFor, getStartFacts, hooks } = deps
  const isOpen = signal(false)
  const isVisible = signal(true)
  const isAway = signal(false)
  const isFull = signal(false)
  const isDark = signal(false)
  const visit = signal<Visit>()
  const conversation = signal<Conversation>()
  const hasLinkNotice = signal(false)
  /** Grows with every wish that the panel takes the focus. */
  const focusWishes = signal(0)
  const session = computed(() => visit.value?.session)
  let freshId: string | undefined
  let hasChosen = false
  let revocations = 0
  let stops: (() => void)[] = []

  function start() {
    if (visit.peek()) return
    const token = getToken(kept)
    const openSocket = openSocketFor(token)
    const now = createSession({
      siteKey: config.key,
      token,
      kept,
      openSocket,
      timers,
      newId,
      getStartFacts,
    })
    batch(() => {
      visit.value = { session: now, contact: createContact(now, kept) }
      const id = now.entries.value.at(-1)?.conversationId ?? kept.get(keys.current)
      if (id) show(id)
    })
    now.connection.start()
    stops = [
      effect(() => follow(now)),
      effect(() => noticeLink(now)),
      effect(() => letGo(now)),
      effect(() => goWhereTalkIs(now)),
      effect(() => {
        if (now.welcome.value) hooks.onUnread(countUnread(now))
      }),
    ]
  }

  function end() {
    for (const stop of stops) stop()
    stops = []
    const last = visit.peek()
    conversation.peek()?.stop()
    batch(() => {
      conversation.value = undefined
      visit.value = undefined
      hasLinkNotice.value = false
    })
    last?.contact.stop()
    last?.session.stop()
    freshId = undefined
    hasChosen = false
  }

  /** A revoked visitor is nobody: forget everything, and start as new. */
  function follow({ link, token }: Session) {
    const state = link.value
    if (state.kind !== 'refused' || state.code !== 'token-revoked') return undefined
    // Not from within the effect that it ends; and a server that revokes whoever comes is not stormed.
    return timers.after(revocations++ ? 60_000 : 0, () => {
      end()
      // Another tab may have begun anew already: then its token is the one.
      if (kept.get(keys.token) === token) kept.clear()
      hooks.onUnread(0)
      if (isOpen.peek()) start()
    })
  }

  function noticeLink({ link }: Session) {
    const { kind } = link.value
    if (kind === 'online' || kind === 'idle') {
      hasLinkNotice.value = false
      return undefined
    }
    return timers.after(noticeAfterMs, () => (hasLinkNotice.value = true))
  }

  function letGo({ connection, openConversation, entries, link }: Session) {
    const isNeeded = isOpen.value || !!openConversation.value || entries.value.length > 0
    if (isAway.value || link.value.kind === 'refused') return undefined
    if (!isNeeded) return timers.after(letGoAfterMs, () => connection.stop())
    if (untracked(() => connection.state.kind === 'idle')) connection.start()
    return undefined
  }

  /** Where the visitor has not chosen, an open conversation is what they come for. */
  function goWhereTalkIs({ welcome, openConversation, conversations }: Session) {
    if (!welcome.value) return
    const current = openConversation.value
    const all = conversations.value
    untracked(() => {
      const shown = conversation.value
      const isUnknown = shown && !shown.hasWords.value && !all.some(({ id }) => id === shown.id)
      if (hasChosen) return
      if (!shown && current) show(current.id)
      else if (isUnknown) show(current?.id)
      hasChosen = true
    })
  }

  function countUnread({ conversations }: Session) {
    const shown = conversation.value
    return conversations.value.reduce(
      (sum, { id, unread }) =>
        sum + (id === shown?.id && shown.isLoaded.value ? shown.unread.value : unread),
      0,
    )
  }

  /** Shows a conversation, or home without an id. */
  function show(id?: string) {
    const last = conversation.peek()
    if (last?.id === id) return
    const now = session.peek()
    batch(() => {
      last?.stop()
      conversation.value =
        id && now
          ? createConversation({ session: now, id, kept, timers, getStartFacts })
          : undefined
    })
  }

  function choose(id?: string) {
    hasChosen = true
    show(id)
  }

  const panel = {
    config,
    kept,
    timers,
    isOpen,
    isVisible,
    isFull,
    isDark,
    session,
    contact: computed(() => visit.value?.contact),
    conversation,
    hasLinkNotice,
    focusWishes,

    open(takesFocus: boolean) {
      start()
      if (takesFocus) focusWishes.value++
      if (isOpen.peek()) return
      isOpen.value = true
      tabKept.set(keys.isOpen, '1')
      hooks.onOpenChange(true)
    },
    close() {
      if (!isOpen.peek()) return
      conversation.peek()?.typing.stop()
      isOpen.value = false
      tabKept.remove(keys.isOpen)
      hooks.onOpenChange(false)
    },
    /** Closed by the visitor, who goes on where they came from. */
    dismiss() {
      panel.close()
      hooks.focusOpener()
    },
    /** Begins without showing anything: a message waits to be sent. */
    start,
    goHome() {
      choose()
      focusWishes.value++
    },
    goTo(id: string) {
      choose(id)
      focusWishes.value++
    },
    startNew() {
      freshId = freshId && !isKnown(freshId) ? freshId : newId()
      panel.goTo(freshId)
    },
    send(text: string) {
      if (!conversation.peek()) panel.startNew()
      conversation.peek()?.send(text)
    },
    /** "Try again": what came too late for a chat that has ended goes into a new one. */
    retry(entry: OutboxEntry) {
      const shown = conversation.peek()
      if (entry.code !== 'conversation-closed') return shown?.retry(entry)
      shown?.discard(entry)
      panel.startNew()
      conversation.peek()?.send(entry.text)
    },

    /** The page is put away (perhaps for good, perhaps to come back as it was). */
    leave() {
      isAway.value = true
      session.peek()?.connection.stop()
    },
    comeBack() {
      isAway.value = false
      session.peek()?.connection.wake()
    },
    end,
  }

  function isKnown(id: string) {
    const now = session.peek()
    return (
      !!now &&
      [...now.conversations.peek(), ...now.entries.peek().map(toId)].some((c) => c.id === id)
    )
  }

  return panel
}

const toId = ({ conversationId }: OutboxEntry) => ({ id: conversationId })
