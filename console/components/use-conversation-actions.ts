import type { RequestFailure } from '../../shared/connection/types.ts'
import { t } from '../strings/current.ts'
import { useApp, useWorkspace } from './context.ts'
import { toFailureText } from './failure-text.ts'
import { focusComposer } from './focus.ts'

/** Close, reopen and take a conversation, with a word about how it went. None of them rejects. */
export function useConversationActions() {
  const { notices, router } = useApp()
  const workspace = useWorkspace()
  const complain = (error: unknown) => {
    const { code, holder } = error as Partial<RequestFailure>
    const isTaken = code === 'already-claimed' && holder
    notices.say({
      kind: 'problem',
      text: isTaken ? t.conversation.taken(holder) : toFailureText(error),
    })
  }

  const reopen = (id: string) =>
    workspace.reopen(id).then(() => {
      if (router.route.peek().screen === 'inbox') focusComposer()
    }, complain)

  return {
    reopen,
    close: (id: string) =>
      workspace.close(id).then(
        () =>
          notices.say({
            kind: 'done',
            text: t.conversation.closed,
            action: { label: t.conversation.undo, run: () => void reopen(id) },
          }),
        complain,
      ),
    claim: (id: string) =>
      workspace.claim(id).then(() => {
        router.go({ screen: 'inbox', view: 'mine', conversationId: id })
        focusComposer()
      }, complain),
  }
}
