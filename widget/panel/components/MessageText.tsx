import { linkify } from '../../../shared/text/linkify.ts'

/** What somebody wrote, as text and links. It never becomes markup. */
export function MessageText({ text }: { text: string }) {
  return (
    <>
      {linkify(text).map((token, index) =>
        token.kind === 'text' ? (
          token.text
        ) : (
          <a key={index} href={token.href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {token.text}
          </a>
        ),
      )}
    </>
  )
}
