// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'

import { dana, makeWelcome } from '../../../test/support/console-fixtures.ts'
import { openConsole } from '../../../test/support/console-screen.tsx'
import type { SettingsPage } from '../../routes.ts'
import { Settings } from './Settings.tsx'

afterEach(cleanup)

const department = {
  id: 'department-one',
  name: 'Support',
  isDefault: true,
  agentIds: [dana.id],
}
const agent = {
  ...dana,
  role: 'admin',
  isDisabled: false,
  isPresent: true,
  departmentIds: ['department-one'],
  createdAt: 1,
}
const juris = {
  ...agent,
  id: 'agent-juris',
  name: 'Juris',
  email: 'juris@example.com',
  role: 'agent',
}
const site = {
  id: 'site-one-1',
  key: 'key',
  name: 'Shop',
  origins: ['https://shop.example.com'],
  departmentId: 'department-one',
  settings: {},
  tag: '<script async src="https://chat.example.com/w/key.js"></script>',
  createdAt: 1,
}
const failure = (status: number, code: string) =>
  Response.json({ error: { code, message: 'No.' } }, { status })

async function setUp(
  page: SettingsPage,
  {
    answers = {},
    role = 'admin' as 'admin' | 'supervisor' | 'agent',
    id,
  }: {
    answers?: Record<string, () => Response>
    role?: 'admin' | 'supervisor' | 'agent'
    id?: string
  } = {},
) {
  const console = await openConsole({
    path: `/console/settings/${page}`,
    welcome: { me: { ...makeWelcome().me, role } },
    answers: {
      'GET /api/agents': () => Response.json({ agents: [agent, juris] }),
      'GET /api/departments': () => Response.json({ departments: [department] }),
      'GET /api/invitations': () => Response.json({ invitations: [] }),
      'GET /api/sites': () => Response.json({ sites: [site] }),
      'GET /api/sites/site-one-1/check': () => Response.json({ seen: null, refused: null }),
      'GET /api/sessions': () =>
        Response.json({
          sessions: [
            {
              id: 'one',
              isCurrent: true,
              createdAt: 1,
              seenAt: 1,
              browser: 'Firefox 150, Windows',
            },
            { id: 'two', isCurrent: false, createdAt: 1, seenAt: 1, browser: null },
          ],
        }),
      ...answers,
    },
  })
  console.show(<Settings page={page} id={id} />)
  await console.timers.settle()
  return console
}
type Asked = { call: string; body: unknown }[]
const bodyOf = (asked: Asked, call: string) => asked.find((one) => one.call === call)?.body

test('an agent sees their own account and nothing else', async () => {
  const { asked } = await setUp('people', { role: 'agent' })
  const pages = within(screen.getByRole('navigation', { name: 'Settings' })).getAllByRole('link')
  expect(pages.map((link) => link.textContent)).toEqual(['Account'])
  expect(screen.getByText('This page is for admins and supervisors.')).toBeTruthy()
  expect(asked.some(({ call }) => call === 'GET /api/agents')).toBe(false)
})

test('a supervisor sees who is there and changes nobody', async () => {
  await setUp('people', { role: 'supervisor' })
  const role = await screen.findByLabelText<HTMLSelectElement>('Role of Juris')
  expect(role.disabled).toBe(true)
  expect(screen.queryByRole('button', { name: /Disable/ })).toBeNull()
  expect(screen.queryByText('Invite somebody')).toBeNull()
})

test('a change is saved at once and says so', async () => {
  const { asked } = await setUp('people', {
    answers: { 'PATCH /api/agents/agent-juris': () => Response.json({ ...juris, capacity: 7 }) },
  })
  fireEvent.change(await screen.findByLabelText('Chats at once of Juris'), {
    target: { value: '7' },
  })
  expect(await screen.findByText('Saved')).toBeTruthy()
  expect(bodyOf(asked, 'PATCH /api/agents/agent-juris')).toEqual({ capacity: 7 })
})

test('the last admin stays one, the reason stands beside them, and the field shows what is true', async () => {
  await setUp('people', {
    answers: { [`PATCH /api/agents/${dana.id}`]: () => failure(409, 'last-admin') },
  })
  const role = await screen.findByLabelText<HTMLSelectElement>(`Role of ${dana.name}`)
  fireEvent.change(role, { target: { value: 'agent' } })
  expect(await screen.findByText(/There has to be one admin/)).toBeTruthy()
  expect(role.value).toBe('admin')
})

