import { batch, computed, effect, signal, untracked } from '@preact/signals-core'

import type { OpenSocket, OutboxEntry, Timers } from '../../../shared/connection/types.ts'
import type { StartFacts } from '../../../shared/protocol/commands.ts'
import type { LoaderConfig } from '../../../shared/protocol/site-settings.ts'
import { currentKey, draftKey, openKey, tokenKey, type PanelHooks } from '../../mount-types.ts'
import type { ChatPart } from '../chat.tsx'
import type { Kept } from '../storage.ts'
import { getToken, newId } from '../token.ts'
import { createSession, type Session } from './session.ts'

/** A closed panel without an open conversation does not hold a socket for longer than this. */
const letGoAfterMs = 30_000
/** A link that is back sooner than this is not worth a word. */
const noticeAfterMs = 1_200
/** Until the next try to load the late part. */
const reloadAfterMs = 2_000

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
  /** Brings the late part, which shows conversations. */
  loadChat: () => Promise<{ createChatPart: (panel: Panel, session: Session) => ChatPart }>
}

export type Panel = ReturnType<typeof createPanel>

/** What the whole panel knows: who talks, what is on the screen, whether it is open. */
export function createPanel(deps: PanelDeps) {
  const { config, kept, tabKept, timers, openSocketFor, getStartFacts, hooks, loadChat } = deps
  const isOpen = signal(false)
  const isVisible = signal(true)
  const isAway = signal(false)
  const isFull = signal(false)
  const isDark = signal(false)
  const session = signal<Session>()
  const chat = signal<ChatPart>()
  /** The conversation on the screen; home without one. */
  const shownId = signal<string>()
  const hasLinkNotice = signal(false)
  const menu = signal<'shut' | 'open' | 'asking' | 'failed'>('shut')
  /** Grows with every wish that the panel takes the focus. */
  const focusWishes = signal(0)
  /** Drawn for a conversation that has no words yet. */
  const freshId = signal<string>()
  /** Grows when the panel may have been moved in the page, which undoes all scrolling. */
  const moves = signal(0)
  const draft = signal('')
  /** A new conversation's draft stays the same one on the way from home to its first message. */
  const draftName = computed(() => {
    const id = shownId.value
    return draftKey + (id && id !== freshId.value ? id : '')
  })
  const wantsChat = signal(false)
  let hasChosen = false
  let revocations = 0
  let stops: (() => void)[] = []

  function start() {
    if (session.peek()) return
    const token = getToken(kept)
    const now = createSession({
      siteKey: config.key,
      token,
      kept,
      openSocket: openSocketFor(token),
      timers,
      newId,
      getStartFacts,
    })
    session.value = now
    shownId.value = now.entries.value.at(-1)?.conversationId ?? kept.get(currentKey)
    now.connection.start()
    const follows = [forgetRevoked, noticeLink, letGo, goWhereTalkIs, bringChat]
    stops = follows.map((follow) => effect(() => follow(now)))
  }

  function end() {
    for (const stop of stops) stop()
    stops = []
    chat.peek()?.stop()
    session.peek()?.stop()
    batch(() => {
      session.value = chat.value = shownId.value = freshId.value = undefined
      hasLinkNotice.value = wantsChat.value = hasChosen = false
    })
  }

  /** A revoked visitor is nobody: forget everything, and start as new. */
  function forgetRevoked({ link, token }: Session) {
    const state = link.value
    if (state.kind !== 'refused' || state.code !== 'token-revoked') return undefined
    // Not from within the effect that it ends; and a server that revokes whoever comes is not stormed.
    return timers.after(revocations++ ? 60_000 : 0, () => {
      end()
      // Another tab may have begun anew already: then its token is the one.
      if (kept.get(tokenKey) === token) kept.clear()
      draft.value = ''
      hooks.onUnread(0)
      if (isOpen.peek()) start()
    })
  }

  function noticeLink({ isLost }: Session) {
    if (isLost.value) return timers.after(noticeAfterMs, () => (hasLinkNotice.value = true))
    hasLinkNotice.value = false
    return undefined
  }

  function letGo({ connection, openConversation, entries, link }: Session) {
    const isNeeded = isOpen.value || !!openConversation.value || entries.value.length > 0
    if (isAway.value) return undefined
    if (!isNeeded) return timers.after(letGoAfterMs, () => connection.stop())
    if (link.value.kind === 'idle') connection.start()
    return undefined
  }

  /** Where the visitor has not chosen, an open conversation is what they come for. */
  function goWhereTalkIs({ welcome, openConversation, entries, find }: Session) {
    if (!welcome.value || hasChosen) return
    hasChosen = true
    untracked(() => {
      const id = shownId.value
      const isKnown = !!find(id) || entries.value.some((entry) => entry.conversationId === id)
      if (!isKnown) shownId.value = openConversation.value?.id
    })
  }

  /** Loads the late part as soon as there is something for it to show. */
  function bringChat(now: Session) {
    const isWanted = wantsChat.value || !!shownId.value || now.conversations.value.length > 0
    if (!isWanted || chat.value) return
    const bring = () => {
      loadChat().then(
        ({ createChatPart }) => {
          if (session.peek() === now && !chat.peek()) chat.value = createChatPart(panel, now)
        },
        () => session.peek() === now && timers.after(reloadAfterMs, bring),
      )
    }
    untracked(bring)
  }

  function goTo(id?: string) {
    hasChosen = true
    batch(() => {
      menu.value = 'shut'
      shownId.value = id
      focusWishes.value++
    })
  }

  const stopDraft = effect(() => {
    draft.value = kept.get(draftName.value) ?? ''
  })

  const panel = {
    config,
    kept,
    timers,
    hooks,
    isOpen,
    isVisible,
    isFull,
    isDark,
    session,
    chat,
    shownId,
    hasLinkNotice,
    menu,
    focusWishes,
    moves,
    draft,

    open(takesFocus: boolean) {
      start()
      if (takesFocus) focusWishes.value++
      moves.value++
      if (isOpen.peek()) return
      isOpen.value = true
      tabKept.set(openKey, '1')
      hooks.onOpenChange(true)
    },
    close() {
      if (!isOpen.peek()) return
      chat.peek()?.type('')
      batch(() => {
        isOpen.value = false
        menu.value = 'shut'
      })
      tabKept.remove(openKey)
      hooks.onOpenChange(false)
    },
    /** Closed by the visitor, who goes on where they came from. */
    dismiss() {
      panel.close()
      hooks.focusOpener()
    },
    /** Begins without showing anything: a message waits to be sent. */
    start,
    goTo,
    goHome: () => goTo(),
    /** What had the focus is gone: it goes to where one goes on. */
    refocus: () => goTo(shownId.peek()),
    startNew() {
      freshId.value ??= newId()
      goTo(freshId.value)
    },
    /** Somebody is about to begin: the late part may come. */
    expectWords: () => (wantsChat.value = true),
    type(text: string) {
      panel.expectWords()
      draft.value = text
      if (text) kept.set(draftName.peek(), text)
      else kept.remove(draftName.peek())
      chat.peek()?.type(text)
    },
    send(text: string) {
      panel.type('')
      if (!shownId.peek()) panel.startNew()
      const id = shownId.peek()
      if (id) session.peek()?.send(id, text)
      // It has words now: what is typed next is its own.
      if (id === freshId.peek()) freshId.value = undefined
    },
    /** "Try again": what came too late for a chat that has ended goes into a new one. */
    retry({ clientId, code, text }: OutboxEntry) {
      const { outbox } = session.peek() ?? {}
      if (code !== 'conversation-closed') return outbox?.retry(clientId)
      outbox?.discard(clientId)
      panel.startNew()
      panel.send(text)
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
    destroy() {
      panel.close()
      end()
      stopDraft()
    },
  }

  return panel
}
