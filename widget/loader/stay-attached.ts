/**
 * Keeps `host` the page's own: appends it as soon as there is a body, and again when a router swaps the
 * body or empties it. Only direct children of html and body are watched, so a busy page costs nothing.
 */
export function stayAttached(host: HTMLElement): () => void {
  const html = document.documentElement
  const observer = new MutationObserver(attach)
  let body: HTMLElement | undefined

  function attach() {
    const now = document.body as HTMLElement | null
    if (!now) return
    if (now !== body) {
      body = now
      observer.disconnect()
      observer.observe(html, { childList: true })
      observer.observe(now, { childList: true })
    }
    if (host.parentNode === now) return
    now.append(host)
  }

  observer.observe(html, { childList: true })
  attach()
  return () => {
    observer.disconnect()
    host.remove()
  }
}
