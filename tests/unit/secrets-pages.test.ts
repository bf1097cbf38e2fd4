// Secrets Manager API reference, NextToken: lists longer than a page, while what they list comes and goes.

import { describe, expect, test } from 'vitest'
import { encodeBase64Url, encodeUtf8 } from '../../src/codec/text.ts'
import type { Input } from '../../src/protocol/schemas.ts'
import { Background } from './background.ts'

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

async function withSecrets() {
  const vault = await Background.withVault()
  for (const Name of names) {
    await vault.call('secretsmanager:CreateSecret', { Name, SecretString: `value of ${Name}` })
  }
  return vault
}

const destroy = (vault: Background, SecretId: string) =>
  vault.call('secretsmanager:DeleteSecret', { SecretId, ForceDeleteWithoutRecovery: true })

interface Page {
  readonly found: readonly string[]
  readonly NextToken?: string
}

/** Page after page, each done something to before the next is asked for. */
async function walk(
  ask: (from: { NextToken?: string }) => Promise<Page>,
  between: (found: readonly string[]) => Promise<unknown>,
): Promise<readonly string[][]> {
  const pages: string[][] = []
  let from: { NextToken?: string } = {}
  for (;;) {
    const { found, NextToken } = await ask(from)
    pages.push([...found])
    if (NextToken === undefined) return pages
    from = { NextToken }
    await between(found)
  }
}

const listing =
  (vault: Background, input: Input<'secretsmanager:ListSecrets'>) =>
  async (from: { NextToken?: string }): Promise<Page> => {
    const { SecretList, ...next } = await vault.call('secretsmanager:ListSecrets', {
      ...input,
      ...from,
    })
    return { found: SecretList.map(({ Name }) => Name), ...next }
  }

describe('a list whose entries go meanwhile skips none and tells none twice:', () => {
  const sorts = [
    { SortBy: 'created-date' },
    { SortBy: 'last-changed-date', SortOrder: 'asc' },
    { SortBy: 'last-accessed-date', SortOrder: 'asc' },
    { SortBy: 'name', SortOrder: 'asc' },
    { SortBy: 'name', SortOrder: 'desc' },
  ] as const

  test.each(sorts)('ListSecrets %o', async (sort) => {
    const vault = await withSecrets()
    const all = (await listing(vault, sort)({})).found
    const pages = await walk(listing(vault, { ...sort, MaxResults: 3 }), async (found) => {
      for (const name of found) await destroy(vault, name)
    })
    expect(pages).toEqual([all.slice(0, 3), all.slice(3, 6), all.slice(6)])
  })

  test('ListSecrets, in which the very entry of the token goes, and others come before it', async () => {
    const vault = await withSecrets()
    const input = { SortBy: 'name', SortOrder: 'asc', MaxResults: 2 } as const
    const pages = await walk(listing(vault, input), async (found) => {
      const last = found.at(-1) ?? ''
      await destroy(vault, last)
      await vault.call('secretsmanager:CreateSecret', { Name: `A${last}` })
    })
    expect(pages.flat()).toEqual(names)
  })

  test('BatchGetSecretValue with filters', async () => {
    const vault = await withSecrets()
    const ask = async (from: { NextToken?: string }) => {
      const { SecretValues, Errors, ...next } = await vault.call(
        'secretsmanager:BatchGetSecretValue',
        { Filters: [{ Key: 'name', Values: ['!d'] }], MaxResults: 2, ...from },
      )
      expect(Errors).toEqual([])
      return { found: SecretValues.map(({ Name }) => Name), ...next }
    }
    const pages = await walk(ask, async (found) => {
      for (const name of found) await destroy(vault, name)
    })
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 2])
    expect(pages.flat().sort()).toEqual(names.filter((name) => name !== 'd'))
  })

  test('BatchGetSecretValue with a list', async () => {
    const vault = await withSecrets()
    const SecretIdList = ['g', 'a', 'nobody', 'a', 'c']
    const ask = async (from: { NextToken?: string }) => {
      const { SecretValues, Errors, ...next } = await vault.call(
        'secretsmanager:BatchGetSecretValue',
        { SecretIdList, MaxResults: 2, ...from },
      )
      return {
        found: [
          ...SecretValues.map(({ Name }) => Name),
          ...Errors.map(({ SecretId, ErrorCode }) => `${SecretId} ${ErrorCode}`),
        ],
        ...next,
      }
    }
    const pages = await walk(ask, async () => destroy(vault, 'g'))
    expect(pages).toEqual([['g', 'a'], ['a', 'nobody ResourceNotFoundException'], ['c']])
  })

  test('ListSecretVersionIds', async () => {
    const vault = await Background.withVault()
    const SecretId = 'a'
    await vault.call('secretsmanager:CreateSecret', { Name: SecretId })
    const stage = (i: number) => `label-${i}`
    for (let i = 0; i < 7; i++) {
      const put = { SecretId, SecretString: `${i}`, VersionStages: [stage(i)] }
      await vault.call('secretsmanager:PutSecretValue', put)
    }
    const labels = new Map<string, string>()
    const ask = async (from: { NextToken?: string }) => {
      const { Versions, NextToken } = await vault.call('secretsmanager:ListSecretVersionIds', {
        SecretId,
        MaxResults: 3,
        ...from,
      })
      for (const { VersionId, VersionStages } of Versions) {
        labels.set(VersionId, VersionStages.find((one) => one.startsWith('label')) ?? '')
      }
      const found = Versions.map(({ VersionId }) => VersionId)
      return { found, ...(NextToken === undefined ? {} : { NextToken }) }
    }
    const pages = await walk(ask, async (found) => {
      for (const id of found) {
        await vault.call('secretsmanager:UpdateSecretVersionStage', {
          SecretId,
          VersionStage: labels.get(id) ?? '',
          RemoveFromVersionId: id,
        })
      }
    })
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1])
    expect(pages.flat().map((id) => labels.get(id))).toEqual(expect.arrayContaining([stage(6)]))
    expect(new Set(pages.flat()).size).toBe(7)
  })
})

