import type { ComponentChildren } from 'preact'

import { toPath, type Route } from '../routes.ts'
import { useApp } from './context.ts'

export interface LinkProps {
  to: Route
  children: ComponentChildren
  class?: string
  title?: string
  'aria-label'?: string
  'aria-current'?: 'page' | 'true' | undefined
  'aria-describedby'?: string | undefined
  'data-conversation'?: string
}

/** A real link to a screen: a plain click stays in the page, any other does what the browser does. */
export function Link({ to, children, ...rest }: LinkProps) {
  const { router } = useApp()
  const follow = (event: MouseEvent) => {
    const isPlain =
      event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    if (!isPlain || event.defaultPrevented) return
    event.preventDefault()
    router.go(to)
  }
  return (
    <a {...rest} href={toPath(to)} onClick={follow}>
      {children}
    </a>
  )
}
