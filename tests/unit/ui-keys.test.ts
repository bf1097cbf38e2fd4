// The list of keys and the form for a new one: whose a key is, what it is called, what is found, and what
// the form asks of KMS.

import * as v from 'valibot'
import { expect, test } from 'vitest'
import type { KeySummary, Site } from '../../src/protocol/outputs.ts'
import { inputs } from '../../src/protocol/schemas.ts'
import { aliasProblem, blankKeyForm, keyRequest, readKeyForm } from '../../src/ui/keyForm.ts'
import { matchKeys, rowOf, searchable, sortKeys } from '../../src/ui/keyList.ts'

const own = '111111111111'
const site: Site = {
  Origin: 'https://mail.example.com',
  AccountId: '222222222222',
  Rights: ['keys'],
  AllowedAt: 0,
  OnceRights: [],
  Grants: 0,
  LastUsedAt: null,
  Uses: 0,
}

const summary = (part: Partial<KeySummary>): KeySummary => ({
  AWSAccountId: own,
  KeyId: '12345678-0000-4000-8000-000000000000',
  Arn: 'arn:aws:kms:browser-1:111111111111:key/12345678-0000-4000-8000-000000000000',
  CreationDate: 0,
  Description: '',
  KeySpec: 'SYMMETRIC_DEFAULT',
  KeyUsage: 'ENCRYPT_DECRYPT',
  KeyState: 'Enabled',
  Aliases: [],
  LastUsedAt: null,
  ...part,
})
const row = (part: Partial<KeySummary>) => rowOf(summary(part), own, [site])

test('a key is called by its alias, else its description, else the beginning of its id', () => {
  expect(row({ Aliases: ['alias/a/b', 'alias/c'], Description: 'd' }).name).toBe('a/b')
  expect(row({ Description: 'Backups' }).name).toBe('Backups')
  expect(row({}).name).toBe('12345678')
})

test('a key is the person’s, a connected site’s, or of a site that is gone', () => {
  expect(row({}).owner).toEqual({ kind: 'you' })
  expect(row({ AWSAccountId: site.AccountId }).owner).toEqual({
    kind: 'site',
    origin: site.Origin,
  })
  expect(row({ AWSAccountId: '333333333333' }).owner).toEqual({ kind: 'gone' })
})

test('all words typed must be found, in any case, also in what is only shown', () => {
  const all = [row({ Aliases: ['alias/Invoices'] }), row({ Description: 'Old invoices of 2020' })]
  const find = (query: string) =>
    matchKeys(all, query, (key) => searchable(key, 'Enabled')).map(({ name }) => name)
  expect(find('')).toHaveLength(2)
  expect(find('INVOICES')).toHaveLength(2)
  expect(find('invoices 2020 enabled')).toEqual(['Old invoices of 2020'])
  expect(find('nothing')).toEqual([])
  expect(find('12345678-0000')).toHaveLength(2)
  expect(find('12')).toEqual([])
})

test('sorting goes both ways, numbers as numbers, and by name where the rest is the same', () => {
  const all = ['key 10', 'key 9', 'Key 2'].map((Description) => row({ Description, LastUsedAt: 5 }))
  const names = (column: 'name' | 'used', down: boolean) =>
    sortKeys(all, column, down, (key) => key.name).map(({ name }) => name)
  expect(names('name', false)).toEqual(['Key 2', 'key 9', 'key 10'])
  expect(names('name', true)).toEqual(['key 10', 'key 9', 'Key 2'])
  expect(names('used', true)).toEqual(['Key 2', 'key 9', 'key 10'])
})

test.each([
  ['invoices/2027', null],
  ['with space', 'characters'],
  ['', 'characters'],
  ['x'.repeat(251), 'characters'],
  ['aws/s3', 'reserved'],
  ['folder/', 'slash'],
  ['there', 'taken'],
])('as an alias, “%s” is %s', (alias, problem) => {
  expect(aliasProblem(alias, ['alias/there'])).toBe(problem)
})

test('what the form asks is what CreateKey takes', () => {
  const request = keyRequest({
    ...blankKeyForm,
    spec: 'RSA_3072',
    usage: 'SIGN_VERIFY',
    description: 'd',
    tags: [
      ['project', 'hearth'],
      ['', 'left empty'],
    ],
    multiRegion: true,
    importing: true,
  })
  expect(request).toEqual({
    KeySpec: 'RSA_3072',
    KeyUsage: 'SIGN_VERIFY',
    Description: 'd',
    Tags: [{ TagKey: 'project', TagValue: 'hearth' }],
    MultiRegion: true,
    Origin: 'EXTERNAL',
  })
  expect(v.safeParse(inputs['kms:CreateKey'], request).success).toBe(true)
  expect(v.safeParse(inputs['kms:CreateKey'], keyRequest(blankKeyForm)).success).toBe(true)
})

test('a draft that is none is not used', () => {
  for (const kept of [null, 'text', { spec: 'ROT13' }, { alias: 7 }, { tags: 'x' }]) {
    expect(readKeyForm(kept)).toBeNull()
  }
  expect(readKeyForm({ alias: 'kept' })).toEqual({ ...blankKeyForm, alias: 'kept' })
})
