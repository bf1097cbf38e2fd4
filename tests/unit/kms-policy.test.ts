// Key policies: what is one, what it says of a request ("IAM JSON policy elements", "Policy evaluation
// logic"), and that nobody locks themselves out.

import { beforeAll, describe, expect, test } from 'vitest'
import { isLike } from '../../src/kms/policyConditions.ts'
import { parsePolicy } from '../../src/kms/policyDocument.ts'
import { evaluatePolicy } from '../../src/kms/policyEvaluation.ts'
import { KeyhearthError } from '../../src/protocol/errors.ts'
import { Background, page } from './background.ts'

const account = '111122223333'
const origin = 'https://app.example'
const key = `arn:aws:kms:browser-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`
const allowAll = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' }

const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })

function verdict(
  text: string,
  values: Record<string, string | string[]> = {},
  action = 'kms:Decrypt',
) {
  const lists = Object.entries(values).map(
    ([name, value]) => [name.toLowerCase(), [value].flat()] as const,
  )
  const request = { principals: [account, origin], action, resource: key, values: new Map(lists) }
  return evaluatePolicy(parsePolicy(text), request)?.effect ?? 'nothing'
}

describe('a statement speaks of a request', () => {
  const cases: readonly [string, object, string][] = [
    ['by account id', {}, 'Allow'],
    ['by root ARN', { Principal: { AWS: `arn:aws:iam::${account}:root` } }, 'Allow'],
    ['by origin', { Principal: { Federated: origin } }, 'Allow'],
    ['by one of several', { Principal: { AWS: ['444455556666', account] } }, 'Allow'],
    ['by *', { Principal: '*' }, 'Allow'],
    ['by AWS *', { Principal: { AWS: '*' } }, 'Allow'],
    ['not of another account', { Principal: { AWS: '444455556666' } }, 'nothing'],
    ['not of another origin', { Principal: { Federated: 'https://app.example:444' } }, 'nothing'],
    [
      'not where NotPrincipal names it',
      { Principal: undefined, NotPrincipal: { AWS: account } },
      'nothing',
    ],
    [
      'where NotPrincipal names another',
      { Principal: undefined, NotPrincipal: { AWS: '444455556666' } },
      'Allow',
    ],
    ['by action', { Action: ['kms:Encrypt', 'kms:Decrypt'] }, 'Allow'],
    ['by action in any case', { Action: 'KMS:decrypt' }, 'Allow'],
    ['by wildcard', { Action: 'kms:De?ry*' }, 'Allow'],
    ['by *', { Action: '*' }, 'Allow'],
    ['not of another action', { Action: 'kms:Encrypt' }, 'nothing'],
    ['not where NotAction names it', { Action: undefined, NotAction: 'kms:D*' }, 'nothing'],
    ['by resource', { Resource: key }, 'Allow'],
    ['by resource wildcard', { Resource: `arn:aws:kms:*:${account}:key/*` }, 'Allow'],
    ['not of another key', { Resource: `arn:aws:kms:browser-1:${account}:key/other` }, 'nothing'],
  ]
  test.each(cases)('%s', (_how, more, expected) => {
    expect(verdict(policy({ ...allowAll, ...more }))).toBe(expected)
  })

  test('a deny beats every allow, wherever it stands', () => {
    const deny = { ...allowAll, Effect: 'Deny', Action: 'kms:Decrypt' }
    expect(verdict(policy(allowAll, deny))).toBe('Deny')
    expect(verdict(policy(deny, allowAll))).toBe('Deny')
    expect(verdict(policy(deny, allowAll), {}, 'kms:Encrypt')).toBe('Allow')
  })
})

