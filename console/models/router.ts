import { signal, type ReadonlySignal } from '@preact/signals'

import { parseRoute, toPath, type Route } from '../routes.ts'

export interface Router {
  readonly route: ReadonlySignal<Route>
  go(route: Route, how?: 'push' | 'replace'): void
  /** Keeps the present address in the entry, so that signing in can return to it, even after a reload. */
  goToSignIn(): void
  returnFromSignIn(): void
  stop(): void
}

/** One signal that follows the address. Back and reload work because the address is all there is. */
export function createRouter(page: Window): Router {
  const read = () => parseRoute(page.location.pathname, page.location.hash)
  const route = signal<Route>(read())
  const follow = () => {
    route.value = read()
  }
  page.addEventListener('popstate', follow)

  const write = (path: string, how: 'push' | 'replace', state: unknown = null) => {
    if (how === 'replace') page.history.replaceState(state, '', path)
    else if (path !== page.location.pathname + page.location.hash) {
      page.history.pushState(state, '', path)
    }
    follow()
  }

  return {
    route,
    go: (next, how = 'push') => write(toPath(next), how),
    goToSignIn() {
      if (route.peek().screen === 'sign-in') return
      write(toPath({ screen: 'sign-in' }), 'replace', { returnTo: page.location.pathname })
    },
    returnFromSignIn() {
      const { returnTo } = (page.history.state ?? {}) as { returnTo?: unknown }
      // Only our own paths: the state of a history entry is not ours alone to write.
      const isOurs = typeof returnTo === 'string' && returnTo.startsWith('/console/')
      const next = isOurs ? parseRoute(returnTo) : undefined
      const isUsable = next && (next.screen === 'inbox' || next.screen === 'settings')
      write(toPath(isUsable ? next : { screen: 'inbox', view: 'mine' }), 'replace')
    },
    stop: () => page.removeEventListener('popstate', follow),
  }
}
