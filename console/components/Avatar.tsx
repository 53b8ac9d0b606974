import { toInitials } from '../text/names.ts'

export interface AvatarProps {
  name: string
  hue: number
  size?: 'small' | 'large'
  presence?: 'online' | 'busy' | 'away' | undefined
}

/**
 * Letters on a colour that stays with the person. The style sheet draws them: what they say is said in words
 * beside them, and they are no text to be copied or read out.
 */
export function Avatar({ name, hue, size, presence }: AvatarProps) {
  return (
    <span
      class={size ? `avatar avatar-${size}` : 'avatar'}
      style={{ '--hue': String(hue) }}
      aria-hidden="true"
      data-letters={toInitials(name)}
    >
      {presence && <span class={`presence presence-${presence}`} />}
    </span>
  )
}
