import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'

import { limits } from '../../shared/protocol/limits.ts'
import type { Conversation } from '../models/conversation.ts'
import type { DraftKind } from '../models/drafts.ts'
import { createTypingSignal } from '../models/typing.ts'
import { t } from '../strings/current.ts'
import { useApp, useWorkspace } from './context.ts'
import { composerCall, takeComposerCall } from './focus.ts'
import { Icon } from './Icon.tsx'
import { findObstacle } from './obstacle.ts'

const kinds = ['reply', 'note'] as const
/** From here on the room that is left is counted. */
const countFrom = limits.messageText - 400

/** Where one answers, or leaves a note that only the team sees. Every key stroke is kept. */
export function Composer({ conversation }: { conversation: Conversation }) {
  const { timers } = useApp()
  const { drafts, outbox, setTyping, inbox, offers } = useWorkspace()
  const { id } = conversation
  const [kind, setKind] = useState<DraftKind>(() =>
    drafts.read(id, 'reply') === '' && drafts.read(id, 'note') !== '' ? 'note' : 'reply',
  )
  const [text, setText] = useState(() => drafts.read(id, kind))
  const area = useRef<HTMLTextAreaElement>(null)
  const typing = useMemo(
    () => createTypingSignal((isTyping) => setTyping(id, isTyping), timers),
    [id],
  )
  useEffect(() => () => typing.stop(), [typing])

  const obstacle = findObstacle({
    standing: conversation.standing.value,
    isOfferedToMe: offers.list.value.some(({ row }) => row.id === id),
    myId: inbox.me.value.id,
    colleagues: inbox.colleagues.value,
  })
  const isReply = kind === 'reply'
  const isBlocked = isReply && obstacle !== undefined
  const left = limits.messageText - text.length
  const canSend = !isBlocked && text.trim() !== '' && left >= 0

  const choose = (next: DraftKind) => {
    typing.stop()
    setKind(next)
    setText(drafts.read(id, next))
  }
  const write = (next: string) => {
    setText(next)
    drafts.write(id, kind, next)
    if (isReply && !isBlocked) typing.typed(next)
  }
  const send = () => {
    // The field itself has the last word: a key may come before the next drawing.
    const words = area.current?.value.trim() ?? ''
    if (isBlocked || words === '' || words.length > limits.messageText) return
    // Half of a character pair would be refused: what is broken is replaced, not lost.
    outbox.send(id, isReply ? 'message' : 'note', words.toWellFormed())
    typing.stop()
    write('')
  }

  const call = composerCall.value
  useEffect(() => {
    if (!takeComposerCall()) return
    if (call.kind && call.kind !== kind) choose(call.kind)
    area.current?.focus()
  }, [call])
  useLayoutEffect(() => {
    const box = area.current
    if (!box) return
    // Grows with its words up to a bound that the style sheet sets.
    box.style.blockSize = 'auto'
    box.style.blockSize = `${box.scrollHeight}px`
  }, [text, kind])

  return (
    <form
      class={`composer composer-${kind}`}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div class="composer-kinds" role="tablist" aria-label={t.composer.kinds}>
        {kinds.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`composer-${name}`}
            aria-selected={name === kind}
            aria-controls="composer-panel"
            tabIndex={name === kind ? 0 : -1}
            onClick={() => {
              choose(name)
              area.current?.focus()
            }}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
              const other = name === 'reply' ? 'note' : 'reply'
              choose(other)
              document.getElementById(`composer-${other}`)?.focus()
            }}
          >
            {t.composer[name]}
          </button>
        ))}
      </div>
      <div id="composer-panel" role="tabpanel" aria-labelledby={`composer-${kind}`}>
        {isBlocked && (
          <p class="composer-obstacle" id="composer-obstacle">
            {obstacle}
          </p>
        )}
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          aria-label={t.composer[kind]}
          placeholder={isBlocked ? '' : isReply ? t.composer.replyHint : t.composer.noteHint}
          aria-describedby={isBlocked ? 'composer-obstacle' : 'composer-count'}
          aria-invalid={left < 0}
          readOnly={isBlocked}
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
          onBlur={() => typing.stop()}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
            // 229: some browsers end a composition with an Enter that is not one.
            const isComposing = event.isComposing || event.keyCode === 229
            if (event.key !== 'Enter' || event.shiftKey || isComposing) return
            event.preventDefault()
            send()
          }}
        />
      </div>
      <div class="composer-foot">
        <span id="composer-count" class={left < 0 ? 'composer-count is-over' : 'composer-count'}>
          {left < 0
            ? t.composer.tooLong(-left)
            : text.length > countFrom
              ? t.composer.left(left)
              : ''}
        </span>
        <span class="hint composer-keys">{!isBlocked && t.composer.shiftEnter}</span>
        <button
          type="submit"
          class={`button ${isReply ? 'button-primary' : 'button-note'}`}
          disabled={!canSend}
        >
          {isReply ? t.composer.send : t.composer.addNote}
          <Icon name="enter" size="small" />
        </button>
      </div>
    </form>
  )
}
