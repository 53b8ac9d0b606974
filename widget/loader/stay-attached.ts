/**
 * Keeps `host` the page's own: appends it as soon as there is a body, and again when a router swaps the
 * body or empties it. Only direct children of html and body are watched, so a busy page costs nothing.
 */
export function stayAttached(host: HTMLElement, onReturn: () => void): () => void {
  const observer = new MutationObserver(attach)
  const options = { childList: true }

  function attach() {
    const body = document.body as HTMLElement | null
    if (!body) return
    // To observe what is observed already changes nothing; a body that was swapped away says no more.
    observer.observe(body, options)
    if (host.parentNode === body) return
    body.append(host)
    onReturn()
  }

  observer.observe(document.documentElement, options)
  attach()
  return () => {
    observer.disconnect()
    host.remove()
  }
}
