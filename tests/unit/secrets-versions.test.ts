// Secrets Manager user guide, "Quotas": versions without label go when there are more than 100, but none that is
// younger than 24 hours.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Background } from './background.ts'

const noon = Date.UTC(2027, 4, 3, 12)
const hourMs = 3_600_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: noon })
})
afterEach(() => {
  vi.useRealTimers()
})

test('every version of a day is there to be read, 200 at the most; the next day they go', async () => {
  const vault = await Background.withVault()
  const SecretId = 'often'
  await vault.call('secretsmanager:CreateSecret', { Name: SecretId })
  const put = (i: number) => ({ SecretId, SecretString: `value ${i}` })
  const made: string[] = []
  for (let i = 0; i < 200; i++) {
    made.push((await vault.call('secretsmanager:PutSecretValue', put(i))).VersionId)
  }
  expect(await vault.refusal('secretsmanager:PutSecretValue', put(200))).toBe('secret-limit')
  await vault.restart()
  const read = async (i: number) => {
    const VersionId = made[i] ?? ''
    return (await vault.call('secretsmanager:GetSecretValue', { SecretId, VersionId })).SecretString
  }
  for (const i of [0, 99, 199]) expect(await read(i)).toBe(`value ${i}`)
  expect(await vault.db.count('secretVersions')).toBe(200)
  vi.setSystemTime(noon + 25 * hourMs)
  await vault.call('secretsmanager:PutSecretValue', put(200))
  expect(await vault.db.count('secretVersions')).toBe(100)
  expect(await read(101)).toBe('value 101')
  await expect(read(100)).rejects.toMatchObject({ reason: 'secret-not-found' })
})
