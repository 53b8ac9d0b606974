import { useApp, useWorkspace } from '../../components/context.ts'
import { Link } from '../../components/Link.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { SiteForm } from '../../components/SiteForm.tsx'
import { t } from '../../strings/current.ts'

const words = t.settings.sites

/** The sites, and a way to add one. */
export function Sites() {
  const { router, settings } = useApp()
  const isAdmin = useWorkspace().inbox.me.value.role === 'admin'
  return (
    <>
      <h2 class="page-title">{t.settings.pages.sites}</h2>
      <p class="hint">{isAdmin ? words.hint : t.settings.onlyAdmins}</p>
      <Loaded resource={settings.value.sites}>
        {(sites) =>
          sites.length === 0 ? (
            <section class="card">
              <h3>{words.none}</h3>
              <p class="hint">{words.noneHint}</p>
            </section>
          ) : (
            <ul class="things card" role="list">
              {sites.map((site) => (
                <li key={site.id}>
                  <Link
                    class="thing thing-link"
                    to={{ screen: 'settings', page: 'sites', id: site.id }}
                  >
                    <span
                      class="swatch"
                      style={{ '--swatch': site.settings.accent }}
                      aria-hidden="true"
                    />
                    <span class="thing-words">
                      <strong>
                        <bdi>{site.name}</bdi>
                      </strong>
                      <span class="hint">{site.origins.join(', ')}</span>
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {isAdmin && (
        <section class="card">
          <h3>{words.add}</h3>
          <SiteForm
            submit={words.create}
            onMade={({ id }) => router.go({ screen: 'settings', page: 'sites', id })}
          />
        </section>
      )}
    </>
  )
}
