import { fnv1a } from '../../../shared/text/fnv1a.ts'

/** Initials on a steady colour of one's own. */
export function Avatar({ id, name }: { id: string; name: string }) {
  return (
    <div class="avatar" aria-hidden="true" style={{ '--hue': fnv1a(id) % 360 }}>
      {toInitials(name)}
    </div>
  )
}

function toInitials(name: string) {
  const words = name.trim().split(/\s+/)
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words
  return ends
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase()
}
