import type { TabChannel, TabLock } from '../../shared/connection/tabs.ts'
import type { OpenSocket, Timers } from '../../shared/connection/types.ts'

/** Tabs of one browser, with a channel and a lock between them, that can be closed, killed and frozen. */
export function createTestBrowser({
  timers,
  openSocket,
}: {
  timers: Timers
  openSocket: OpenSocket
}) {
  const tabs: TestTab[] = []
  const queue: { tab: TestTab; onGranted: () => void; isHeld: boolean }[] = []

  interface TestTab {
    id: string
    listeners: Set<(message: unknown) => void>
    run(call: () => void): void
  }

  function grant() {
    const next = queue[0]
    if (!next || next.isHeld) return
    next.isHeld = true
    timers.after(1, () => queue.includes(next) && next.tab.run(next.onGranted))
  }

  function withdraw(isGone: (entry: (typeof queue)[number]) => boolean) {
    const gone = queue.filter(isGone)
    for (const entry of gone) queue.splice(queue.indexOf(entry), 1)
    grant()
  }

  function openTab() {
    let isDead = false
    let held: (() => void)[] | undefined
    const cuts: (() => void)[] = []

    const tab: TestTab = {
      id: `tab-${tabs.length + 1}`,
      listeners: new Set(),
      run(call) {
        if (isDead) return
        if (held) held.push(call)
        else call()
      },
    }
    tabs.push(tab)

    const channel: TabChannel = {
      post(message) {
        const copy = JSON.stringify(message)
        for (const other of tabs) {
          if (other === tab) continue
          timers.after(1, () =>
            other.run(() => {
              for (const listener of other.listeners) listener(JSON.parse(copy))
            }),
          )
        }
      },
      onMessage(listener) {
        tab.listeners.add(listener)
        return () => tab.listeners.delete(listener)
      },
    }
    const lock: TabLock = {
      hold(onGranted) {
        const entry = { tab, onGranted, isHeld: false }
        queue.push(entry)
        grant()
        return () => withdraw((other) => other === entry)
      },
    }
    return {
      deps: {
        channel,
        lock,
        newTabId: () => tab.id,
        timers: {
          ...timers,
          now: timers.now,
          after: (ms: number, call: () => void) => timers.after(ms, () => tab.run(call)),
        },
        openSocket: (events: Parameters<OpenSocket>[0]) => {
          const socket = openSocket({
            onOpen: () => tab.run(() => events.onOpen()),
            onText: (text) => tab.run(() => events.onText(text)),
            onClose: (code, reason) => tab.run(() => events.onClose(code, reason)),
          })
          cuts.push(() => socket.close())
          return socket
        },
      },
      /** The tab is gone without a word, as when it crashes. */
      kill() {
        isDead = true
        for (const cut of cuts) cut()
        withdraw((entry) => entry.tab === tab)
      },
      /** Nothing in it runs, but it keeps its lock and its socket. */
      freeze() {
        held ??= []
      },
      thaw() {
        const late = held ?? []
        held = undefined
        for (const call of late) tab.run(call)
      },
    }
  }

  return { openTab }
}