describe('a condition', () => {
  const context = {
    'kms:EncryptionContext:Purpose': 'Mail',
    'kms:EncryptionContextKeys': ['Purpose', 'to'],
  }
  const cases: readonly [string, object, boolean][] = [
    ['StringEquals', { 'kms:EncryptionContext:Purpose': 'Mail' }, true],
    ['StringEquals', { 'kms:encryptioncontext:purpose': 'Mail' }, true],
    ['StringEquals', { 'kms:EncryptionContext:Purpose': 'mail' }, false],
    ['StringEquals', { 'kms:EncryptionContext:Purpose': ['x', 'Mail'] }, true],
    ['StringEquals', { 'kms:EncryptionContext:None': 'x' }, false],
    ['StringEqualsIfExists', { 'kms:EncryptionContext:None': 'x' }, true],
    ['StringNotEquals', { 'kms:EncryptionContext:Purpose': 'Mail' }, false],
    ['StringNotEquals', { 'kms:EncryptionContext:Purpose': 'x' }, true],
    ['StringNotEquals', { 'kms:EncryptionContext:None': 'x' }, true],
    ['StringEqualsIgnoreCase', { 'kms:EncryptionContext:Purpose': 'mAIL' }, true],
    ['StringNotEqualsIgnoreCase', { 'kms:EncryptionContext:Purpose': 'mAIL' }, false],
    ['StringLike', { 'kms:EncryptionContext:Purpose': 'M*l' }, true],
    ['StringLike', { 'kms:EncryptionContext:Purpose': 'M?l' }, false],
    ['StringNotLike', { 'kms:EncryptionContext:Purpose': 'M*' }, false],
    ['Null', { 'kms:EncryptionContext:Purpose': 'false' }, true],
    ['Null', { 'kms:EncryptionContext:None': 'true' }, true],
    ['Null', { 'kms:EncryptionContext:None': false }, false],
    ['ForAllValues:StringEquals', { 'kms:EncryptionContextKeys': ['Purpose', 'to', 'cc'] }, true],
    ['ForAllValues:StringEquals', { 'kms:EncryptionContextKeys': ['Purpose'] }, false],
    ['ForAllValues:StringEquals', { 'kms:GrantOperations': ['Encrypt'] }, true],
    ['ForAnyValue:StringEquals', { 'kms:EncryptionContextKeys': ['to'] }, true],
    ['ForAnyValue:StringEquals', { 'kms:EncryptionContextKeys': ['TO'] }, false],
    ['ForAnyValue:StringEquals', { 'kms:GrantOperations': ['Encrypt'] }, false],
    ['Bool', { 'kms:MultiRegion': 'false' }, true],
    ['Bool', { 'kms:MultiRegion': true }, false],
    ['NumericLessThanEquals', { 'kms:ScheduleDeletionPendingWindowInDays': '10' }, true],
    ['NumericGreaterThan', { 'kms:ScheduleDeletionPendingWindowInDays': '10' }, false],
    ['DateLessThan', { 'aws:CurrentTime': '2027-01-01T00:00:00Z' }, true],
    ['DateGreaterThan', { 'aws:CurrentTime': '2027-01-01' }, false],
    ['StringEquals', { 'kms:ViaService': 'keyhearth.browser-1.amazonaws.com' }, true],
    ['StringEquals', { 'keyhearth:Origin': origin }, true],
    ['StringLike', { 'keyhearth:Origin': 'https://*.example' }, true],
    ['ArnLike', { 'aws:PrincipalArn': `arn:aws:iam::${account}:*` }, true],
  ]
  const values = {
    ...context,
    'kms:MultiRegion': 'false',
    'kms:ScheduleDeletionPendingWindowInDays': '10',
    'aws:CurrentTime': '2026-11-24T03:00:00.000Z',
    'kms:ViaService': 'keyhearth.browser-1.amazonaws.com',
    'keyhearth:Origin': origin,
    'aws:PrincipalArn': `arn:aws:iam::${account}:root`,
  }
  test.each(cases)('%s %j', (operator, wanted, expected) => {
    const text = policy({ ...allowAll, Condition: { [operator]: wanted } })
    expect(verdict(text, values)).toBe(expected ? 'Allow' : 'nothing')
  })

  test('all conditions of a statement must hold', () => {
    const both = {
      StringEquals: {
        'kms:EncryptionContext:Purpose': 'Mail',
        'keyhearth:Origin': 'https://x.example',
      },
    }
    expect(verdict(policy({ ...allowAll, Condition: both }), values)).toBe('nothing')
  })
})

