import { useSignal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'

import type { Panel } from '../models/panel.ts'
import type { Strings } from '../strings/en.ts'

/** Says aloud, to those who listen, what others see: new words, the place in the queue, a lost link. */
export function Announcer({ panel, t }: { panel: Panel; t: Strings }) {
  const words = useSignal('')
  const said = useRef<{ id?: string; seq: number; place?: number | null }>({ seq: 0 })

  useSignalEffect(() => {
    const conversation = panel.conversation.value
    if (!conversation?.isLoaded.value) return
    const last = conversation.fromAgents.value.at(-1)
    const place = conversation.summary.value?.place ?? null
    const { id, seq, place: lastPlace } = said.current
    said.current = { id: conversation.id, seq: last?.seq ?? 0, place }
    // The history that was loaded is not news.
    if (id !== conversation.id) return
    if (last && last.seq > seq) words.value = `${last.author.name ?? t.somebody}: ${last.text}`
    else if (place && place !== lastPlace) words.value = t.place(place)
  })
  useSignalEffect(() => {
    if (panel.hasLinkNotice.value) words.value = t.reconnecting
  })

  return (
    <div role="status" class="unseen">
      {words}
    </div>
  )
}
