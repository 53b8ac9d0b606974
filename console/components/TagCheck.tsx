import { useSignal } from '@preact/signals'
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'

import type { SiteItem } from '../../shared/api/api.ts'
import { createSiteCheck } from '../models/site-check.ts'
import { t } from '../strings/current.ts'
import { toHost } from '../text/names.ts'
import { toAgo } from '../text/time.ts'
import { useApp } from './context.ts'
import { CopyBox } from './CopyBox.tsx'
import { Icon } from './Icon.tsx'
import { SaveProblem } from './SaveMark.tsx'
import { useSave } from './use-save.ts'

const words = t.settings.sites

/** The tag, and whether it answers: live, while one pastes it. */
export function TagCheck({ site }: { site: SiteItem }) {
  const { settings, timers } = useApp()
  const model = useMemo(
    () => createSiteCheck(() => settings.peek().checkSite(site.id), timers),
    [site.id],
  )
  useEffect(() => () => model.stop(), [model])
  const { save, state, isSaving } = useSave()
  const [asked, setAsked] = useState<string>()
  // Counts on between two answers.
  const now = useSignal(timers.now())
  useEffect(() => {
    let cancel = () => {}
    const tick = () => {
      now.value = timers.now()
      cancel = timers.after(1000, tick)
    }
    tick()
    return () => cancel()
  }, [])

  const known = model.state.value
  const check = known.kind === 'known' ? known.check : undefined
  const refused = check?.refused
  const isRefusedNow =
    refused && !site.origins.includes(refused.origin) && refused.at > (check.seen?.at ?? 0)
  // Asked about this very one: another that comes meanwhile is asked about anew.
  const isAsking = asked !== undefined && asked === refused?.origin
  const allow = (origin: string) =>
    save(() => settings.value.updateSite(site.id, { origins: [...site.origins, origin] }))

  return (
    <div class="tag-check">
      <CopyBox label={words.tag} text={site.tag} />
      <div role="status">
        {known.kind === 'failed' && <p class="hint">{words.checkFailed}</p>}
        {check?.seen ? (
          <p class="check-line is-good">
            <Icon name="check" size="small" />
            <span>
              {words.seen(toHost(check.seen.origin), '')}
              <span aria-hidden="true">{toAgo(check.seen.at, now.value)}</span>
            </span>
          </p>
        ) : (
          known.kind !== 'failed' && (
            <p class="check-line is-waiting">
              <span class="pulse" aria-hidden="true" />
              {words.notSeen}
            </p>
          )
        )}
        {isRefusedNow && (
          <p class="check-line is-refused">
            <Icon name="alert" size="small" />
            <span>{words.refused(refused.origin)}</span>
            {!isAsking && (
              <button type="button" class="button" onClick={() => setAsked(refused.origin)}>
                {words.allow}
              </button>
            )}
          </p>
        )}
      </div>
      {isRefusedNow && isAsking && (
        <AllowOrigin
          origin={refused.origin}
          isSaving={isSaving}
          onAllow={() => void allow(refused.origin)}
          onCancel={() => setAsked(undefined)}
        />
      )}
      <SaveProblem state={state} />
    </div>
  )
}

interface AllowOriginProps {
  origin: string
  isSaving: boolean
  onAllow(): void
  onCancel(): void
}

/** Asks once, with the whole origin: where a page claims to be is a claim that anybody can make. */
function AllowOrigin({ origin, isSaving, onAllow, onCancel }: AllowOriginProps) {
  const id = useId()
  const cancel = useRef<HTMLButtonElement>(null)
  useEffect(() => cancel.current?.focus(), [])
  return (
    <div class="allow-origin" role="group" aria-labelledby={id}>
      <p id={id}>
        <b>{words.allowQuestion(origin)}</b> {words.allowWarning}
      </p>
      <button type="button" class="button" ref={cancel} onClick={onCancel}>
        {t.cancel}
      </button>
      <button type="button" class="button button-primary" disabled={isSaving} onClick={onAllow}>
        {words.allowNow}
      </button>
    </div>
  )
}
