// Key policies in the form, and grants: what the form shows whole it writes back as it was; what it cannot
// show whole it leaves alone.

import * as v from 'valibot'
import { expect, test } from 'vitest'
import { inputs } from '../../src/protocol/schemas.ts'
import {
  blankGrant,
  type GrantForm,
  grantProblem,
  grantRequest,
  readGrantForm,
  readSiteName,
  regrantRequest,
} from '../../src/ui/grantForm.ts'
import {
  defaultPolicy,
  groupOf,
  jsonProblem,
  readPolicy,
  writePolicy,
} from '../../src/ui/policyForm.ts'

const account = '111111111111'
const statement = {
  Sid: 'a',
  Effect: 'Allow',
  Principal: { Federated: 'https://mail.example.com' },
  Action: ['kms:Encrypt', 'kms:Decrypt'],
  Resource: '*',
}
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })

test('the default policy is one statement: the owner may do everything', () => {
  expect(readPolicy(defaultPolicy(account), account)).toEqual([
    {
      id: 'Enable IAM User Permissions',
      effect: 'Allow',
      who: { kind: 'owner' },
      actions: ['kms:*'],
    },
  ])
})

test.each([
  [statement],
  [{ ...statement, Effect: 'Deny', Principal: '*' }],
  [{ ...statement, Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Action: 'kms:*' }],
])('%j comes back as it was', (one) => {
  const read = readPolicy(policy(one), account)
  expect(JSON.parse(writePolicy(read ?? [], account))).toEqual(JSON.parse(policy(one)))
})

test.each([
  ['a condition', { Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }],
  ['everything but', { Action: undefined, NotAction: 'kms:Decrypt' }],
  ['everyone but', { Principal: undefined, NotPrincipal: { AWS: account } }],
  ['two principals', { Principal: { AWS: [account, '222222222222'] } }],
  ['principals of two kinds', { Principal: { AWS: account, Federated: 'https://a.example' } }],
  ['another resource', { Resource: 'arn:aws:kms:browser-1:111111111111:key/x' }],
  ['an unknown member', { Notes: 'x' }],
  ['an unknown effect', { Effect: 'Perhaps' }],
])('%s is for JSON, not for the form', (_what, part) => {
  expect(readPolicy(policy(statement, { ...statement, ...part }), account)).toBeNull()
})

test('a policy of another version, or with unknown members, is not for the form', () => {
  expect(readPolicy('{"Version":"2008-10-17","Statement":[]}', account)).toBeNull()
  expect(readPolicy('{"Version":"2012-10-17","Statement":[],"X":1}', account)).toBeNull()
})

test('the line where JSON ends to be JSON is named', () => {
  expect(jsonProblem('{\n  "a": 1,\n  b: 2\n}')).toEqual({ line: 3 })
  expect(jsonProblem('{\n"a": [1,')).toEqual({ line: 2 })
  expect(jsonProblem('{}')).toBeNull()
})

test('actions are shown as the group that is just these, in any order', () => {
  expect(groupOf(['kms:*'])).toBe('all')
  expect(groupOf(['kms:GenerateDataKey*', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:Encrypt'])).toBe(
    'use',
  )
  expect(groupOf(['kms:Encrypt', 'kms:Decrypt'])).toBeNull()
})

test.each([
  ['https://mail.example.com', 'https://mail.example.com'],
  ['mail.example.com', 'https://mail.example.com'],
  [' https://MAIL.example.com/ ', 'https://mail.example.com'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['ads.example in mail.example.com', 'https://ads.example in https://mail.example.com'],
  ['mail.example.com in mail.example.com', null],
  ['a.example in b.example in c.example', null],
  ['https://mail.example.com/inbox', null],
  ['ftp://files.example.com', null],
  ['', null],
  ['not a site', null],
])('“%s” names the site %s', (text, origin) => {
  expect(readSiteName(text)).toBe(origin)
})

const form = { ...blankGrant('ENCRYPT_DECRYPT'), origin: 'mail.example.com' }

test('what is wrong with a grant is named', () => {
  expect(grantProblem(form, 0)).toBeNull()
  expect(grantProblem({ ...form, origin: 'x y' }, 0)).toBe('origin')
  expect(grantProblem({ ...form, operations: [] }, 0)).toBe('operations')
  for (const uses of ['0', '-1', '1.5', 'many', '1000000']) {
    expect(grantProblem({ ...form, uses }, 0)).toBe('uses')
  }
  expect(grantProblem({ ...form, until: '2020-01-01T00:00' }, Date.now())).toBe('until')
  expect(grantProblem({ ...form, until: 'soon' }, 0)).toBe('until')
})

test('the form’s request is what CreateGrant takes, and a revoked grant can be made anew', () => {
  const KeyId = '12345678-0000-4000-8000-000000000000'
  const limits = { uses: '5', until: '2099-01-01T12:00', ask: true }
  const request = grantRequest(KeyId, { ...form, ...limits, exact: true }, { project: 'hearth' })
  expect(request).toEqual({
    KeyId,
    GranteePrincipal: 'https://mail.example.com',
    Operations: ['Encrypt'],
    Constraints: { EncryptionContextEquals: { project: 'hearth' } },
    Uses: 5,
    ExpiresAt: Date.parse('2099-01-01T12:00') / 1000,
    AskEachTime: true,
  })
  expect(v.safeParse(inputs['kms:CreateGrant'], request).success).toBe(true)
  const { Uses: UsesLeft = 0, ...kept } = request
  const listed = { ...kept, UsesLeft, GrantId: 'g', CreationDate: 0, IssuingAccount: account }
  expect(regrantRequest(listed as never)).toEqual(request)
})

test('a site gets what is decrypted only where the form says so', () => {
  const asked = (operations: GrantForm['operations'], plaintext: boolean) =>
    grantRequest('k', { ...form, operations, plaintext }, {}).MaySeePlaintext
  expect(asked(['Encrypt', 'Decrypt'], false)).toBe(false)
  expect(asked(['GenerateDataKey'], false)).toBe(false)
  expect(asked(['Encrypt', 'Decrypt'], true)).toBeUndefined()
  expect(
    asked(['Encrypt', 'ReEncryptFrom', 'GenerateDataKeyWithoutPlaintext'], false),
  ).toBeUndefined()
  const hidden = grantRequest('k', { ...form, operations: ['Decrypt'] }, {})
  expect(regrantRequest({ ...hidden, KeyId: 'k' } as never)).toMatchObject({
    MaySeePlaintext: false,
  })
})

test('hashes are signed without asking only where the form offers it, and says so', () => {
  const asked = (part: Partial<GrantForm>) =>
    grantRequest('k', { ...form, operations: ['Sign'], ask: false, ...part }, {}).MaySignHashes
  expect(asked({})).toBeUndefined()
  expect(asked({ hashes: true })).toBe(true)
  expect(asked({ hashes: true, ask: true })).toBeUndefined()
  expect(asked({ hashes: true, operations: ['Verify'] })).toBeUndefined()
  const told = grantRequest('k', { ...form, operations: ['Sign'], ask: false, hashes: true }, {})
  expect(regrantRequest({ ...told, KeyId: 'k' } as never)).toMatchObject({ MaySignHashes: true })
})

test('a draft of a grant that is none is not used', () => {
  for (const kept of [null, 7, { origin: 7 }, { operations: 'Encrypt' }]) {
    expect(readGrantForm('ENCRYPT_DECRYPT', kept)).toBeNull()
  }
})
