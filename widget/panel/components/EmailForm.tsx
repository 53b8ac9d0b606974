import type { Contact } from '../models/contact.ts'
import type { ChatStrings } from '../strings/chat.en.ts'

interface EmailFormProps {
  contact: Contact
  /** The server has an address from earlier. */
  hasEmail: boolean
  t: ChatStrings
}

/** Nobody is here: asks where to send the answer, and says what was understood. */
export function EmailForm({ contact, hasEmail, t }: EmailFormProps) {
  const email = contact.email.value
  const isWrong = contact.isWrong.value

  if (!contact.isEditing.value && !isWrong && (email || hasEmail)) {
    return (
      <div class="card ask">
        <p>
          {t.answerGoesTo}
          <bdi>{email || t.yourEmail}</bdi>.{' '}
          <button type="button" class="link" onClick={() => (contact.isEditing.value = true)}>
            {t.changeEmail}
          </button>
        </p>
      </div>
    )
  }
  return (
    <form
      class="card ask"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const field = event.currentTarget.querySelector('input')
        field?.focus()
        contact.set(field?.value ?? '')
      }}
    >
      <p id="ask">{t.nobodyHere}</p>
      <div class="field">
        <input
          type="email"
          autocomplete="email"
          inputMode="email"
          dir="ltr"
          defaultValue={email}
          placeholder={t.email}
          aria-label={t.email}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? 'wrong' : 'ask'}
        />
        <button class="solid">{t.saveEmail}</button>
      </div>
      {isWrong && (
        <p id="wrong" class="bad" role="alert">
          {t.wrongEmail}
        </p>
      )}
    </form>
  )
}
