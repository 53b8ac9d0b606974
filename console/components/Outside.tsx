import type { ComponentChildren } from 'preact'

import { toHref } from '../text/names.ts'

/** A link to somebody else's page, in a tab of its own. What is no web address is shown as text. */
export function Outside(props: { url: string; title?: string; children: ComponentChildren }) {
  const href = toHref(props.url)
  if (href === undefined) return <span>{props.children}</span>
  return (
    <a
      href={href}
      title={props.title ?? href}
      target="_blank"
      rel="noopener noreferrer nofollow ugc"
    >
      {props.children}
    </a>
  )
}