describe('InvalidNextToken', () => {
  const made = (value: unknown) => encodeBase64Url(encodeUtf8(JSON.stringify(value)))
  const wrong = [
    'no base64url!',
    'AAAA',
    made(null),
    made('text'),
    made([]),
    made(['secrets by created-date, asc', 1]),
    made(['secrets by created-date, asc', null, 'id']),
    made(['secrets by created-date, asc', 1, 2]),
    made(['secrets by created-date, asc', 1, 'id', 'more']),
    made(['versions of another list', 1, 'id']),
    encodeBase64Url(encodeUtf8('from 2')),
  ]

  test.each(wrong)('for what was never given out: %s', async (NextToken) => {
    const vault = await Background.withVault()
    await vault.call('secretsmanager:CreateSecret', { Name: 'a', SecretString: 'x' })
    const refusals = [
      await vault.refusal('secretsmanager:ListSecrets', { NextToken }),
      await vault.refusal('secretsmanager:ListSecretVersionIds', { SecretId: 'a', NextToken }),
      await vault.refusal('secretsmanager:BatchGetSecretValue', { SecretIdList: ['a'], NextToken }),
      await vault.refusal('secretsmanager:BatchGetSecretValue', { Filters: [], NextToken }),
    ]
    expect(new Set(refusals)).toEqual(new Set(['secret-next-token']))
  })

  test('for the token of another list, or of another order', async () => {
    const vault = await withSecrets()
    const { NextToken = '' } = await vault.call('secretsmanager:ListSecrets', {
      SortBy: 'name',
      SortOrder: 'asc',
      MaxResults: 2,
    })
    const used = (input: object) =>
      vault.refusal('secretsmanager:ListSecrets', { NextToken, ...input })
    expect(await used({ SortBy: 'name', SortOrder: 'asc' })).toBe('none')
    expect(await used({ SortBy: 'name', SortOrder: 'desc' })).toBe('secret-next-token')
    expect(await used({})).toBe('secret-next-token')
    const versions = { SecretId: 'a', NextToken }
    expect(await vault.refusal('secretsmanager:ListSecretVersionIds', versions)).toBe(
      'secret-next-token',
    )
  })
})
