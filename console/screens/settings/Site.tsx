import type { SiteItem } from '../../../shared/api/api.ts'
import { limits } from '../../../shared/protocol/limits.ts'
import { useApp, useWorkspace } from '../../components/context.ts'
import { Icon } from '../../components/Icon.tsx'
import { Link } from '../../components/Link.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { SavedText } from '../../components/SavedText.tsx'
import { SaveMark, SaveProblem } from '../../components/SaveMark.tsx'
import { Select } from '../../components/Select.tsx'
import { toOriginProblem } from '../../components/SiteForm.tsx'
import { TagCheck } from '../../components/TagCheck.tsx'
import { useSave } from '../../components/use-save.ts'
import { parseOrigins } from '../../models/origins.ts'
import { t } from '../../strings/current.ts'
import { SiteAppearance } from './SiteAppearance.tsx'

const words = t.settings.sites

/** One site: where it lives, who answers, how its widget looks, and its tag. */
export function Site({ id }: { id: string }) {
  const { sites } = useApp().settings.value
  const isAdmin = useWorkspace().inbox.me.value.role === 'admin'
  return (
    <>
      <Link class="back-link" to={{ screen: 'settings', page: 'sites' }}>
        <Icon name="back" size="small" />
        {words.toSettings}
      </Link>
      <Loaded resource={sites}>
        {(list) => {
          const site = list.find((one) => one.id === id)
          return site ? <Parts site={site} mayChange={isAdmin} /> : <p>{t.failure['not-found']}</p>
        }}
      </Loaded>
    </>
  )
}

function Parts({ site, mayChange }: { site: SiteItem; mayChange: boolean }) {
  const { settings } = useApp()
  const { updateSite } = settings.value
  return (
    <>
      <h2 class="page-title">
        <bdi>{site.name}</bdi>
      </h2>
      {!mayChange && <p class="hint">{t.settings.onlyAdmins}</p>}
      <section class="card">
        <h3>{words.tag}</h3>
        <p class="hint">{words.tagHint}</p>
        <TagCheck site={site} />
      </section>
      <section class="card">
        <SavedText
          label={words.name}
          value={site.name}
          maxLength={limits.name}
          isDisabled={!mayChange}
          check={(name) => (name === '' ? words.needName : undefined)}
          save={(name) => updateSite(site.id, { name })}
        />
        <SavedText
          label={words.origins}
          hint={words.originsHint}
          value={site.origins.join('\n')}
          lines={Math.max(2, site.origins.length)}
          maxLength={16_000}
          isDisabled={!mayChange}
          check={(text) => {
            const parsed = parseOrigins(text)
            return parsed.ok ? undefined : toOriginProblem(parsed.wrong)
          }}
          save={async (text) => {
            const parsed = parseOrigins(text)
            if (parsed.ok) await updateSite(site.id, { origins: parsed.origins })
          }}
        />
        <SiteDepartment site={site} mayChange={mayChange} />
      </section>
      <SiteAppearance site={site} mayChange={mayChange} />
    </>
  )
}

function SiteDepartment({ site, mayChange }: { site: SiteItem; mayChange: boolean }) {
  const { settings } = useApp()
  const { state, save } = useSave()
  return (
    <Loaded resource={settings.value.departments}>
      {(departments) => (
        <div class="saved-field">
          <Select
            label={words.department}
            mark={<SaveMark state={state} />}
            hint={words.departmentHint}
            value={site.departmentId}
            isDisabled={!mayChange}
            options={departments.map(({ id, name }) => ({ value: id, label: name }))}
            onChoose={(departmentId) =>
              void save(() => settings.value.updateSite(site.id, { departmentId }))
            }
          />
          <SaveProblem state={state} />
        </div>
      )}
    </Loaded>
  )
}
