import { useState } from 'preact/hooks'

import type { Contact } from '../models/contact.ts'
import type { Strings } from '../strings/en.ts'

interface EmailFormProps {
  contact: Contact
  /** The server has an address from earlier. */
  hasEmail: boolean
  t: Strings
}

/** Nobody is here: asks where to send the answer, and says what was understood. */
export function EmailForm({ contact, hasEmail, t }: EmailFormProps) {
  const [isEditing, setEditing] = useState(false)
  const [isWrong, setWrong] = useState(false)
  const email = contact.email.value
  const isBad = isWrong || contact.isRefused.value

  if (!isEditing && !isBad && (email || hasEmail)) {
    return (
      <div class="card ask">
        <p>
          {email ? (
            <>
              {t.answerGoesTo}
              <bdi>{email}</bdi>.
            </>
          ) : (
            t.answerGoesToYourEmail
          )}{' '}
          <button type="button" class="link" onClick={() => setEditing(true)}>
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
        const isTaken = contact.set(String(new FormData(event.currentTarget).get('email')))
        setWrong(!isTaken)
        setEditing(!isTaken)
      }}
    >
      <p id="ask">{t.nobodyHere}</p>
      <div class="field">
        <input
          type="email"
          name="email"
          autocomplete="email"
          inputMode="email"
          dir="ltr"
          maxLength={254}
          defaultValue={email}
          placeholder={t.email}
          aria-label={t.email}
          aria-invalid={isBad}
          aria-describedby={isBad ? 'wrong' : 'ask'}
        />
        <button class="solid">{t.saveEmail}</button>
      </div>
      {isBad && (
        <p id="wrong" class="bad" role="alert">
          {t.wrongEmail}
        </p>
      )}
    </form>
  )
}