describe('is no policy', () => {
  const statement = (more: object) => policy({ ...allowAll, ...more })
  const cases: readonly [string, string][] = [
    ['nothing', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['an empty list of statements', policy()],
    ['another version', JSON.stringify({ Version: '2020-01-01', Statement: [allowAll] })],
    ['an unknown member', JSON.stringify({ Statement: [allowAll], Extra: 1 })],
    ['an unknown member of a statement', statement({ Effekt: 'Allow' })],
    ['no effect', statement({ Effect: undefined })],
    ['another effect', statement({ Effect: 'allow' })],
    ['no principal', statement({ Principal: undefined })],
    ['both principals', statement({ NotPrincipal: '*' })],
    ['an empty principal', statement({ Principal: {} })],
    ['a user', statement({ Principal: { AWS: `arn:aws:iam::${account}:user/a` } })],
    ['a service', statement({ Principal: { Service: 's3.amazonaws.com' } })],
    ['a path for an origin', statement({ Principal: { Federated: 'https://app.example/' } })],
    ['another service’s action', statement({ Action: 's3:GetObject' })],
    ['no action', statement({ Action: [] })],
    ['a number for an action', statement({ Action: 1 })],
    ['no resource', statement({ Resource: undefined })],
    ['an unknown operator', statement({ Condition: { StringMatches: { 'kms:ViaService': 'x' } } })],
    ['an unknown key', statement({ Condition: { StringEquals: { 'aws:SourceIp': '1.2.3.4' } } })],
    [
      'Null with a set operator',
      statement({ Condition: { 'ForAnyValue:Null': { 'kms:ViaService': 'true' } } }),
    ],
    ['a Bool that is none', statement({ Condition: { Bool: { 'kms:MultiRegion': 'yes' } } })],
    [
      'a number that is none',
      statement({ Condition: { NumericEquals: { 'kms:MultiRegion': 'x' } } }),
    ],
    ['an object for a value', statement({ Condition: { StringEquals: { 'kms:ViaService': {} } } })],
    [
      'a policy variable',
      statement({ Resource: 'arn:aws:kms:*:*:key/$'.concat('{aws:username}') }),
    ],
    [
      '__proto__',
      policy(allowAll)
        .replace('"Sid"', '"__proto__"')
        .replace('{"Effect"', '{"__proto__":{},"Effect"'),
    ],
    ['characters beyond Latin-1', statement({ Sid: '\u{1f511}' })],
    ['more than 32 KiB', statement({ Sid: 'a' }) + ' '.repeat(32 * 1024)],
  ]
  test.each(cases)('%s', (_what, text) => {
    expect(() => parsePolicy(text)).toThrow(expect.objectContaining({ reason: 'policy-malformed' }))
    try {
      parsePolicy(text)
    } catch (error) {
      expect(error).toBeInstanceOf(KeyhearthError)
    }
  })
})

test('wildcards take no longer than text times pattern', () => {
  const started = performance.now()
  expect(isLike('a'.repeat(8000), `${'*a'.repeat(1000)}b`)).toBe(false)
  expect(performance.now() - started).toBeLessThan(1000)
  expect(isLike('', '*')).toBe(true)
  expect(isLike('', '?')).toBe(false)
  expect(isLike('abc', 'a*b*c')).toBe(true)
  expect(isLike('a.c', 'a?c')).toBe(true)
})

describe('through the operations', () => {
  let background: Background
  let KeyId: string
  beforeAll(async () => {
    background = await Background.withVault()
    KeyId = (await background.call('kms:CreateKey', {})).KeyMetadata.KeyId
  })
  const person = async () =>
    (await background.call('kms:DescribeKey', { KeyId })).KeyMetadata.AWSAccountId

  test('a new key has AWS’s default policy', async () => {
    const { Policy, PolicyName } = await background.call('kms:GetKeyPolicy', { KeyId })
    expect(PolicyName).toBe('default')
    expect(JSON.parse(Policy)).toMatchObject({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${await person()}:root` },
          Action: 'kms:*',
        },
      ],
    })
    expect((await background.call('kms:ListKeyPolicies', { KeyId })).PolicyNames).toEqual([
      'default',
    ])
    expect(await background.refusal('kms:GetKeyPolicy', { KeyId, PolicyName: 'other' })).toBe(
      'policy-not-found',
    )
  })

  test('a policy that shuts its writer out is refused, unless they say so; the person comes back in', async () => {
    const stranger = policy({ ...allowAll, Principal: { Federated: 'https://else.example' } })
    expect(await background.refusal('kms:PutKeyPolicy', { KeyId, Policy: stranger })).toBe(
      'policy-lockout',
    )
    expect(await background.refusal('kms:CreateKey', { Policy: stranger })).toBe('policy-lockout')
    const bypassed = { KeyId, Policy: stranger, BypassPolicyLockoutSafetyCheck: true }
    await background.call('kms:PutKeyPolicy', bypassed)
    const Plaintext = new Uint8Array(8)
    expect(await background.refusal('kms:Encrypt', { KeyId, Plaintext })).toBe('not-allowed')
    const own = policy({ ...allowAll, Principal: { AWS: await person() } })
    await background.call('kms:PutKeyPolicy', {
      KeyId,
      Policy: own,
      BypassPolicyLockoutSafetyCheck: true,
    })
    expect(await background.refusal('kms:Encrypt', { KeyId, Plaintext })).toBe('none')
  })

  test('a refused policy changes nothing', async () => {
    const before = await background.call('kms:GetKeyPolicy', { KeyId })
    expect(await background.refusal('kms:PutKeyPolicy', { KeyId, Policy: '{}' })).toBe(
      'policy-malformed',
    )
    expect(await background.call('kms:GetKeyPolicy', { KeyId })).toEqual(before)
  })

  test('a page is let in by name, for what is named, under its conditions', async () => {
    const site = page(origin)
    const request = await background.requests.add(site, 'connect', ['messages', 'keys'], Date.now())
    const decision = { RequestId: request.RequestId, Decision: 'site' } as const
    await background.call('keyhearth:DecideRequest', decision, { kind: 'person', page: 'consent' })
    const { Arn } = (await background.call('kms:DescribeKey', { KeyId })).KeyMetadata
    const Policy = policy(
      { ...allowAll, Principal: { AWS: await person() } },
      {
        Sid: 'mail',
        Effect: 'Allow',
        Principal: { Federated: origin },
        Action: ['kms:Encrypt', 'kms:ScheduleKeyDeletion'],
        Resource: '*',
        Condition: { StringEquals: { 'kms:EncryptionContext:purpose': 'mail' } },
      },
    )
    await background.call('kms:PutKeyPolicy', { KeyId, Policy })
    const Plaintext = new Uint8Array(8)
    const encrypt = (EncryptionContext: object) =>
      background.refusal('kms:Encrypt', { KeyId: Arn, Plaintext, EncryptionContext }, site)
    expect(await encrypt({ purpose: 'mail', to: 'x' })).toBe('none')
    expect(await encrypt({ purpose: 'chat' })).toBe('not-allowed')
    expect(await encrypt({})).toBe('not-allowed')
    // What AWS lets only a key's own account do, no policy gives away.
    expect(await background.refusal('kms:ScheduleKeyDeletion', { KeyId: Arn }, site)).toBe(
      'not-allowed',
    )
    const explain = (EncryptionContext: Record<string, string>) =>
      background.call('keyhearth:ExplainAccess', {
        KeyId,
        Operation: 'kms:Encrypt',
        Origin: origin,
        EncryptionContext,
      })
    expect(await explain({ purpose: 'mail' })).toEqual({
      Allowed: true,
      Reason: { Kind: 'policy-allows', Statement: 'mail' },
    })
    expect(await explain({})).toEqual({ Allowed: false, Reason: { Kind: 'nothing-allows' } })
  })
})
