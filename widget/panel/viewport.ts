import { effect, type Signal } from '@preact/signals-core'

/** Where the panel covers the screen: narrower than a large phone, or too low for a floating panel. */
export const fullQuery = '(max-width: 479.98px), (max-height: 419.98px)'

/** Keeps a signal in step with a media query. */
export function followMedia(query: string, set: (matches: boolean) => void): () => void {
  const media = matchMedia(query)
  const tell = () => set(media.matches)
  tell()
  media.addEventListener('change', tell)
  return () => media.removeEventListener('change', tell)
}

/**
 * While the panel covers the screen: it has the size and place of what the keyboard leaves visible, and the
 * page behind does not scroll. Both end with it.
 */
export function coverScreen(
  host: HTMLElement,
  isOpen: Signal<boolean>,
  isFull: Signal<boolean>,
): () => void {
  return effect(() => {
    if (!isOpen.value || !isFull.value) return undefined
    const viewport = window.visualViewport
    const { style } = document.documentElement
    const before = style.overflow
    style.overflow = 'hidden'

    function fit() {
      if (!viewport) return
      host.style.setProperty('--top', `${viewport.offsetTop}px`)
      host.style.setProperty('--height', `${viewport.height}px`)
    }
    fit()
    viewport?.addEventListener('resize', fit)
    viewport?.addEventListener('scroll', fit)
    return () => {
      viewport?.removeEventListener('resize', fit)
      viewport?.removeEventListener('scroll', fit)
      style.overflow = before
    }
  })
}
