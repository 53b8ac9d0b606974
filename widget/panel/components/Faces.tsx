import type { AgentFace } from '../../../shared/protocol/conversation.ts'
import { Avatar } from './Avatar.tsx'

/** Who is there, a little over one another. */
export function Faces({ faces }: { faces: readonly AgentFace[] }) {
  return (
    <div class="faces">
      {faces.slice(0, 3).map(({ id, name }) => (
        <Avatar key={id} id={id} name={name} />
      ))}
    </div>
  )
}
