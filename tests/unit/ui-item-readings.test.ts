// Who read a secret, over a real trail: nobody is said to be nobody because the trail is long.

import { expect, test } from 'vitest'
import { blankItem } from '../../src/items/item.ts'
import type { WrittenItem } from '../../src/protocol/secretsOutputs.ts'
import { noReadings, olderReadings } from '../../src/ui/itemReadings.ts'
import { Background, passphrase } from './background.ts'

const note = (title: string): WrittenItem =>
  ({ ...blankItem('note'), title, notes: title }) as unknown as WrittenItem

const seconds = () => Date.now() / 1000

async function readings(vault: Background, secretId: string, createdAt: number) {
  const ask = (input: object) => vault.call('keyhearth:ListEvents', input)
  return olderReadings(ask, { secretId, createdAt }, noReadings)
}

test('a reading that more than 4,000 events came after is found', async () => {
  const vault = await Background.withVault()
  const { SecretId } = await vault.call('keyhearth:PutItem', { Item: note('read once') })
  const { CreatedAt } = await vault.call('keyhearth:GetItem', { SecretId })
  for (let i = 0; i < 4010; i++) await vault.refusal('keyhearth:GetItem', { SecretId: 'none' })
  const first = await vault.call('keyhearth:ListEvents', { ResourceArn: SecretId, Limit: 200 })
  expect(first.Events).toEqual([])
  const { events, before } = await readings(vault, SecretId, CreatedAt)
  expect(events.map(({ eventName }) => eventName)).toEqual(['GetItem'])
  expect(before).toBeUndefined()
}, 60_000)

test('an export of everything is one of every secret there was, in its place among the others', async () => {
  const vault = await Background.withVault()
  const Proof = { Passphrase: passphrase }
  await vault.call('keyhearth:ExportItems', { Proof })
  await new Promise((resolve) => setTimeout(resolve, 5))
  const created = seconds()
  const { SecretId } = await vault.call('keyhearth:PutItem', { Item: note('mine') })
  await vault.call('keyhearth:GetItem', { SecretId })
  expect(await vault.refusal('keyhearth:ExportItems', {})).toBe('passphrase-needed')
  await vault.call('keyhearth:ExportItems', { Proof })
  await vault.call('keyhearth:GetItem', { SecretId })
  const { events } = await readings(vault, SecretId, created)
  expect(events.map(({ eventName }) => eventName)).toEqual(['GetItem', 'ExportItems', 'GetItem'])
})