test('somebody is disabled only after being asked once', async () => {
  const { asked } = await setUp('people', {
    answers: {
      'PATCH /api/agents/agent-juris': () => Response.json({ ...juris, isDisabled: true }),
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Disable Juris' }))
  const ask = await screen.findByRole('alertdialog')
  expect(asked.some(({ call }) => call.startsWith('PATCH'))).toBe(false)
  fireEvent.click(within(ask).getByRole('button', { name: 'Disable' }))
  expect(await screen.findByText('Disabled')).toBeTruthy()
  expect(bodyOf(asked, 'PATCH /api/agents/agent-juris')).toEqual({ isDisabled: true })
})

test('an invitation shows its link once and stands among the open ones', async () => {
  const invitation = {
    id: 'invitation-1',
    email: null,
    role: 'supervisor',
    createdAt: 1,
    expiresAt: 2,
  }
  const { asked } = await setUp('people', {
    answers: {
      'POST /api/invitations': () =>
        Response.json({ invitation, link: 'https://chat.example.com/console/invitation#abc' }),
      'DELETE /api/invitations/invitation-1': () => Response.json({}),
    },
  })
  fireEvent.click(await screen.findByLabelText('Supervisor'))
  fireEvent.click(screen.getByRole('button', { name: 'Create link' }))
  expect(await screen.findByText('https://chat.example.com/console/invitation#abc')).toBeTruthy()
  expect(bodyOf(asked, 'POST /api/invitations')).toEqual({ role: 'supervisor' })
  fireEvent.click(screen.getByRole('button', { name: /Withdraw/ }))
  await waitFor(() => expect(screen.queryByText('Open invitations')).toBeNull())
})

test('a department’s members are changed one by one', async () => {
  const { asked } = await setUp('departments', {
    answers: {
      'PATCH /api/departments/department-one': () =>
        Response.json({ ...department, agentIds: [dana.id, juris.id] }),
    },
  })
  fireEvent.click(await screen.findByLabelText('Juris in Support'))
  expect(await screen.findByText('Saved')).toBeTruthy()
  expect(bodyOf(asked, 'PATCH /api/departments/department-one')).toEqual({
    agentIds: [dana.id, juris.id],
  })
})

test('a wrong origin is named before it is sent, and what was typed stays', async () => {
  const { asked } = await setUp('sites', { id: 'site-one-1' })
  const field = await screen.findByLabelText<HTMLTextAreaElement>('Allowed origins')
  fireEvent.input(field, { target: { value: 'https://ok.example\nno good' } })
  fireEvent.blur(field)
  expect(await screen.findByText(/“no good” is not an origin/)).toBeTruthy()
  expect(field.value).toContain('no good')
  expect(asked.some(({ call }) => call.startsWith('PATCH'))).toBe(false)
})

test('the widget’s look is saved one choice at a time', async () => {
  const { asked } = await setUp('sites', {
    id: 'site-one-1',
    answers: {
      'PATCH /api/sites/site-one-1': () => Response.json({ ...site, settings: { side: 'start' } }),
    },
  })
  fireEvent.click(await screen.findByLabelText('Start'))
  expect(await screen.findByText('Saved')).toBeTruthy()
  expect(bodyOf(asked, 'PATCH /api/sites/site-one-1')).toEqual({ settings: { side: 'start' } })
})

test('one’s other sessions can be ended, this one is named', async () => {
  const { asked } = await setUp('account', {
    answers: { 'DELETE /api/sessions/two': () => Response.json({}) },
  })
  expect(await screen.findByText(/This browser ·/)).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'End the session in Unknown browser' }))
  await waitFor(() => expect(screen.queryByText('Unknown browser')).toBeNull())
  expect(asked.some(({ call }) => call === 'DELETE /api/sessions/two')).toBe(true)
})

test('what could not be loaded says so and can be tried again', async () => {
  let tries = 0
  await setUp('sites', {
    answers: {
      'GET /api/sites': () =>
        ++tries === 1 ? failure(503, 'unavailable') : Response.json({ sites: [site] }),
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('link', { name: /Shop/ })).toBeTruthy()
})
