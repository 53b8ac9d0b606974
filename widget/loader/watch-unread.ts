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
  onUnread: (count: number) => void,
): () => void {
  let abort: AbortController | undefined
  let isOver = false

  async function listen(mine: AbortController) {
    try {
      // As plain text the request needs no question beforehand, and the token is in no address.
      const { ok, body } = await fetch(address, {
        method: 'POST',
        body: token,
        signal: mine.signal,
      })
      isOver ||= !ok
      const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
      let rest = ''
      while (reader && !isOver) {
        const { done, value } = await reader.read()
        if (done) break
        const lines = (rest + value).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          const { unread, isOpen } = JSON.parse(line) as UnreadLine
          isOver ||= !isOpen
          onUnread(unread)
        }
      }
    } catch {
      // Aborted or cut off: the badge may wait.
    }
    // A server that ends every answer at once is asked twice a minute, not more.
    setTimeout(() => abort === mine && follow(), 3e4)
  }

  /** Also what a page in the back-forward cache goes through, on its way there and back. */
  function follow() {
    abort?.abort()
    abort = undefined
    if (!isOver && !document.hidden) void listen((abort = new AbortController()))
  }

  document.addEventListener('visibilitychange', follow)
  follow()
  return () => {
    isOver = true
    follow()
  }
}
