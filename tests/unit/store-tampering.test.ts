// Design section 2: a record moved, swapped or rolled back in the database is refused; nothing but ids
// and ciphertext is readable.

import { describe, expect, test } from 'vitest'
import { allStores } from '../../src/store/schema.ts'
import { Background, consent, page, passphrase } from './background.ts'

async function twoSecrets(): Promise<Background> {
  const vault = await Background.withVault()
  await vault.call('secretsmanager:CreateSecret', { Name: 'first', SecretString: 'one' })
  await vault.call('secretsmanager:CreateSecret', { Name: 'second', SecretString: 'two' })
  return vault
}

const readFirst = (vault: Background) =>
  vault.refusal('secretsmanager:GetSecretValue', { SecretId: 'first' })

describe('a row of the database', () => {
  test.each(['secretBlocks', 'secretVersions', 'keys', 'materials', 'aliases'] as const)(
    'of %s with one bit changed is refused',
    async (store) => {
      const vault = await twoSecrets()
      for (const row of await vault.db.getAll(store)) {
        const sealed = row.sealed.slice()
        sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
        await vault.db.put(store, { ...row, sealed })
      }
      await vault.restart()
      const seen = [
        await readFirst(vault),
        await vault.refusal('kms:DescribeKey', { KeyId: 'alias/personal' }),
      ]
      expect(seen).toContain('record-damaged')
    },
  )

  test.each(['secretBlocks', 'secretVersions'] as const)(
    'of %s put in the place of another is refused',
    async (store) => {
      const vault = await twoSecrets()
      const rows = await vault.db.getAll(store)
      for (const [i, row] of rows.entries()) {
        const other = rows[(i + 1) % rows.length]
        if (other) await vault.db.put(store, { ...other, id: row.id })
      }
      await vault.restart()
      expect(await readFirst(vault)).toBe('record-damaged')
    },
  )

  test('set back to an older one is refused', async () => {
    const vault = await twoSecrets()
    const before = await vault.db.getAll('secretBlocks')
    await vault.call('secretsmanager:UpdateSecret', { SecretId: 'first', SecretString: 'new' })
    for (const row of before) await vault.db.put('secretBlocks', row)
    await vault.restart()
    expect(await readFirst(vault)).toBe('record-damaged')
  })

  test('and its leaf of the manifest, set back together, are refused', async () => {
    const vault = await twoSecrets()
    const rows = await vault.db.getAll('secretBlocks')
    const manifest = (await vault.db.getAll('vault')).filter(({ id }) => id.startsWith('leaf-'))
    await vault.call('secretsmanager:UpdateSecret', { SecretId: 'first', SecretString: 'new' })
    for (const row of rows) await vault.db.put('secretBlocks', row)
    for (const row of manifest) await vault.db.put('vault', row)
    await vault.restart()
    expect(await readFirst(vault)).toBe('record-damaged')
  })

  test('that is taken away is missed', async () => {
    const vault = await twoSecrets()
    await vault.db.clear('secretVersions')
    await vault.restart()
    expect(await readFirst(vault)).toBe('record-damaged')
  })

  test('damaged in one secret leaves the other readable', async () => {
    const vault = await twoSecrets()
    const [row] = await vault.db.getAll('secretVersions')
    if (row) await vault.db.put('secretVersions', { ...row, sealed: row.sealed.slice(1) })
    await vault.restart()
    const results = await Promise.all([
      readFirst(vault),
      vault.refusal('secretsmanager:GetSecretValue', { SecretId: 'second' }),
    ])
    expect(results.sort()).toEqual(['none', 'record-damaged'])
  })
})

test('no store holds a name, origin, value or passphrase in clear', async () => {
  const vault = await twoSecrets()
  await vault.call('keyhearth:PutDraft', { Form: 'text', Value: 'half-typed thought' })
  await vault.requests.add(page('https://clinic.example'), 'connect', ['messages'], Date.now())
  const [request] = vault.requests.all
  // The script injection this sets off has no browser here; the commit has happened by then.
  await vault
    .call(
      'keyhearth:DecideRequest',
      { RequestId: request?.RequestId ?? '', Decision: 'site' },
      consent,
    )
    .catch(() => {})
  expect(vault.sites.origins).toEqual(['https://clinic.example'])
  const everything: unknown[] = []
  for (const name of allStores) everything.push(await vault.db.getAll(name))
  const text = JSON.stringify([everything, [...vault.local.items]], (_key, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  )
  expect(text).toContain('passphrase') // a slot's kind: the search does look at the rows
  for (const word of [
    'first',
    'second',
    'half-typed',
    'clinic',
    passphrase,
    'personal',
    'alias/',
  ]) {
    expect(text).not.toContain(word)
  }
})
