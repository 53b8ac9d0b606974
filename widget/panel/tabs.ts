/** Messages between the tabs of one visitor; undefined where the browser has none. */
export function openChannel(name: string) {
  try {
    const channel = new BroadcastChannel(name)
    return {
      post: (message: unknown) => channel.postMessage(message),
      onMessage(listen: (message: unknown) => void) {
        const receive = ({ data }: MessageEvent<unknown>) => listen(data)
        channel.addEventListener('message', receive)
        return () => channel.removeEventListener('message', receive)
      },
      close: () => channel.close(),
    }
  } catch {
    return undefined
  }
}

/** A lock that one tab holds at a time; undefined where the browser has none (an insecure page). */
export function openLock(name: string) {
  const { locks } = navigator as { locks?: LockManager }
  if (!locks) return undefined
  return {
    hold(onGranted: () => void) {
      const abort = new AbortController()
      const held = new Promise<void>((release) => {
        abort.signal.addEventListener('abort', () => release())
      })
      const { signal } = abort
      locks
        .request(name, { signal }, () => {
          if (!signal.aborted) onGranted()
          return held
        })
        .catch(() => {
          // Given up before it was granted, which is no news.
        })
      return () => abort.abort()
    },
  }
}
