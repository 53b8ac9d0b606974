import { linkify } from '../../shared/text/linkify.ts'

/** Somebody's words as nodes: text stays text, and links are the only thing that can be clicked. */
export function Linked({ text }: { text: string }) {
  return (
    <>
      {linkify(text).map((token, index) =>
        token.kind === 'link' ? (
          <a key={index} href={token.href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {token.text}
          </a>
        ) : (
          token.text
        ),
      )}
    </>
  )
}
