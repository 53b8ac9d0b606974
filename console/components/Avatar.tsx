import { toInitials } from '../text/names.ts'

export interface AvatarProps {
  name: string
  hue: number
  size?: 'small' | 'large'
  presence?: 'online' | 'busy' | 'away' | undefined
}

/** Letters on a colour that stays with the person. What it says is said in words beside it. */
export function Avatar({ name, hue, size, presence }: AvatarProps) {
  return (
    <span
      class={size ? `avatar avatar-${size}` : 'avatar'}
      style={{ '--hue': String(hue) }}
      aria-hidden="true"
    >
      {toInitials(name)}
      {presence && <span class={`presence presence-${presence}`} />}
    </span>
  )
}
