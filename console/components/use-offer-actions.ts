import type { Offer } from '../models/offers.ts'
import { useApp, useWorkspace } from './context.ts'
import { toFailureText } from './failure-text.ts'
import { focusComposer } from './focus.ts'

/** Accepting opens the conversation, ready to answer; declining only makes it quiet. */
export function useOfferActions() {
  const { notices, router } = useApp()
  const { offers } = useWorkspace()
  const complain = (error: unknown) => notices.say({ kind: 'problem', text: toFailureText(error) })
  return {
    accept(offer: Offer) {
      offers.accept(offer.id).then(() => {
        router.go({ screen: 'inbox', view: 'mine', conversationId: offer.row.id })
        focusComposer()
      }, complain)
    },
    decline(offer: Offer, reason?: string) {
      offers.decline(offer.id, reason).catch(complain)
    },
  }
}
