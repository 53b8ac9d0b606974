import { useState } from 'preact/hooks'

import type { AgentItem, DepartmentItem, InvitationItem } from '../../../shared/api/api.ts'
import { roles, type Role } from '../../../shared/protocol/conversation.ts'
import { Avatar } from '../../components/Avatar.tsx'
import { useApp, useWorkspace } from '../../components/context.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { SaveMark, SaveProblem } from '../../components/SaveMark.tsx'
import { Select } from '../../components/Select.tsx'
import { useSave } from '../../components/use-save.ts'
import { t } from '../../strings/current.ts'
import { toHue } from '../../text/names.ts'
import { toShortDate } from '../../text/time.ts'
import { Invite } from './Invite.tsx'

const words = t.settings.people
const roleOptions = roles.map((value) => ({ value, label: t.settings.roles[value] }))
const capacities = Array.from({ length: 50 }, (_, index) => {
  const count = index + 1
  return { value: String(count), label: words.capacity(count) }
})

/** Who works here, as what, and how much at once; and who is invited. */
export function People() {
  const { agents, departments, invitations } = useApp().settings.value
  const isAdmin = useWorkspace().inbox.me.value.role === 'admin'
  return (
    <>
      <h2 class="page-title">{t.settings.pages.people}</h2>
      {!isAdmin && <p class="hint">{t.settings.onlyAdmins}</p>}
      <section class="card">
        <Loaded resource={departments}>
          {(groups) => (
            <Loaded resource={agents}>
              {(people) => (
                <ul class="things" role="list" aria-label={words.list}>
                  {people.map((agent) => (
                    <Person key={agent.id} agent={agent} departments={groups} mayChange={isAdmin} />
                  ))}
                </ul>
              )}
            </Loaded>
          )}
        </Loaded>
      </section>
      {isAdmin && (
        <>
          <section class="card">
            <h3>{words.invite}</h3>
            <Invite />
          </section>
          <Loaded resource={invitations}>
            {(list) =>
              list.length > 0 && (
                <section class="card">
                  <h3>{words.pending}</h3>
                  <ul class="things" role="list">
                    {list.map((invitation) => (
                      <Invitation key={invitation.id} invitation={invitation} />
                    ))}
                  </ul>
                </section>
              )
            }
          </Loaded>
        </>
      )}
    </>
  )
}

interface PersonProps {
  agent: AgentItem
  departments: readonly DepartmentItem[]
  mayChange: boolean
}

function Person({ agent, departments, mayChange }: PersonProps) {
  const { settings } = useApp()
  const myId = useWorkspace().inbox.me.value.id
  const { state, save, isSaving } = useSave()
  const { updateAgent } = settings.value
  const isMe = agent.id === myId
  const names = departments
    .filter(({ id }) => agent.departmentIds.includes(id))
    .map(({ name }) => name)
  const [isAsking, setAsking] = useState(false)
  const setDisabled = (isDisabled: boolean) => {
    setAsking(false)
    void save(() => updateAgent(agent.id, { isDisabled }))
  }

  return (
    <li class={agent.isDisabled ? 'thing person is-disabled' : 'thing person'}>
      <Avatar
        name={agent.name}
        hue={toHue(agent.id)}
        presence={agent.isPresent && !agent.isDisabled ? 'online' : undefined}
      />
      <div class="thing-words">
        <strong>
          <bdi>{agent.name}</bdi>
          {isMe && <span class="chip">{words.itIsYou}</span>}
          {agent.isDisabled && <span class="chip chip-bad">{words.disabled}</span>}
          {agent.isPresent && <span class="visually-hidden">, {words.isHere}</span>}
        </strong>
        <span class="hint">
          <bdi>{agent.email}</bdi> · {names.join(', ') || words.noDepartment}
        </span>
        <SaveProblem state={state} />
      </div>
      <div class="person-controls">
        <SaveMark state={state} />
        <Select
          label={words.roleOf(agent.name)}
          isLabelHidden
          value={agent.role}
          options={roleOptions}
          isDisabled={!mayChange || isSaving}
          onChoose={(role) => void save(() => updateAgent(agent.id, { role: role as Role }))}
        />
        <Select
          label={words.capacityOf(agent.name)}
          isLabelHidden
          value={String(agent.capacity)}
          options={capacities}
          isDisabled={!mayChange || isSaving}
          onChoose={(value) => void save(() => updateAgent(agent.id, { capacity: Number(value) }))}
        />
        {mayChange && !isMe && (
          <button
            type="button"
            class="button"
            disabled={isSaving}
            aria-label={
              agent.isDisabled ? words.enableLabel(agent.name) : words.disableLabel(agent.name)
            }
            onClick={() => (agent.isDisabled ? setDisabled(false) : setAsking(true))}
          >
            {agent.isDisabled ? words.enable : words.disable}
          </button>
        )}
      </div>
      {isAsking && (
        <div class="ask" role="alertdialog" aria-label={words.disableLabel(agent.name)}>
          <p>{words.sureDisable(agent.name)}</p>
          <button
            type="button"
            class="button"
            ref={(button) => button?.focus()}
            onClick={() => setAsking(false)}
          >
            {t.cancel}
          </button>
          <button type="button" class="button button-danger" onClick={() => setDisabled(true)}>
            {words.disable}
          </button>
        </div>
      )}
    </li>
  )
}

function Invitation({ invitation }: { invitation: InvitationItem }) {
  const { settings } = useApp()
  const { clock } = useWorkspace()
  const { state, save, isSaving } = useSave()
  const who = invitation.email ?? words.anyone
  return (
    <li class="thing">
      <div class="thing-words">
        <strong>
          <bdi>{who}</bdi>
        </strong>
        <span class="hint">
          {t.settings.roles[invitation.role]} ·{' '}
          {words.until(toShortDate(invitation.expiresAt, clock.read()))}
        </span>
        <SaveProblem state={state} />
      </div>
      <button
        type="button"
        class="button"
        disabled={isSaving}
        aria-label={words.withdrawLabel(who)}
        onClick={() => void save(() => settings.value.withdrawInvitation(invitation.id))}
      >
        {words.withdraw}
      </button>
    </li>
  )
}
