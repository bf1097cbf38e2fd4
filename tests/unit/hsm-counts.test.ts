// Counts of what comes often are written once a second, and read as if each were written at once.

import { beforeEach, expect, test } from 'vitest'
import { Background, page } from './background.ts'

const site = page('https://app.example')
let background: Background

beforeEach(async () => {
  background = await Background.withVault()
  const request = await background.requests.add(site, 'connect', ['messages'], Date.now())
  const decision = { RequestId: request.RequestId, Decision: 'site' } as const
  await background.call('keyhearth:DecideRequest', decision, { kind: 'person', page: 'consent' })
})

const use = () =>
  background.call('keyhearth:EncryptMessage', { Plaintext: new Uint8Array(3) }, site)
const uses = async () =>
  (await background.call('keyhearth:GetSite', { Origin: site.origin })).Site?.Uses
const row = async () => {
  const rows = await background.db.getAll('usage')
  return rows.find(({ group }) => group === undefined)
}

test('the first use of a site is written with it, those right behind soon after', async () => {
  await use()
  const first = await row()
  await use()
  await use()
  expect(await uses()).toBe(3)
  expect(await row()).toEqual(first)
  await expect.poll(row, { timeout: 5000 }).not.toEqual(first)
  await background.restart()
  expect(await uses()).toBe(3)
})

test('a worker killed before that loses what was not written, and no more', async () => {
  await use()
  await use()
  await background.restart()
  expect(await uses()).toBe(1)
})

test('locking writes all of them', async () => {
  await use()
  await use()
  await background.call('keyhearth:Lock', {})
  const written = await row()
  await new Promise((resolve) => setTimeout(resolve, 1200))
  expect(await row()).toEqual(written)
  await background.call('keyhearth:Unlock', { Passphrase: 'correct horse battery staple' })
  expect(await uses()).toBe(2)
})
