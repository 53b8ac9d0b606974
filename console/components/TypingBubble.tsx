import type { Typing } from '../models/typing.ts'
import { t } from '../strings/current.ts'
import { useWorkspace } from './context.ts'

/** What is being typed as a ghost of the bubble to come; dots where the site does not show it. */
export function TypingBubble({ typing, visitorName }: { typing: Typing; visitorName: string }) {
  const { inbox } = useWorkspace()
  const isVisitor = typing.kind === 'visitor'
  const name = isVisitor ? visitorName : (inbox.colleagues.value.get(typing.id)?.name ?? '')
  return (
    <div class={`group group-ghost group-${isVisitor ? 'in' : 'out'}`}>
      <p class="bubble" dir="auto">
        {typing.text ?? (
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
        )}
      </p>
      <p class="group-foot">
        <bdi>{t.conversation.isTyping(name)}</bdi>
      </p>
    </div>
  )
}
