import { t } from '../../strings/current.ts'

const words = t.settings.setup
const names = [words.account, words.site, words.tag]

/** Where in the set-up one is. */
export function Steps({ at }: { at: number }) {
  return (
    <ol class="steps" aria-label={words.step(at, names.length)}>
      {names.map((name, index) => (
        <li
          key={name}
          class={index + 1 <= at ? 'is-reached' : ''}
          aria-current={index + 1 === at ? 'step' : undefined}
        >
          <span class="visually-hidden">{name}</span>
        </li>
      ))}
    </ol>
  )
}
