/** One line of the answer: how many words the visitor has not read, and whether the conversation goes on. */
interface UnreadLine {
  unread: number
  isOpen: boolean
}

/**
 * Asks once how much is unread, and keeps listening on the same answer while a conversation is open:
 * one line of JSON for each change. A hidden page listens to nothing. The result ends it.
 */
export function watchUnread(
  address: string,
  token: string,
  onUnread: (line: UnreadLine) => void,
): () => void {
  let abort: AbortController | undefined
  let isOver = false

  async function listen(mine: AbortController) {
    try {
      // As plain text the request needs no question beforehand, and the token is in no address.
      const answer = await fetch(address, { method: 'POST', body: token, signal: mine.signal })
      if (!answer.ok) isOver = answer.status < 500
      const reader = answer.ok ? answer.body?.getReader() : undefined
      const decoder = new TextDecoder()
      let rest = ''
      while (reader) {
        const { done, value } = await reader.read()
        if (done) break
        const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          if (!line) continue
          const { unread, isOpen } = JSON.parse(line) as UnreadLine
          if (!isOpen) isOver = true
          onUnread({ unread: Number(unread), isOpen: !!isOpen })
        }
      }
    } catch {
      // Aborted or cut off: the badge may wait.
    }
    // A server that ends every answer at once is asked twice a minute, not more.
    setTimeout(() => abort === mine && start(), 2e4 + Math.random() * 2e4)
  }

  function start() {
    if (isOver) return
    abort = new AbortController()
    void listen(abort)
  }

  function stop() {
    abort?.abort()
    abort = undefined
  }

  function follow({ type }: { type: string }) {
    if (type === 'pagehide' || document.visibilityState === 'hidden') stop()
    else if (!abort) start()
  }

  const events = [
    [document, 'visibilitychange'],
    [window, 'pagehide'],
    [window, 'pageshow'],
  ] as const
  for (const [target, type] of events) target.addEventListener(type, follow)
  follow({ type: '' })

  return () => {
    isOver = true
    stop()
    for (const [target, type] of events) target.removeEventListener(type, follow)
  }
}
