import { useState } from 'preact/hooks'

import type { AgentItem, DepartmentItem } from '../../../shared/api/api.ts'
import { limits } from '../../../shared/protocol/limits.ts'
import { useApp, useWorkspace } from '../../components/context.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { SavedText } from '../../components/SavedText.tsx'
import { SaveMark, SaveProblem } from '../../components/SaveMark.tsx'
import { TextField } from '../../components/TextField.tsx'
import { useSave } from '../../components/use-save.ts'
import { t } from '../../strings/current.ts'

const words = t.settings.departments

/** Who answers what. */
export function Departments() {
  const { agents, departments } = useApp().settings.value
  const isAdmin = useWorkspace().inbox.me.value.role === 'admin'
  return (
    <>
      <h2 class="page-title">{t.settings.pages.departments}</h2>
      <p class="hint">{isAdmin ? words.hint : t.settings.onlyAdmins}</p>
      <Loaded resource={departments}>
        {(list) => (
          <Loaded resource={agents}>
            {(people) => (
              <>
                {list.map((department) => (
                  <Department
                    key={department.id}
                    department={department}
                    people={people}
                    mayChange={isAdmin}
                  />
                ))}
                {isAdmin && <AddDepartment />}
              </>
            )}
          </Loaded>
        )}
      </Loaded>
    </>
  )
}

interface DepartmentProps {
  department: DepartmentItem
  people: readonly AgentItem[]
  mayChange: boolean
}

function Department({ department, people, mayChange }: DepartmentProps) {
  const { settings } = useApp()
  const { state, save } = useSave()
  const { id, agentIds } = department
  const setMember = (agentId: string, isIn: boolean) => {
    const others = agentIds.filter((other) => other !== agentId)
    void save(() =>
      settings.value.updateDepartment(id, { agentIds: isIn ? [...others, agentId] : others }),
    )
  }
  return (
    <section class="card" aria-label={department.name}>
      <SavedText
        label={words.name}
        value={department.name}
        maxLength={limits.name}
        isDisabled={!mayChange}
        check={(name) => (name === '' ? t.settings.sites.needName : undefined)}
        save={(name) => settings.value.updateDepartment(id, { name })}
      />
      {department.isDefault && <p class="chip chip-start">{words.isDefault}</p>}
      <fieldset class="field" disabled={!mayChange}>
        <legend class="field-label">
          {words.members} <SaveMark state={state} />
        </legend>
        <div class="checks">
          {people
            .filter((agent) => !agent.isDisabled || agentIds.includes(agent.id))
            .map((agent) => (
              <label key={agent.id} class="check">
                <input
                  type="checkbox"
                  checked={agentIds.includes(agent.id)}
                  aria-label={words.memberOf(agent.name, department.name)}
                  onChange={(event) => setMember(agent.id, event.currentTarget.checked)}
                />
                <bdi>{agent.name}</bdi>
              </label>
            ))}
        </div>
        {agentIds.length === 0 && <p class="problem">{words.noMembers}</p>}
        <SaveProblem state={state} />
      </fieldset>
    </section>
  )
}

function AddDepartment() {
  const { settings } = useApp()
  const { save, isSaving, problem } = useSave()
  const [name, setName] = useState('')
  const submit = async () => {
    if (await save(() => settings.value.createDepartment(name.trim()))) setName('')
  }
  return (
    <section class="card">
      <h3>{words.add}</h3>
      <form
        class="line-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!isSaving && name.trim() !== '') void submit()
        }}
      >
        <TextField
          label={words.name}
          value={name}
          onInput={setName}
          maxLength={limits.name}
          problem={problem}
        />
        <button
          type="submit"
          class="button button-primary"
          disabled={isSaving || name.trim() === ''}
        >
          {words.create}
        </button>
      </form>
    </section>
  )
}
